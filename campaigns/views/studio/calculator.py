"""The financial sheet: what it takes to keep every promise, as a table and a picture."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.calculator import Answer, Outcome, Sheet, answer, outcome
from campaigns.forms.calculation import SheetForms
from campaigns.models import Calculation
from campaigns.services import calculating
from campaigns.views.studio.frame import CampaignView
from cms.core.errors import Refusal
from funding.money import format_money

# The picture, in units of its own view box.
WIDTH, HEIGHT = 640, 260
STEPS = 40


class CalculatorView(CampaignView):
    """Reckon, look, change, keep."""

    template_name = "studio/calculator.html"
    page_title = gettext_lazy("Financial calculator")
    header_icon = "table"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the answer to what was entered; `keep` saves it as the next version."""
        forms = SheetForms(calculating.newest_sheet(self.campaign), request.POST)
        sheet = forms.sheet()
        if sheet is None:
            return self.render_to_response(self.get_context_data(forms=forms), status=422)
        try:
            if "keep" in request.POST:
                calculating.save_calculation(campaign=self.campaign, actor=self.me, sheet=sheet)
                self.done(_("The calculation is kept. Reviewers see the newest beside your submission."))
                return self.back("studio:calculator")
            return self.render_to_response(self.get_context_data(forms=forms, sheet=sheet))
        except Refusal as refusal:
            forms.rates.add_error(None, str(refusal))
            return self.render_to_response(self.get_context_data(forms=forms), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The forms, and the answer where there is something to reckon with."""
        saved = self.campaign.calculations.first()
        if "forms" not in kwargs:
            newest = calculating.newest_sheet(self.campaign)
            kwargs["forms"] = SheetForms(newest)
            if saved is not None and saved.currency == self.campaign.currency:
                kwargs["sheet"] = newest
        sheet = kwargs.get("sheet")
        forms = kwargs["forms"]
        begun = forms.begun
        return super().get_context_data(
            saved=saved, answer=answer_context(sheet, calculating.reckon(campaign=self.campaign, sheet=sheet))
            if sheet else None, rates=forms.rates, lines=forms.lines, fixed=forms.fixed,
            platform_fee=f"{begun.rates.platform_fee_bps / 100:g}", fund=f"{begun.rates.compensation_fund_bps / 100:g}",
            **kwargs,
        )  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One count of backers in the table."""

    title: str
    outcome: Outcome

    @property
    def margin(self) -> str:
        """In percent."""
        return f"{self.outcome.margin_bps / 100:.1f}"


def answer_context(sheet: Sheet, found: Answer) -> dict[str, Any]:
    """The answer in words, the table and the picture; also for reviewers."""
    columns = []
    if found.at_break_even:
        columns.append(Column(_("Break-even"), found.at_break_even))
    if found.at_goal:
        columns.append(Column(_("At the goal"), found.at_goal))
        columns.append(Column(_("At twice the goal"), outcome(sheet, found.at_goal.backers * 2)))
    return {
        "answer": found, "currency": sheet.currency, "columns": columns, "rows": _rows(columns, sheet.currency),
        "chart": chart(sheet, found), "losing": ", ".join(found.losing),
        "minimum_goal": None if found.minimum_goal is None else format_money(found.minimum_goal, sheet.currency),
        "left_at_goal": format_money(found.at_goal.left, sheet.currency) if found.at_goal else "",
        "lacking": format_money(-found.at_goal.left, sheet.currency) if found.at_goal else "",
    }  # fmt: skip


def saved_context(calculation: Calculation) -> dict[str, Any]:
    """A saved calculation as it was, for whoever reviews it."""
    sheet = calculating.read(calculation)
    return {
        "calculation": calculation, "sheet": sheet, **answer_context(sheet, answer(sheet, calculation.goal))
    }  # fmt: skip


def _rows(columns: list[Column], currency: str) -> list[dict[str, Any]]:
    names = [
        (_("Backers"), "backers"), (_("Comes in"), "income"), (_("From elsewhere"), "own_funds"),
        (_("Making, with spares"), "making"), (_("Sending"), "postage"), (_("Spent once"), "fixed"),
        (_("Platform fee"), "platform_fee"), (_("Compensation fund"), "compensation_fund"), (_("Tax"), "tax"),
        (_("Payment fees"), "provider_fee"), (_("Left"), "left"),
    ]  # fmt: skip
    rows = [
        {"name": name, "total": field == "left",
         "cells": [_cell(getattr(column.outcome, field), field, currency) for column in columns]}
        for name, field in names if any(getattr(column.outcome, field) for column in columns) or field == "left"
    ]  # fmt: skip
    return [*rows, {"name": _("Margin"), "total": False, "cells": [f"{column.margin} %" for column in columns]}]


def _cell(value: int, field: str, currency: str) -> str:
    return f"{value:,}" if field == "backers" else format_money(value, currency)


def chart(sheet: Sheet, answered: Answer) -> dict[str, Any] | None:
    """Two lines over the number of backers, what comes in and what goes out, as points of a drawing."""
    marks = [found.backers for found in (answered.at_break_even, answered.at_goal) if found]
    most = max([10, *(count * 2 for count in marks)])
    counts = [most * step // STEPS for step in range(STEPS + 1)]
    outcomes = [outcome(sheet, count) for count in counts]
    top = max(max(found.income + found.own_funds, found.costs) for found in outcomes)
    if top <= 0:
        return None

    def points(values: list[int]) -> str:
        return " ".join(f"{_x(count, most)},{HEIGHT - value * HEIGHT * 1000 // top / 1000:g}"
                        for count, value in zip(counts, values, strict=True))  # fmt: skip

    return {
        "width": WIDTH, "height": HEIGHT, "most": f"{most:,}", "top": format_money(top, sheet.currency),
        "income": points([found.income + found.own_funds for found in outcomes]),
        "costs": points([found.costs for found in outcomes]),
        "marks": [
            {"x": _x(found.backers, most), "label": label, "backers": f"{found.backers:,}", "kind": kind}
            for kind, label, found in (
                ("even", _("Break-even"), answered.at_break_even), ("goal", _("Goal"), answered.at_goal),
            ) if found
        ],
    }  # fmt: skip


def _x(count: int, most: int) -> float:
    return round(count * WIDTH / most, 2)
