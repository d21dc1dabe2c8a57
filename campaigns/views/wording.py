"""Dates, durations and states in words, in the reader's language and the campaign's zone."""

from datetime import UTC, datetime

from django.utils.translation import gettext, ngettext, pgettext

from campaigns.models import CampaignListing
from funding.states import EscrowState

_ENDED = {
    EscrowState.SUCCEEDED, EscrowState.FAILED, EscrowState.HOLDING, EscrowState.RELEASING, EscrowState.RELEASED,
    EscrowState.CANCELLING, EscrowState.REFUNDING, EscrowState.REFUNDED, EscrowState.REFUND_BLOCKED,
}  # fmt: skip
_DECIDED_WELL = {EscrowState.SUCCEEDED, EscrowState.HOLDING, EscrowState.RELEASING}
PRELAUNCH = "prelaunch"


def state_label(state: str, *, reached: bool = True) -> str:
    """The state of a campaign's money, as a visitor would say it. One that keeps it all may end below its goal."""
    if not reached and state in _DECIDED_WELL:
        return pgettext("campaign", "Ended")
    return {
        PRELAUNCH: gettext("Not open yet"),
        EscrowState.OPEN: gettext("Open"),
        EscrowState.ON_HOLD: gettext("On hold"),
        EscrowState.CLOSING: gettext("Closing"),
        EscrowState.SUCCEEDED: gettext("Goal reached"),
        EscrowState.FAILED: gettext("Goal missed"),
        EscrowState.CANCELLING: gettext("Called off"),
        EscrowState.HOLDING: gettext("Goal reached"),
        EscrowState.RELEASING: gettext("Goal reached"),
        EscrowState.RELEASED: gettext("Paid out"),
        EscrowState.REFUNDING: gettext("Refunding"),
        EscrowState.REFUNDED: gettext("Refunded"),
        EscrowState.REFUND_BLOCKED: gettext("Refunding"),
    }[state]


def is_over(state: str) -> bool:
    """Whether the campaign is decided or called off."""
    return state in _ENDED


def left_text(*, state: str, deadline: datetime | None, now: datetime) -> str:
    """How long there still is: "12 days", "5 hours"; for what is over, its state."""
    if state == PRELAUNCH or deadline is None:
        return gettext("Opens soon")
    if is_over(state):
        return pgettext("campaign", "Ended")
    if state == EscrowState.CLOSING or deadline <= now:
        return gettext("Closing")
    left = deadline - now
    if left.days >= 1:
        return ngettext("%(n)d day", "%(n)d days", left.days) % {"n": left.days}
    hours, minutes = left.seconds // 3600, max(1, left.seconds // 60)
    if hours >= 1:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}


def listing_left_text(listing: CampaignListing, now: datetime) -> str:
    """`left_text` of a card."""
    return left_text(state=listing.state, deadline=listing.deadline, now=now)


def iso(moment: datetime | None) -> str:
    """UTC, ISO 8601, for scripts and machines."""
    return "" if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
