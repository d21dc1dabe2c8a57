"""Changing the draft terms. Rewards are in `rewarding`."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.exceptions import InvalidTerms
from campaigns.models import Campaign, Category
from campaigns.models.campaign import CampaignKind
from campaigns.selectors import max_duration_days
from campaigns.services import editing
from cms.core.clock import now
from cms.users import audit
from cms.users.models import User
from funding.models.escrow import Mode
from funding.money import EXPONENTS, check_amount

# Reviewers need time to read, backers to find the campaign.
SHORTEST = timedelta(days=1)


@dataclass(frozen=True)
class TermsInput:
    """All terms at once. `goal` in minor units of `currency`; at most one of `duration_days` and `deadline` (aware)."""

    currency: str
    goal: int | None
    mode: str
    category: Category | None
    duration_days: int | None = None
    deadline: datetime | None = None
    timezone: str = "Asia/Shanghai"


def resolve_local(naive: datetime, timezone: str) -> datetime:
    """The UTC instant of a wall-clock time. Raises `InvalidTerms` where clocks skip it or show it twice."""
    if timezone not in available_timezones():
        raise InvalidTerms(_("Choose one of the time zones."), field="timezone")
    zone = ZoneInfo(timezone)
    if not 1970 < naive.year < 9999:
        raise InvalidTerms(_("Choose a time of these years."), field="deadline")
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive.replace(tzinfo=None):
        raise InvalidTerms(
            _("That time does not exist there: clocks are put forward over it. Choose an hour earlier or later."),
            field="deadline",
        )
    if first.utcoffset() != second.utcoffset():
        raise InvalidTerms(
            _("That time happens twice there: clocks are put back over it. Choose an hour earlier or later."),
            field="deadline",
        )
    return first.astimezone(UTC)


@transaction.atomic
def revise_terms(*, campaign: Campaign, actor: User, terms: TermsInput, revision: int | None) -> Campaign:
    """Replace the draft terms. `revision` is the one that the editor saw; None skips the check.

    Raises `InvalidTerms` or `BadAmount` with the field named, `TermsLocked`, `StaleTerms`, `NotAllowed`.
    """
    row = editing.draft(campaign, actor, revision)
    _check_money(row, terms)
    _check_time(terms)
    row.currency, row.goal, row.mode, row.category = terms.currency, terms.goal, terms.mode, terms.category
    row.duration_days, row.deadline, row.timezone = terms.duration_days, terms.deadline, terms.timezone
    row.terms_revision += 1
    row.save()
    audit.record(
        actor=actor, action="campaign.terms_revised", subject=f"campaign:{row.key}", goal=row.goal,
        currency=row.currency, mode=row.mode, revision=row.terms_revision,
    )  # fmt: skip
    return row


def _check_money(row: Campaign, terms: TermsInput) -> None:
    if terms.currency not in EXPONENTS:
        raise InvalidTerms(_("Choose one of the currencies."), field="currency")
    if terms.currency != row.currency and row.reward_drafts.exists():
        raise InvalidTerms(
            _("The rewards have prices in %(currency)s. Remove them before you change the currency.")
            % {"currency": row.currency},
            field="currency",
        )
    if terms.goal is not None:
        check_amount(terms.goal, field="goal", minimum=10 ** EXPONENTS[terms.currency], currency=terms.currency)
    if terms.mode not in Mode.values:
        raise InvalidTerms(_("Choose what happens when the goal is missed."), field="mode")
    if row.kind == CampaignKind.EQUITY and terms.mode != Mode.ALL_OR_NOTHING:
        raise InvalidTerms(_("Equity campaigns are all-or-nothing."), field="mode")


def _check_time(terms: TermsInput) -> None:
    longest = max_duration_days()
    if terms.timezone not in available_timezones():
        raise InvalidTerms(_("Choose one of the time zones."), field="timezone")
    if terms.duration_days is not None and terms.deadline is not None:
        raise InvalidTerms(_("Give a duration or a deadline, not both."), field="deadline")
    if terms.duration_days is not None and not 1 <= terms.duration_days <= longest:
        raise InvalidTerms(
            _("A campaign lasts between 1 and %(days)d days.") % {"days": longest}, field="duration_days"
        )
    if terms.deadline is not None and terms.deadline < now() + SHORTEST:
        raise InvalidTerms(_("The deadline must be at least a day ahead."), field="deadline")
    if terms.deadline is not None and terms.deadline > now() + timedelta(days=longest):
        raise InvalidTerms(_("The deadline may be %(days)d days ahead at most.") % {"days": longest}, field="deadline")
