"""What exactly backers get, in fields that machines can compare."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from campaigns.blocks.facts import FACTS
from cms.images.streams import ToldBlock

AGES = [("all", _("For all ages")), ("6", "6+"), ("12", "12+"), ("16", "16+"), ("18", "18+")]


def _age() -> blocks.ChoiceBlock:
    return blocks.ChoiceBlock(choices=AGES, label=_("Age rating"), default="all")


def _count(label: Any, **kwargs: Any) -> blocks.IntegerBlock:
    return blocks.IntegerBlock(label=label, required=False, **{"min_value": 1, "max_value": 100_000, **kwargs})


def _text(label: Any, **kwargs: Any) -> blocks.CharBlock:
    return blocks.CharBlock(label=label, max_length=120, required=False, **kwargs)


class PropertyBlock(blocks.StructBlock):
    """A property with its value."""

    name = blocks.CharBlock(label=_("Property"), max_length=60)
    value = blocks.CharBlock(label=_("Value"), max_length=160)

    class Meta:
        icon = "list-ul"
        label = _("Property")
        label_format = "{name}: {value}"


def _more() -> blocks.ListBlock:
    return blocks.ListBlock(PropertyBlock(), label=_("More properties"), default=[], max_num=30)


class SpecBlock(ToldBlock):
    """Any product."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    items = blocks.ListBlock(PropertyBlock(), label=_("Properties"), min_num=1, max_num=40)

    class Meta:
        icon = "clipboard-list"
        group = FACTS
        label = _("Specification")
        template = "blocks/spec.html"
        description = _("Properties with their values: size, weight, material, what is in the box.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            items = [(_("Weight"), "17 g"), (_("Battery"), _("14 days"))]
            return {"title": "", "items": [{"name": str(name), "value": str(value)} for name, value in items]}


class ArtbookSpecBlock(ToldBlock):
    """A book of pictures."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    pages = _count(_("Pages"))
    size = _text(_("Format"), help_text=_("Width × height, for example 210 × 297 mm."))
    paper = _text(_("Paper"))
    binding = _text(_("Binding"))
    language = _text(_("Language of the text"))
    age_rating = _age()
    more = _more()

    class Meta:
        icon = "openquote"
        group = FACTS
        label = _("Specification of an artbook")
        template = "blocks/spec.html"
        description = _("Pages, format, paper, binding and age rating of a printed book.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {
                "title": "", "pages": 144, "size": "210 × 280 mm", "paper": str(_("Uncoated, 140 g")),
                "binding": str(_("Thread-sewn")), "language": "", "age_rating": "all", "more": [],
            }  # fmt: skip


class FigureSpecBlock(ToldBlock):
    """A figure or a kit."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    scale = _text(_("Scale"), help_text=_("For example 1/7."))
    height_mm = _count(_("Height in mm"), max_value=5_000)
    material = _text(_("Material"))
    parts = _count(_("Parts"), max_value=5_000)
    painted = blocks.ChoiceBlock(
        choices=[("painted", _("Painted")), ("kit", _("Kit, unpainted")), ("partly", _("Partly painted"))],
        label=_("Finish"), required=False,
    )  # fmt: skip
    license = _text(_("Licensed by"), help_text=_("Who holds the rights to the character; empty for your own."))
    age_rating = _age()
    more = _more()

    class Meta:
        icon = "pick"
        group = FACTS
        label = _("Specification of a figure")
        template = "blocks/spec.html"
        description = _("Scale, height, material, parts, licence and age rating of a figure or a kit.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {
                "title": "", "scale": "1/7", "height_mm": 245, "material": str(_("Resin")), "parts": 34,
                "painted": "kit", "license": "", "age_rating": "16", "more": [],
            }  # fmt: skip


class GameSpecBlock(ToldBlock):
    """A game, on a table or a screen."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    players_min = _count(_("Players at least"), max_value=1_000)
    players_max = _count(_("Players at most"), max_value=1_000)
    minutes = _count(_("Minutes a game"), max_value=10_000)
    platform = _text(_("Played on"), help_text=_("A table, Windows, a phone…"))
    language = _text(_("Language of the text"))
    age_rating = _age()
    more = _more()

    class Meta:
        icon = "cogs"
        group = FACTS
        label = _("Specification of a game")
        template = "blocks/spec.html"
        description = _("Players, minutes, platform, language and age rating of a game.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {
                "title": "", "players_min": 2, "players_max": 4, "minutes": 45, "platform": str(_("A table")),
                "language": "", "age_rating": "12", "more": [],
            }  # fmt: skip
