"""The form of the financial sheet: a line a reward, what is spent once, and the rates."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from campaigns.calculator import FixedCost, Line, Sheet
from campaigns.forms.fields import AmountField, PercentField, RowsFormSet, amount_in, typed
from campaigns.services import calculating

AMOUNTS = ("price", "postage_paid", "unit_cost", "postage_cost")


class LineForm(forms.Form):
    """A reward, or whatever backers choose, with what one piece brings and costs."""

    reward = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    title = forms.CharField(label=_("What backers choose"), max_length=80, required=False)
    price = AmountField(label=_("Price"), required=False)
    postage_paid = AmountField(label=_("Shipping they pay"), required=False)
    unit_cost = AmountField(label=_("Making one costs"), required=False)
    postage_cost = AmountField(label=_("Sending one costs"), required=False)
    weight = forms.IntegerField(
        label=_("Of all backers"), required=False, min_value=0, max_value=calculating.MOST_WEIGHT,
        widget=forms.NumberInput(attrs={"title": _("In proportion to the other lines: 3 beside 1 is three in four.")}),
    )  # fmt: skip


class FixedCostForm(forms.Form):
    """Something that is paid once."""

    title = forms.CharField(label=_("What for"), max_length=80, required=False)
    amount = AmountField(label=_("Amount"), required=False)


LineFormSet = forms.formset_factory(
    LineForm, formset=RowsFormSet, extra=0, can_delete=True, max_num=calculating.MOST_LINES
)
FixedCostFormSet = forms.formset_factory(
    FixedCostForm, formset=RowsFormSet, extra=0, can_delete=True, max_num=calculating.MOST_FIXED
)


class RatesForm(forms.Form):
    """What applies to all of it."""

    spare = PercentField(
        label=_("Spare pieces, %"), required=False,
        help_text=_("Made beside those that backers get: for what breaks, gets lost or comes back."),
    )  # fmt: skip
    own_funds = AmountField(
        label=_("Money from elsewhere"), required=False, help_text=_("Your own, or a grant that is certain.")
    )
    tax = PercentField(
        label=_("Tax, %"), required=False,
        help_text=_("Of what is paid out to you. It begins with the rate that the platform withholds from you."),
    )  # fmt: skip
    provider_fee = PercentField(
        label=_("Payment fees you bear, %"), required=False,
        help_text=_("The platform bears what its payment provider takes; leave 0 unless your bank takes more."),
    )  # fmt: skip
    provider_fee_each = AmountField(label=_("and for each backer"), required=False)


class SheetForms:
    """The three parts as one: valid together, or with every error beside its field."""

    def __init__(self, sheet: Sheet, data: Any = None) -> None:
        self.begun = sheet
        self.lines = LineFormSet(data, prefix="lines", initial=[_line(line, sheet.currency) for line in sheet.lines])
        self.fixed = FixedCostFormSet(
            data, prefix="fixed",
            initial=[{"title": cost.title, "amount": typed(cost.amount, sheet.currency)} for cost in sheet.fixed],
        )  # fmt: skip
        self.rates = RatesForm(data, prefix="rates", initial=_rates(sheet))

    def sheet(self) -> Sheet | None:
        """What was entered, or None with errors on the fields."""
        # Each is asked, so that every error shows at once.
        valid = [part.is_valid() for part in (self.lines, self.fixed, self.rates)]
        if not all(valid):
            return None
        lines = [line for form in _kept(self.lines) if (line := self._line(form))]
        fixed = [cost for form in _kept(self.fixed) if (cost := self._cost(form))]
        data, currency = self.rates.cleaned_data, self.begun.currency
        own, each = (amount_in(self.rates, name, currency) or 0 for name in ("own_funds", "provider_fee_each"))
        if any(form.errors for form in (*self.lines.forms, *self.fixed.forms, self.rates)):
            return None
        if not any(line.weight for line in lines):
            self.rates.add_error(None, ValidationError(_("Say for at least one line how many choose it.")))
            return None
        rates = replace(
            self.begun.rates, tax_bps=data["tax"], provider_fee_bps=data["provider_fee"], provider_fee_each=each
        )
        return replace(
            self.begun, lines=tuple(lines), fixed=tuple(fixed), own_funds=own, spare_bps=data["spare"], rates=rates
        )

    def _line(self, form: forms.Form) -> Line | None:
        data, currency = form.cleaned_data, self.begun.currency
        if not any(data.get(name) for name in ("title", *AMOUNTS)):
            return None
        if not data["title"]:
            form.add_error("title", ValidationError(_("Give the line a name.")))
        amounts = {name: amount_in(form, name, currency) or 0 for name in AMOUNTS}
        weight = 1 if data["weight"] is None else data["weight"]
        return Line(title=data["title"], weight=weight, reward=data["reward"], **amounts)

    def _cost(self, form: forms.Form) -> FixedCost | None:
        data = form.cleaned_data
        if not (data.get("title") or data.get("amount")):
            return None
        if not data["title"]:
            form.add_error("title", ValidationError(_("Give the line a name.")))
        return FixedCost(data["title"], amount_in(form, "amount", self.begun.currency) or 0)


def _kept(formset: Any) -> list[forms.Form]:
    return [form for form in formset.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]


def _line(line: Line, currency: str) -> dict[str, Any]:
    amounts = {name: typed(getattr(line, name), currency) for name in AMOUNTS}
    return {"reward": line.reward, "title": line.title, "weight": line.weight, **amounts}


def _rates(sheet: Sheet) -> dict[str, Any]:
    return {
        "spare": sheet.spare_bps, "own_funds": typed(sheet.own_funds, sheet.currency), "tax": sheet.rates.tax_bps,
        "provider_fee": sheet.rates.provider_fee_bps,
        "provider_fee_each": typed(sheet.rates.provider_fee_each, sheet.currency),
    }  # fmt: skip
