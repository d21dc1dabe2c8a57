"""Who makes it, when, and how far it has come."""

from itertools import pairwise
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.core.blocks import TextBlock
from cms.core.shaping import HTML, MAYBE_DATE, MAYBE_NUMBER, TEXT, Gatherer, Schema, entries, record
from cms.images.blocks import PictureChooserBlock
from cms.images.blocks.choosing import MAYBE_PICTURE
from cms.images.samples import sample_picture
from cms.images.streams import ToldBlock

MAKING = _("People and progress")
MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"
PROGRESS = [("done", _("Done")), ("now", _("Under way")), ("planned", _("Planned"))]
STAGES = [
    ("idea", _("Idea")), ("design", _("Design")), ("prototype", _("Prototype")), ("tooling", _("Tooling")),
    ("testing", _("Testing")), ("production", _("Production")), ("packing", _("Packing")), ("shipping", _("Shipping")),
]  # fmt: skip


class MonthBlock(blocks.RegexBlock):
    """A month, as browsers write it: 2027-06."""

    def __init__(self, **kwargs: Any) -> None:
        given = {
            "regex": MONTH, "error_messages": {"invalid": _("Enter a month as 2027-06.")},
            "help_text": _("For example 2027-06."), **kwargs,
        }  # fmt: skip
        super().__init__(**given)
        self.field.widget = forms.TextInput(attrs={"type": "month", "placeholder": "2027-06"})

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Migrations need no more than what it is."""
        return ("wagtail.blocks.RegexBlock", (), {"regex": MONTH})


class StepBlock(blocks.StructBlock):
    """One step of a plan."""

    month = MonthBlock(label=_("Month"))
    title = blocks.CharBlock(label=_("What"), max_length=120)
    text = blocks.TextBlock(label=_("In a sentence or two"), max_length=400, required=False, rows=2)
    progress = blocks.ChoiceBlock(choices=PROGRESS, label=_("How far"), default="planned")

    class Meta:
        icon = "date"
        label = _("Step")
        label_format = "{month} {title}"


class TimelineBlock(ToldBlock):
    """From the first sketch to the last parcel."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    steps = blocks.ListBlock(
        StepBlock(), label=_("Steps"), min_num=2, max_num=24, help_text=_("In the order of time; months, not days.")
    )

    class Meta:
        icon = "date"
        group = MAKING
        label = _("Timeline")
        template = "blocks/timeline.html"
        description = _("Months with what happens in each: done, under way, planned.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            told = [
                ("2026-11", _("First lamp"), "done"),
                ("2027-02", _("Mould"), "now"),
                ("2027-06", _("Parcels"), "planned"),
            ]
            steps = [{"month": month, "title": str(title), "text": "", "progress": far} for month, title, far in told]
            return {"title": "", "steps": steps}

    def clean(self, value: Any) -> Any:
        """Steps stand in the order of time."""
        cleaned = super().clean(value)
        months = [step["month"] for step in cleaned["steps"]]
        for place, (earlier, later) in enumerate(pairwise(months), start=1):
            if later < earlier:
                raise _at(
                    "steps", place, "month", gettext("This month is before the one above it: put the steps in order.")
                )
        return cleaned


def _at(name: str, place: int, field: str, message: str) -> StructBlockValidationError:
    """An error on one field of one entry of a list."""
    row = StructBlockValidationError({field: ValidationError(message)})
    return StructBlockValidationError({name: ListBlockValidationError(block_errors={place: row})})


class EntryBlock(ToldBlock):
    """One day of the making."""

    date = blocks.DateBlock(label=_("Day"))
    stage = blocks.ChoiceBlock(choices=STAGES, label=_("Stage"))
    title = blocks.CharBlock(label=_("What happened"), max_length=120)
    text = TextBlock(label=_("Text"), required=False)
    image = PictureChooserBlock(label=_("Image"), required=False)
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=200, required=False)
    percent = blocks.IntegerBlock(
        label=_("Percent of the whole work"), required=False, min_value=0, max_value=100,
        help_text=_("Where you stand by your own judgement; leave it out if you can't say."),
    )  # fmt: skip

    class Meta:
        icon = "history"
        label = _("Entry")
        label_format = "{date} {title}"

    def api_schema(self) -> Schema:
        """`{date, stage, title, text, image, percent}`."""
        return record({
            "date": MAYBE_DATE, "stage": TEXT, "title": TEXT, "text": HTML, "image": MAYBE_PICTURE,
            "percent": MAYBE_NUMBER,
        })  # fmt: skip

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The text alternative goes into the picture."""
        raw = raw or {}
        percent = raw.get("percent")
        return {
            "date": str(raw["date"]) if raw.get("date") else None,
            "stage": raw.get("stage") or "",
            "title": raw.get("title") or "",
            "text": gather.html(raw.get("text") or ""),
            "image": gather.picture(raw.get("image"), raw.get("alt") or ""),
            "percent": None if percent in (None, "") else int(percent),
        }


class LogBlock(ToldBlock):
    """What was done when, with proof in pictures."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    entries = blocks.ListBlock(
        EntryBlock(), label=_("Entries"), min_num=1, max_num=100, help_text=_("The newest first.")
    )

    class Meta:
        icon = "history"
        group = MAKING
        label = _("Production log")
        template = "blocks/log.html"
        description = _("Dated entries from design to shipping, each with its stage, and a picture where there is one.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            entry = {
                "date": "2027-02-11", "stage": "tooling", "title": str(_("The mould closes")), "text": "",
                "image": sample_picture(3), "percent": 45,
            }  # fmt: skip
            return {"title": "", "entries": [entry]}


class LinkBlock(blocks.StructBlock):
    """A place elsewhere."""

    label = blocks.CharBlock(label=_("Name"), max_length=60)
    url = blocks.URLBlock(label=_("Address"), max_length=300)

    class Meta:
        icon = "link"
        label = _("Link")
        label_format = "{label}"


class MemberBlock(ToldBlock):
    """One person, with what they do here and have done before."""

    name = blocks.CharBlock(label=_("Name"), max_length=80)
    role = blocks.CharBlock(label=_("What they do here"), max_length=80)
    bio = blocks.TextBlock(
        label=_("Profile"),
        max_length=600,
        required=False,
        rows=3,
        help_text=_("What they have made before, in their own plain words."),
    )
    image = PictureChooserBlock(label=_("Portrait"), required=False)
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=200, required=False)
    links = blocks.ListBlock(LinkBlock(), label=_("Elsewhere"), default=[], max_num=4)

    class Meta:
        icon = "user"
        label = _("Person")
        label_format = "{name}, {role}"

    def api_schema(self) -> Schema:
        """`{name, role, bio, image, links: [{label, url}]}`."""
        links = {"type": "array", "items": record({"label": TEXT, "url": TEXT})}
        return record({**dict.fromkeys(("name", "role", "bio"), TEXT), "image": MAYBE_PICTURE, "links": links})

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The text alternative goes into the picture."""
        raw = raw or {}
        return {
            **{name: raw.get(name) or "" for name in ("name", "role", "bio")},
            "image": gather.picture(raw.get("image"), raw.get("alt") or ""),
            "links": [
                {"label": link.get("label") or "", "url": link.get("url") or ""} for link in entries(raw.get("links"))
            ],
        }


class TeamBlock(ToldBlock):
    """The people behind it."""

    title = blocks.CharBlock(label=_("Title"), max_length=120, required=False)
    members = blocks.ListBlock(MemberBlock(), label=_("People"), min_num=1, max_num=24)

    class Meta:
        icon = "group"
        group = MAKING
        label = _("Team")
        template = "blocks/team.html"
        description = _("The people behind it, with portrait, role, profile and where to read more about them.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            people = ((_("Lin"), _("Design")), (_("Ada"), _("Electronics")))
            members: list[dict[str, Any]] = [
                {"name": str(n), "role": str(r), "bio": "", "image": None, "links": []} for n, r in people
            ]
            return {"title": "", "members": members}
