"""The financial sheet of a campaign: what it begins with, what is saved of it, and how a saved one is read again."""

from dataclasses import asdict, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.calculator import Answer, FixedCost, Line, Rates, Sheet, answer
from campaigns.exceptions import InvalidTerms
from campaigns.models import Calculation, Campaign
from campaigns.services import editing
from cms.core.clock import now
from cms.users import audit
from cms.users.models import User
from funding.gateways import limits
from funding.money import BASIS, check_amount
from funding.selectors import policies_in_force

MOST_LINES = 50
MOST_FIXED = 30
MOST_WEIGHT = 10_000


def rates_for(creator: User) -> Rates:
    """The platform's rates in force, and the tax that would be withheld from this creator."""
    fees, tax = policies_in_force(jurisdiction=creator.country or "CN", payee_kind=creator.payee_kind or "person")
    return Rates(
        platform_fee_bps=fees.platform_fee_bps, compensation_fund_bps=fees.compensation_fund_bps,
        tax_bps=tax.rate_bps if tax else 0,
    )  # fmt: skip


def first_sheet(campaign: Campaign) -> Sheet:
    """What a new sheet begins with: the rewards as they are drafted, costs still to be filled in."""
    rewards = campaign.reward_drafts.filter(is_addon=False)
    lines = [
        Line(title=reward.title(), price=reward.price, unit_cost=0, reward=reward.key,
             postage_paid=min(reward.shipping.values(), default=0))
        for reward in rewards
    ]  # fmt: skip
    lines = lines or [Line(title=_("A backer"), price=0, unit_cost=0)]
    return _sheet(campaign, lines, rates=rates_for(campaign.creator))


def newest_sheet(campaign: Campaign) -> Sheet:
    """The sheet saved last, at the platform's rates of today; else a first one."""
    saved = campaign.calculations.first()
    if saved is None or saved.currency != campaign.currency:
        return first_sheet(campaign)
    return with_rates_of_today(campaign, read(saved))


def new_sheet(
    *, campaign: Campaign, lines: list[Line], fixed: list[FixedCost], own_funds: int, spare_bps: int,
    tax_bps: int | None, provider_fee_bps: int, provider_fee_each: int,
) -> Sheet:  # fmt: skip
    """A sheet of given lines at the platform's rates; without a tax the one that would be withheld."""
    today = rates_for(campaign.creator)
    rates = replace(
        today, tax_bps=today.tax_bps if tax_bps is None else tax_bps, provider_fee_bps=provider_fee_bps,
        provider_fee_each=provider_fee_each,
    )  # fmt: skip
    return _sheet(campaign, lines, fixed=tuple(fixed), own_funds=own_funds, spare_bps=spare_bps, rates=rates)


def with_rates_of_today(campaign: Campaign, sheet: Sheet) -> Sheet:
    """The same sheet with what nobody but the platform decides."""
    today = rates_for(campaign.creator)
    rates = replace(
        sheet.rates, platform_fee_bps=today.platform_fee_bps, compensation_fund_bps=today.compensation_fund_bps
    )
    return replace(sheet, rates=rates)


def reckon(*, campaign: Campaign, sheet: Sheet) -> Answer:
    """The answer to a sheet beside the campaign's goal. Raises `InvalidTerms` or `BadAmount`, with the field named."""
    _check(sheet)
    return answer(sheet, campaign.goal)


@transaction.atomic
def save_calculation(*, campaign: Campaign, actor: User, sheet: Sheet) -> Calculation:
    """Keep a sheet with its answer, as the next version: the newest goes with a submission to its reviewer.

    The platform's rates are always those of today. Raises as `reckon`, or `NotAllowed`.
    """
    row = editing.owned(campaign, actor)
    sheet = with_rates_of_today(row, sheet)
    found = reckon(campaign=row, sheet=sheet)
    newest = row.calculations.first()
    made = Calculation.objects.create(
        campaign=row, number=newest.number + 1 if newest else 1, made_by=actor, made_at=now(),
        terms_revision=row.terms_revision, currency=row.currency, sheet=asdict(sheet), goal=row.goal,
        break_even=found.break_even, minimum_goal=found.minimum_goal,
        left_at_goal=found.at_goal.left if found.at_goal else None,
    )  # fmt: skip
    audit.record(
        actor=actor, action="campaign.calculated", subject=f"campaign:{row.key}", number=made.number,
        break_even=made.break_even, minimum_goal=made.minimum_goal,
    )  # fmt: skip
    return made


def read(calculation: Calculation) -> Sheet:
    """The sheet of a saved calculation, as it was."""
    data: dict[str, Any] = calculation.sheet
    return Sheet(
        currency=data["currency"], lines=tuple(Line(**line) for line in data["lines"]),
        fixed=tuple(FixedCost(**cost) for cost in data["fixed"]), own_funds=data["own_funds"],
        spare_bps=data["spare_bps"], rates=Rates(**data["rates"]), step=data["step"],
    )  # fmt: skip


def _sheet(campaign: Campaign, lines: list[Line], **more: Any) -> Sheet:
    return Sheet(
        currency=campaign.currency, lines=tuple(lines), step=limits.STEP.get(campaign.currency, 1), **more
    )  # fmt: skip


def _check(sheet: Sheet) -> None:
    if not sheet.lines:
        raise InvalidTerms(_("Give at least one line: a reward, or what a backer gives on average."), field="lines")
    if len(sheet.lines) > MOST_LINES or len(sheet.fixed) > MOST_FIXED:
        raise InvalidTerms(_("There are too many lines."), field="lines")
    for line in sheet.lines:
        _check_title(line.title)
        for name in ("price", "unit_cost", "postage_paid", "postage_cost"):
            check_amount(getattr(line, name), field=name)
        if not 0 <= line.weight <= MOST_WEIGHT:
            raise InvalidTerms(_("Enter a whole number from 0 to %(count)d.") % {"count": MOST_WEIGHT}, field="weight")
    if not any(line.weight for line in sheet.lines):
        raise InvalidTerms(_("Say for at least one line how many choose it."), field="weight")
    for cost in sheet.fixed:
        _check_title(cost.title)
        check_amount(cost.amount, field="amount")
    check_amount(sheet.own_funds, field="own_funds")
    check_amount(sheet.rates.provider_fee_each, field="provider_fee_each")
    for name, bps in (
        ("spare", sheet.spare_bps), ("tax", sheet.rates.tax_bps), ("provider_fee", sheet.rates.provider_fee_bps),
    ):  # fmt: skip
        if not 0 <= bps <= BASIS:
            raise InvalidTerms(_("Enter a percentage from 0 to 100."), field=name)


def _check_title(title: str) -> None:
    if not title.strip():
        raise InvalidTerms(_("Give the line a name."), field="title")
    if len(title) > 80:
        raise InvalidTerms(_("At most %(count)d characters.") % {"count": 80}, field="title")
