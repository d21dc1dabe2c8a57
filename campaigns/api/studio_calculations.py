"""The financial sheet of a creator's campaign."""

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.browsing import CURSOR, LIMIT
from campaigns.api.studio import Studio
from campaigns.calculator import FixedCost, Line, Outcome, Sheet, answer
from campaigns.models import Calculation, Campaign
from campaigns.services import calculating
from cms.core.api import Instant, Money, Page, Shape, Strict, Text, WholeNumber, instant, keyset, money, user_of
from funding.api.shapes import MoneyInput, amount_in

AMOUNTS = ("price", "postage_paid", "unit_cost", "postage_cost")


class CostLineIn(Strict):
    """What backers choose, amounts a piece. `weight`: in proportion to the other lines."""

    title = Text(max_length=80)
    reward = Text(required=False, allow_blank=True, max_length=20)
    price = MoneyInput()
    unit_cost = MoneyInput()
    postage_paid = MoneyInput(required=False)
    postage_cost = MoneyInput(required=False)
    weight = WholeNumber(required=False)


class FixedCostIn(Strict):
    """Spent once."""

    title = Text(max_length=80)
    amount = MoneyInput()


class CalculationIn(Strict):
    """A sheet. Rates in basis points; the platform's own are always those in force."""

    lines = CostLineIn(many=True)
    fixed = FixedCostIn(many=True, required=False)
    own_funds = MoneyInput(required=False)
    spare_bps = WholeNumber(required=False)
    tax_bps = WholeNumber(required=False)
    provider_fee_bps = WholeNumber(required=False)
    provider_fee_each = MoneyInput(required=False)


class OutcomeData(Shape):
    """What comes in and goes out at so many backers; `left` is what the creator keeps, or lacks."""

    backers = serializers.IntegerField()
    income = Money()
    own_funds = Money()
    platform_fee = Money()
    compensation_fund = Money()
    tax = Money()
    provider_fee = Money()
    making = Money()
    postage = Money()
    fixed = Money()
    left = Money()
    margin_bps = serializers.IntegerField()


class CalculationData(Shape):
    """A kept calculation. Without `break_even`, each backer costs more than they bring."""

    number = serializers.IntegerField()
    made_at = Instant()
    break_even = serializers.IntegerField(allow_null=True)
    minimum_goal = Money(allow_null=True)
    losing = serializers.ListField(child=serializers.CharField(), help_text="Lines each of which loses money.")
    at_break_even = OutcomeData(allow_null=True)
    at_goal = OutcomeData(allow_null=True)


CalculationPage = Page(CalculationData)


class Calculations(Studio):
    """Every kept version."""

    @extend_schema(
        operation_id="calculations", tags=["creator"], parameters=[CURSOR, LIMIT], responses=CalculationPage
    )  # fmt: skip
    def get(self, request: Request, key: str) -> Response:
        """The newest is what a submission takes along."""
        window = keyset(Calculation.objects.filter(campaign=self.own(request, key)), by="id", request=request)
        return Response({"items": [_data(row) for row in window.rows], "next_cursor": window.next_cursor})

    @extend_schema(
        operation_id="calculate", tags=["creator"], request=CalculationIn, responses={201: CalculationData}
    )  # fmt: skip
    def post(self, request: Request, key: str) -> Response:
        """Reckon, and keep it as the next version."""
        row, data = self.own(request, key), self.given(CalculationIn, request)
        made = calculating.save_calculation(campaign=row, actor=user_of(request), sheet=_sheet(row, data))
        return Response(_data(made), status=201)


def _sheet(row: Campaign, data: dict[str, Any]) -> Sheet:
    def amount(given: dict[str, Any], name: str) -> int:
        return amount_in(given[name], currency=row.currency, field=name) if name in given else 0

    lines = [
        Line(title=line["title"], reward=line.get("reward", ""), weight=line.get("weight", 1),
             **{name: amount(line, name) for name in AMOUNTS})
        for line in data["lines"]
    ]  # fmt: skip
    fixed = [FixedCost(cost["title"], amount(cost, "amount")) for cost in data.get("fixed", [])]
    return calculating.new_sheet(
        campaign=row, lines=lines, fixed=fixed, own_funds=amount(data, "own_funds"),
        spare_bps=data.get("spare_bps", 0), tax_bps=data.get("tax_bps"),
        provider_fee_bps=data.get("provider_fee_bps", 0), provider_fee_each=amount(data, "provider_fee_each"),
    )  # fmt: skip


def _data(row: Calculation) -> dict[str, Any]:
    sheet = calculating.read(row)
    found = answer(sheet, row.goal)
    return {
        "number": row.number, "made_at": instant(row.made_at), "break_even": row.break_even,
        "minimum_goal": None if row.minimum_goal is None else money(row.minimum_goal, row.currency),
        "losing": list(found.losing),
        "at_break_even": _outcome(found.at_break_even, row.currency), "at_goal": _outcome(found.at_goal, row.currency),
    }  # fmt: skip


def _outcome(found: Outcome | None, currency: str) -> dict[str, Any] | None:
    if found is None:
        return None
    amounts = {name: money(value, currency) for name, value in asdict(found).items() if name != "backers"}
    return {"backers": found.backers, **amounts, "left": money(found.left, currency), "margin_bps": found.margin_bps}
