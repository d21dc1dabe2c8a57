"""What happens to the money, in three lines with their dates: the same words on every page."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext

from campaigns.selectors import result_of
from campaigns.views import wording
from cms.core import moments
from funding.models import Escrow
from funding.models.escrow import Mode
from funding.states import EscrowState

_GOING_BACK = {
    EscrowState.FAILED, EscrowState.CANCELLING, EscrowState.REFUNDING, EscrowState.REFUNDED, EscrowState.REFUND_BLOCKED,
}  # fmt: skip
_GOING_OUT = {EscrowState.SUCCEEDED, EscrowState.HOLDING, EscrowState.RELEASING, EscrowState.RELEASED}


@dataclass(frozen=True)
class _Step:
    text: str
    at: datetime | None = None
    state: str = "ahead"


def money_path(escrow: Escrow, *, zone: str) -> list[dict[str, Any]]:
    """The context of components/money_path.html for an escrow in any state."""
    if escrow.state in _GOING_BACK:
        steps = _going_back(escrow)
    elif escrow.state in _GOING_OUT:
        steps = _going_out(escrow)
    else:
        steps = _waiting(escrow)
    return [
        {
            "text": step.text,
            "state": step.state,
            "at": wording.iso(step.at) if step.at else "",
            "when": moments.date_text(step.at, zone=zone) if step.at else "",
        }
        for step in steps
    ]


def promise(escrow: Escrow, *, zone: str) -> str:
    """One sentence: what happens to the money of somebody who backs now, or backed."""
    until = moments.date_text(escrow.deadline, zone=zone)
    if escrow.state == EscrowState.REFUNDED:
        return gettext("Every backer's money went back to where it came from.")
    if escrow.state in _GOING_BACK:
        return gettext("The money goes back to every backer by itself.")
    if escrow.state == EscrowState.RELEASED:
        return gettext("The cooling-off time is over and the money went to the creator.")
    if escrow.state in _GOING_OUT:
        if not _reached(escrow):
            return gettext("The campaign has ended; the money goes to the creator after the cooling-off time.")
        return gettext("The goal was reached; the money goes to the creator after the cooling-off time.")
    if escrow.mode == Mode.KEEP_IT_ALL:
        return gettext("Your money waits with us until %(until)s; then it goes to the creator, whatever the sum.") % {
            "until": until
        }
    return gettext("Your money waits with us until %(until)s. If the goal is missed, it goes back by itself.") % {
        "until": until
    }


def _waiting(escrow: Escrow) -> list[_Step]:
    release = escrow.deadline + timedelta(days=escrow.hold_days)
    steps = [
        _Step(gettext("You pay, and the money waits with us. The creator can't touch it yet."), state="now"),
        _Step(gettext("Goal reached: after a cooling-off time it goes to the creator."), release),
    ]
    if escrow.mode == Mode.KEEP_IT_ALL:
        steps[1] = _Step(gettext("After the end and a cooling-off time it goes to the creator."), release)
        steps.append(_Step(gettext("Until the end you may cancel and have it back."), escrow.deadline))
    else:
        steps.append(_Step(gettext("Goal missed: all of it goes back to you, by itself."), escrow.deadline))
    return steps


def _going_out(escrow: Escrow) -> list[_Step]:
    paid_out = escrow.state == EscrowState.RELEASED
    return [
        _Step(
            gettext("The goal was reached.") if _reached(escrow) else gettext("The campaign ended."),
            escrow.deadline,
            state="done",
        ),
        _Step(
            gettext("The money waits through the cooling-off time."),
            escrow.hold_until,
            state="done" if paid_out or escrow.state == EscrowState.RELEASING else "now",
        ),
        _Step(
            gettext("It went to the creator.") if paid_out else gettext("Then it goes to the creator."),
            state="done" if paid_out else "now" if escrow.state == EscrowState.RELEASING else "ahead",
        ),
    ]


def _reached(escrow: Escrow) -> bool:
    """False only for what was kept below its goal."""
    return result_of(escrow)[0] >= escrow.goal


def _going_back(escrow: Escrow) -> list[_Step]:
    over = escrow.state == EscrowState.REFUNDED
    called_off = not hasattr(escrow, "decision")
    first = gettext("The campaign was called off.") if called_off else gettext("The goal was missed.")
    return [
        _Step(first, None if called_off else escrow.deadline, state="done"),
        _Step(
            gettext("Every backer's money went back to where it came from.")
            if over
            else gettext("Every backer's money goes back to where it came from."),
            state="done" if over else "now",
        ),
        _Step(gettext("The creator received nothing."), state="done" if over else "ahead"),
    ]
