"""What a campaign earns and costs at so many backers; integers in minor units of one currency, no database.

Income is rounded down and costs are rounded up, so that what is promised here is never too good. Shares of platform
and tax are those of the settlement itself (`funding.money.shares`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from funding.money import BASIS, share, shares

# Nobody counts on more.
MOST_BACKERS = 10_000_000


@dataclass(frozen=True)
class Line:
    """One reward of the mix, amounts a piece; of all backers `weight` in the sum of weights choose it."""

    title: str
    price: int
    unit_cost: int
    postage_paid: int = 0
    postage_cost: int = 0
    weight: int = 1
    reward: str = ""

    @property
    def earns(self) -> int:
        """What a backer of this line brings in before fees and taxes."""
        return self.price + self.postage_paid

    @property
    def takes(self) -> int:
        """What a backer of this line costs, without spares."""
        return self.unit_cost + self.postage_cost


@dataclass(frozen=True)
class FixedCost:
    """What is spent once, however many back: tools, moulds, a film, a permit."""

    title: str
    amount: int


@dataclass(frozen=True)
class Rates:
    """Basis points, and a fixed part of each payment in minor units. The platform's are those in force."""

    platform_fee_bps: int = 0
    compensation_fund_bps: int = 0
    tax_bps: int = 0
    provider_fee_bps: int = 0
    provider_fee_each: int = 0


@dataclass(frozen=True)
class Sheet:
    """All that goes into the sum. `spare_bps` of the pieces are made beside those that backers get."""

    currency: str
    lines: tuple[Line, ...]
    fixed: tuple[FixedCost, ...] = ()
    own_funds: int = 0
    spare_bps: int = 0
    rates: Rates = field(default_factory=Rates)
    # The smallest sum that can be paid out in this currency.
    step: int = 1


@dataclass(frozen=True)
class Outcome:
    """What comes in and goes out at so many backers; `left` is what the creator keeps, or lacks."""

    backers: int
    income: int
    own_funds: int
    platform_fee: int
    compensation_fund: int
    tax: int
    provider_fee: int
    making: int
    postage: int
    fixed: int

    @property
    def costs(self) -> int:
        """All that goes out."""
        taken = self.platform_fee + self.compensation_fund + self.tax + self.provider_fee
        return taken + self.making + self.postage + self.fixed

    @property
    def left(self) -> int:
        """Income and own money less all costs."""
        return self.income + self.own_funds - self.costs

    @property
    def margin_bps(self) -> int:
        """What is left of each ten thousand of income; 0 without income."""
        return self.left * BASIS // self.income if self.income else 0


@dataclass(frozen=True)
class Answer:
    """Break-even (None: never, each backer costs more than they bring), the goal it takes, and how the goal does."""

    break_even: int | None
    minimum_goal: int | None
    losing: tuple[str, ...]
    at_break_even: Outcome | None
    at_goal: Outcome | None

    @property
    def goal_is_enough(self) -> bool | None:
        """Whether the promises can be kept from the goal alone; None where no goal is set."""
        return None if self.at_goal is None else self.at_goal.left >= 0


def outcome(sheet: Sheet, backers: int) -> Outcome:
    """The sums at so many backers, in the sheet's mix."""
    income = _mixed(sheet, backers, lambda line: line.earns)
    parts = shares(
        income, platform_fee_bps=sheet.rates.platform_fee_bps,
        compensation_fund_bps=sheet.rates.compensation_fund_bps, tax_bps=sheet.rates.tax_bps, step=sheet.step,
    )  # fmt: skip
    made = backers + _part_up(backers, sheet.spare_bps)
    return Outcome(
        backers=backers,
        income=income,
        own_funds=sheet.own_funds,
        platform_fee=parts.platform_fee,
        compensation_fund=parts.compensation_fund,
        tax=parts.tax,
        provider_fee=_part_up(income, sheet.rates.provider_fee_bps) + sheet.rates.provider_fee_each * backers,
        making=-_mixed(sheet, made, lambda line: -line.unit_cost),
        postage=-_mixed(sheet, backers, lambda line: -line.postage_cost),
        fixed=sum(cost.amount for cost in sheet.fixed),
    )


def answer(sheet: Sheet, goal: int | None) -> Answer:
    """Break-even, the least goal that keeps every promise, and what the goal that is set would leave."""
    backers = _least(lambda count: outcome(sheet, count).left >= 0)
    at_break_even = None if backers is None else outcome(sheet, backers)
    at_goal = None
    if goal and (needed := _least(lambda count: outcome(sheet, count).income >= goal)) is not None:
        at_goal = outcome(sheet, needed)
    return Answer(
        break_even=backers, minimum_goal=None if at_break_even is None else at_break_even.income, losing=losing(sheet),
        at_break_even=at_break_even, at_goal=at_goal,
    )  # fmt: skip


def losing(sheet: Sheet) -> tuple[str, ...]:
    """The rewards each of which costs more than it brings, by title; these sink the rest when they sell well."""
    found = []
    for line in sheet.lines:
        kept = line.earns - share(line.earns, sheet.rates.platform_fee_bps + sheet.rates.compensation_fund_bps)
        kept -= share(kept, sheet.rates.tax_bps)
        kept -= _part_up(line.earns, sheet.rates.provider_fee_bps) + sheet.rates.provider_fee_each
        if kept < line.takes + _part_up(line.unit_cost, sheet.spare_bps):
            found.append(line.title)
    return tuple(found)


def _mixed(sheet: Sheet, count: int, of: Callable[[Line], int]) -> int:
    """A sum over `count` backers in the mix, rounded down: what is negative grows by that."""
    total = sum(line.weight for line in sheet.lines)
    return sum(line.weight * of(line) for line in sheet.lines) * count // total if total else 0


def _part_up(amount: int, bps: int) -> int:
    return -(-amount * bps // BASIS)


def _least(holds: Callable[[int], bool]) -> int | None:
    """The smallest count of backers, from one on, at which something holds that more backers only make truer."""
    if not holds(MOST_BACKERS):
        return None
    low, high = 1, MOST_BACKERS
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low
