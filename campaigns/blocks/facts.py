"""What it costs, how it compares, what was made by machine, and the way to a reward."""

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from cms.core.shaping import MONEY, TEXT, Gatherer, Schema, entries, record
from cms.images.streams import ToldBlock
from funding.money import EXPONENTS, MAX_AMOUNT

FACTS = _("Facts and figures")
CURRENCIES = [(code, code) for code in EXPONENTS]


def minor(value: Any, currency: str) -> int:
    """Minor units of an amount as the editor stores it, rounded to the currency's digits; 0 for none."""
    try:
        exact = Decimal(str(value or 0)) * 10 ** EXPONENTS.get(currency, 2)
    except InvalidOperation:
        return 0
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))


class CostBlock(blocks.StructBlock):
    """One line of a budget."""

    title = blocks.CharBlock(label=_("What for"), max_length=120)
    amount = blocks.DecimalBlock(label=_("Amount"), min_value=0, max_digits=14, decimal_places=3)
    note = blocks.CharBlock(label=_("Why so much"), max_length=200, required=False)

    class Meta:
        icon = "dotted"
        label = _("Line")
        label_format = "{title} {amount}"
        form_classname = "struct-block kindling-cost"


class BudgetBlock(ToldBlock):
    """Where the money goes, line by line; the sum is computed, never typed."""

    currency = blocks.ChoiceBlock(
        choices=CURRENCIES, label=_("Currency"), default="CNY", help_text=_("The campaign's own.")
    )
    lines = blocks.ListBlock(CostBlock(), label=_("Lines"), min_num=1, max_num=40)
    note = blocks.CharBlock(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("What the sum leaves out, or who pays for the rest."),
    )

    class Meta:
        icon = "table"
        group = FACTS
        label = _("Budget")
        template = "blocks/budget.html"
        form_classname = "struct-block kindling-budget"
        description = _("What the money is for, line by line, with its sum and each line's share.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            costs = [(_("Mould"), "31000"), (_("Certification"), "22000"), (_("Sensors"), "19500")]
            lines = [{"title": str(title), "amount": amount, "note": ""} for title, amount in costs]
            return told_budget({"currency": "CNY", "lines": lines, "note": ""})

    def clean(self, value: Any) -> Any:
        """No more digits than the currency has, and no more money than there is."""
        cleaned = super().clean(value)
        digits, currency = EXPONENTS[cleaned["currency"]], cleaned["currency"]
        errors: dict[int, Exception] = {}
        for place, line in enumerate(cleaned["lines"]):
            # A draft may lack an amount.
            if line["amount"] is not None and (message := _wrong(line["amount"], digits, currency)) is not None:
                errors[place] = StructBlockValidationError({"amount": ValidationError(message)})
        if errors:
            raise StructBlockValidationError({"lines": ListBlockValidationError(block_errors=errors)})
        return cleaned

    def get_searchable_content(self, value: Any) -> list[str]:
        """Its words only: a currency's code before a line that begins with a number would read as a price."""
        lines = [text for cost in value["lines"] for text in (cost["title"], cost["note"])]
        return [text for text in (*lines, value["note"]) if text]

    def api_schema(self) -> Schema:
        """`{currency, lines: [{title, amount, note, share_bps}], total, note}`; amounts are `Money`."""
        line = record({"title": TEXT, "amount": MONEY, "note": TEXT, "share_bps": {"type": "integer"}})
        return record({"currency": TEXT, "lines": {"type": "array", "items": line}, "total": MONEY, "note": TEXT})

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """Summed in minor units."""
        return told_budget(raw or {})


def _wrong(amount: Decimal, digits: int, currency: str) -> str | None:
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > digits:
        text = gettext("%(currency)s has no more than %(n)d digits after the point.")
        return text % {"currency": currency, "n": digits}
    if minor(amount, currency) > MAX_AMOUNT:
        return gettext("The amount is too large.")
    return None


def told_budget(raw: dict[str, Any]) -> dict[str, Any]:
    """A stored budget as data: amounts and their sum in minor units, shares in basis points of the sum."""
    currency = raw.get("currency") or "CNY"
    costs = entries(raw.get("lines"))
    amounts = [minor(cost.get("amount"), currency) for cost in costs]
    total = sum(amounts)
    lines = [
        {
            "title": cost.get("title") or "",
            "amount": {"amount": amount, "currency": currency},
            "note": cost.get("note") or "",
            "share_bps": amount * 10_000 // total if total else 0,
        }
        for cost, amount in zip(costs, amounts, strict=True)
    ]
    total_money = {"amount": total, "currency": currency}
    return {"currency": currency, "lines": lines, "total": total_money, "note": raw.get("note") or ""}


class RowBlock(blocks.StructBlock):
    """One property, and what each column has of it."""

    feature = blocks.CharBlock(label=_("Property"), max_length=80)
    cells = blocks.ListBlock(
        blocks.CharBlock(max_length=80, required=False, label=_("Cell")), label=_("Cells"), max_num=5,
        help_text=_("One for each column, in their order; “yes” and “no” are shown as signs."),
    )  # fmt: skip

    class Meta:
        icon = "list-ul"
        label = _("Row")
        label_format = "{feature}"


class ComparisonBlock(ToldBlock):
    """This one beside others."""

    caption = blocks.CharBlock(label=_("What is compared"), max_length=120)
    columns = blocks.ListBlock(
        blocks.CharBlock(max_length=60, label=_("Column")), label=_("Columns"), min_num=2, max_num=5,
        help_text=_("Yours first; the others by kind, not to run anybody down."),
    )  # fmt: skip
    rows = blocks.ListBlock(RowBlock(), label=_("Rows"), min_num=1, max_num=30)

    class Meta:
        icon = "table"
        group = FACTS
        label = _("Comparison table")
        template = "blocks/comparison.html"
        description = _("Properties in rows, yours and others in columns; on phones it can be pushed sideways.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            rows = [
                {"feature": str(_("Days on one charge")), "cells": ["14", "2"]},
                {"feature": str(_("Works without an account")), "cells": [str(_("yes")), str(_("no"))]},
            ]
            return {"caption": str(_("Bands")), "columns": [str(_("Ours")), str(_("Usual ones"))], "rows": rows}

    def clean(self, value: Any) -> Any:
        """Each row has a cell for each column."""
        cleaned = super().clean(value)
        count = len(cleaned["columns"])
        errors: dict[int, Exception] = {}
        for place, row in enumerate(cleaned["rows"]):
            if len(row["cells"]) != count:
                message = gettext("There are %(columns)d columns, so give %(columns)d cells; here are %(cells)d.") % {
                    "columns": count, "cells": len(row["cells"]),
                }  # fmt: skip
                cells = ListBlockValidationError(non_block_errors=[ValidationError(message)])
                errors[place] = StructBlockValidationError({"cells": cells})
        if errors:
            raise StructBlockValidationError({"rows": ListBlockValidationError(block_errors=errors)})
        return cleaned


class RewardCallBlock(ToldBlock):
    """The way to one reward, in the middle of the story."""

    reward = blocks.RegexBlock(
        regex=r"^[A-Za-z0-9_-]{1,40}$", label=_("Reward"),
        error_messages={"invalid": _("Enter the key of a reward, as “Terms and rewards” shows it.")},
        help_text=_("Its key; as long as there is no such reward, readers are led to all of them."),
    )  # fmt: skip
    text = blocks.CharBlock(label=_("Why this one"), max_length=200, required=False)
    button = blocks.CharBlock(label=_("On the button"), max_length=40, required=False)

    class Meta:
        icon = "pick"
        group = FACTS
        label = _("Call to a reward")
        template = "blocks/reward.html"
        description = _("One reward, with its price as it is now and a button that leads to it.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"reward": "lamp", "text": str(_("The one you have just read about.")), "button": "", "card": None}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Filled with the campaign's own rewards by the editor's panel, where there is one.
        self.child_blocks["reward"].field.widget.attrs["list"] = "campaign-rewards"


AI_USES = [
    ("none", _("Nothing was made by AI")), ("texts", _("Texts")), ("pictures", _("Pictures")),
    ("sound", _("Sound or music")), ("code", _("Software")), ("product", _("The product itself")),
]  # fmt: skip


class AIUseBlock(ToldBlock):
    """What was made with generative AI, said openly."""

    uses = blocks.MultipleChoiceBlock(
        choices=AI_USES, label=_("Made with generative AI"), widget=forms.CheckboxSelectMultiple
    )
    statement = blocks.TextBlock(
        label=_("How, and who checked it"), max_length=1000, required=False, rows=3,
        help_text=_("Which tools, for what, on whose works; not needed where nothing was."),
    )  # fmt: skip

    class Meta:
        icon = "cogs"
        group = FACTS
        label = _("Use of AI")
        template = "blocks/ai_use.html"
        description = _(
            "What was made with generative AI, and who checked it. Every campaign says so, also if nothing was."
        )

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"uses": ["texts"], "statement": str(_("A draft of the English text; rewritten by hand."))}

    def clean(self, value: Any) -> Any:
        """Nothing or something, never both; something is explained."""
        cleaned = super().clean(value)
        uses = set(cleaned["uses"])
        if "none" in uses and len(uses) > 1:
            message = gettext("Either nothing was made by AI, or say what was: not both.")
            raise StructBlockValidationError({"uses": ValidationError(message)})
        # A draft may leave both open.
        if uses != {"none"} and not cleaned["statement"].strip() and not self.is_deferred_validation:
            message = gettext("Say how it was used and who checked it.")
            raise StructBlockValidationError({"statement": ValidationError(message)})
        return cleaned
