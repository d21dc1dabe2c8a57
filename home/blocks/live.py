"""Blocks whose figures are asked of the escrows whenever a page is read; nobody types them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.struct_block import StructBlockValidationError

from campaigns.models import CampaignListing, Category
from cms.core.shaping import MONEY, TEXT, Gatherer, Schema, record
from cms.images.streams import ToldBlock
from funding.money import EXPONENTS
from home.numbers import MEASURES, Asked, measure

LIVE = _("Live from the books")
CURRENCIES = [(code, code) for code in EXPONENTS]
FIGURE: Schema = record({
    "measure": TEXT,
    "money": {"type": "array", "items": MONEY},
    "count": {"type": ["integer", "null"]},
    "percent_bps": {"type": ["integer", "null"]},
})  # fmt: skip
CARD: Schema = {
    "oneOf": [
        record({
            "key": TEXT, "title": TEXT, "summary": TEXT, "url": TEXT, "state": TEXT, "raised": MONEY, "goal": MONEY,
            "backers": {"type": "integer"}, "percent_bps": {"type": "integer"},
        }),
        {"type": "null"},
    ]
}  # fmt: skip


def category_choices() -> list[tuple[str, str]]:
    """The top of the tree, in the editor's language."""
    return [(category.slug, str(category)) for category in Category.objects.filter(parent=None)]


class NumbersBlock(ToldBlock):
    """Figures of the whole platform, or of a branch and a time."""

    title = blocks.CharBlock(label=_("Heading"), max_length=120, required=False)
    measures = blocks.MultipleChoiceBlock(
        choices=[(name, label) for name, label in MEASURES.items()], label=_("What is counted"),
        default=["raised", "backers", "funded"], help_text=_("Their values come from the escrows, never from here."),
    )  # fmt: skip
    category = blocks.ChoiceBlock(
        choices=category_choices, required=False, label=_("Only of a category"), help_text=_("Else of all.")
    )
    since = blocks.DateBlock(required=False, label=_("Launched from"))
    until = blocks.DateBlock(required=False, label=_("Launched until"))
    note = blocks.CharBlock(label=_("Note"), max_length=200, required=False)

    class Meta:
        icon = "order"
        group = LIVE
        label = _("Numbers")
        template = "blocks/numbers.html"
        description = _("Raised, handed over, given back, backers, success: as the books say when the page is read.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            figures = [
                {"measure": "raised", "money": [{"amount": 18_342_500, "currency": "CNY"}], "count": None},
                {"measure": "backers", "money": [], "count": 2418},
                {"measure": "success_rate", "money": [], "count": None, "percent_bps": 7150},
            ]
            return {"title": str(_("So far")), "figures": figures, "note": ""}

    def clean(self, value: Any) -> Any:
        """A time that ends before it begins has no campaigns."""
        cleaned = super().clean(value)
        if cleaned["since"] and cleaned["until"] and cleaned["until"] < cleaned["since"]:
            raise StructBlockValidationError({"until": ValidationError(gettext("It has to end after it begins."))})
        return cleaned

    def api_schema(self) -> Schema:
        """`{title, category, since, until, note, figures: [{measure, money, count, percent_bps}]}`."""
        figures = {"type": "array", "items": FIGURE}
        dates = {name: {"type": ["string", "null"], "format": "date"} for name in ("since", "until")}
        return record({"title": TEXT, "category": TEXT, **dates, "note": TEXT, "figures": figures})

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """One query."""
        raw = raw or {}
        asked = Asked(
            category=raw.get("category") or "", since=raw.get("since") or None, until=raw.get("until") or None
        )
        told = {"title": raw.get("title") or "", "note": raw.get("note") or ""}
        dates = {"since": _date(asked.since), "until": _date(asked.until)}
        return {**told, **dates, "category": asked.category, "figures": measure(raw.get("measures") or [], asked)}


def _date(value: Any) -> str | None:
    return str(value) if value else None


class CampaignBlock(ToldBlock):
    """One campaign with where it stands now."""

    page = blocks.PageChooserBlock(page_type="campaigns.CampaignPage", label=_("Campaign"))
    text = blocks.CharBlock(label=_("Why this one"), max_length=200, required=False)

    class Meta:
        icon = "pick"
        group = LIVE
        label = _("Campaign")
        template = "blocks/campaign.html"
        description = _("A campaign's title and promise, with what it has raised as the page is read.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            card = {
                "title": str(_("A lamp that runs on salt water")), "url": "",
                "summary": str(_("Light for boats without a harbour.")),
                "raised": {"amount": 812_000, "currency": "CNY"}, "goal": {"amount": 600_000, "currency": "CNY"},
                "backers": 214, "percent_bps": 13_533, "state": "open",
            }  # fmt: skip
            return {"text": "", "campaign": card}

    def api_schema(self) -> Schema:
        """`{text, campaign}`; null for one that isn't public."""
        return record({"text": TEXT, "campaign": CARD})

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """One query."""
        raw = raw or {}
        rows = CampaignListing.objects.filter(page_id=raw.get("page") or 0, visible=True).select_related("campaign")
        return {"text": raw.get("text") or "", "campaign": next((_card(row) for row in rows), None)}


def _card(row: CampaignListing) -> dict[str, Any]:
    return {
        "key": row.campaign.key, "title": row.title, "summary": row.summary, "url": row.url_path, "state": row.state,
        "raised": {"amount": row.raised, "currency": row.currency},
        "goal": {"amount": row.goal, "currency": row.currency},
        "backers": row.backers, "percent_bps": row.percent_bps,
    }  # fmt: skip
