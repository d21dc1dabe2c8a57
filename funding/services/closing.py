"""The end of a campaign: closed at its deadline, decided once, or held and called off by a person."""

from collections.abc import Mapping
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cms.core import clock, events, sweeps
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import locks
from funding.exceptions import ReasonRequired
from funding.models import Escrow, EscrowDecision, Payment, TransitionLog
from funding.models.escrow import Mode
from funding.services import contesting
from funding.services.expiring import ask_to_expire
from funding.states import ESCROW, OPEN_PAYMENT, EscrowState
from funding.transitions import transition

# Words in the language of whoever decides, or words by locale.
Reason = str | Mapping[str, str]
TAKING = [EscrowState.OPEN, EscrowState.ON_HOLD]


def close_due() -> int:
    """Close every escrow whose deadline has passed and ask its unpaid checkouts to expire; returns how many.

    Safe twice and side by side: whoever moves the row first closes it, the other finds nothing to do.
    """
    due = Escrow.objects.filter(state__in=TAKING, deadline__lte=AppNow()).order_by("pk")
    return sweeps.each(due.values_list("pk", flat=True), _close)


def _close(escrow_id: int) -> int:
    with transaction.atomic():
        # The deadline is read by the database's clock inside the statement that stops new pledges.
        due = Escrow.objects.filter(pk=escrow_id, deadline__lte=AppNow()).values_list("pk", flat=True)
        moved = transition(
            machine=ESCROW, model=Escrow, ids=due, target=EscrowState.CLOSING, reason="deadline", strict=False
        )
        if moved:
            announce_state(escrow_id, EscrowState.CLOSING)
    if moved:
        ask_to_expire(escrow_id)
    return len(moved)


def decide_due() -> int:
    """Decide every closing escrow that nothing can change any more; returns how many were decided."""
    closing = Escrow.objects.filter(state=EscrowState.CLOSING).order_by("pk")
    return sweeps.each(closing.values_list("pk", flat=True), lambda pk: decide(escrow_id=pk))


def decide(*, escrow_id: int) -> bool:
    """Write the one decision of an escrow if it is ready: True when this call wrote it.

    Ready is when no payment begun before the deadline is in flight, or the grace is over. Reaching the goal exactly
    is success; a keep-it-all campaign succeeds with any money at all.
    """
    with transaction.atomic():
        # Captures and refunds change this row last: holding it, the total can't move under the decision.
        escrow = locks.lock_escrow(escrow_id)
        if escrow.state != EscrowState.CLOSING or not _is_ready(escrow):
            return False
        # What a bank has withdrawn is not collected.
        raised = escrow.raised - contesting.withdrawn_from(escrow)
        needed = 1 if escrow.mode == Mode.KEEP_IT_ALL else escrow.goal
        outcome = EscrowState.SUCCEEDED if raised >= needed else EscrowState.FAILED
        EscrowDecision.objects.create(escrow=escrow, outcome=outcome, raised=raised, backers=escrow.backers)
        transition(machine=ESCROW, model=Escrow, ids=[escrow_id], target=outcome, reason="decided")
        _after(escrow, outcome)
        payload = {"escrow": str(escrow_id), "outcome": str(outcome)}
        events.publish(name="funding.escrow_decided", key=f"escrow_decided:{escrow_id}", payload=payload)
        announce_state(escrow_id, outcome)
    return True


def _is_ready(escrow: Escrow) -> bool:
    if clock.now() >= escrow.deadline + timedelta(minutes=escrow.grace_minutes):
        return True
    return not in_flight(escrow).exists()


def in_flight(escrow: Escrow) -> QuerySet[Payment]:
    """Payments begun before the deadline whose answer is still out; amendments end with the deadline itself."""
    return Payment.objects.filter(
        pledge__escrow=escrow, amendment=None, state__in=OPEN_PAYMENT, created_at__lt=escrow.deadline
    )


def _after(escrow: Escrow, outcome: str) -> None:
    if outcome == EscrowState.SUCCEEDED:
        until = clock.now() + timedelta(days=escrow.hold_days)
        transition(
            machine=ESCROW, model=Escrow, ids=[escrow.pk], target=EscrowState.HOLDING, reason="cooling-off",
            hold_until=until,
        )  # fmt: skip
    else:
        # What a person said of an earlier hold is no reason for this.
        transition(
            machine=ESCROW, model=Escrow, ids=[escrow.pk], target=EscrowState.REFUNDING, reason="failed",
            state_reasons={},
        )  # fmt: skip


def hold_escrow(*, escrow_id: int, actor: User, reason: Reason) -> None:
    """Stop taking pledges for now; the deadline does not move. Finance and admins only; the reason is public."""
    _require_platform(actor)
    _by_person(escrow_id, EscrowState.ON_HOLD, actor, reason, "escrow.held")


def resume_escrow(*, escrow_id: int, actor: User, reason: Reason) -> None:
    """Take pledges again, if the deadline allows. Finance and admins only."""
    _require_platform(actor)
    _by_person(escrow_id, EscrowState.OPEN, actor, reason, "escrow.resumed")


def cancel_escrow(*, escrow_id: int, actor: User, reason: Reason) -> None:
    """Call a running campaign off: every backer gets the money back. Its creator, finance and admins; public reason.

    Raises `NotAllowed`, `ReasonRequired`, and `IllegalTransition` once the deadline has closed it.
    """
    if not Escrow.objects.filter(pk=escrow_id, creator=actor).exists():
        _require_platform(actor)
    _by_person(escrow_id, EscrowState.CANCELLING, actor, reason, "escrow.cancelled")
    ask_to_expire(escrow_id)


def _by_person(escrow_id: int, target: EscrowState, actor: User, reason: Reason, action: str) -> None:
    said = {actor.locale: reason} if isinstance(reason, str) else reason
    reasons = {locale: words.strip() for locale, words in said.items() if words.strip()}
    whole = " · ".join(reasons.values())
    if not reasons:
        raise ReasonRequired(_("Say why: the reason is shown in public."), field="reason")
    with transaction.atomic():
        transition(
            machine=ESCROW, model=Escrow, ids=[escrow_id], target=target, actor=actor, reason=whole,
            state_reasons=reasons,
        )  # fmt: skip
        audit.record(actor=actor, action=action, subject=f"escrow:{escrow_id}", reason=whole)
        announce_state(escrow_id, target)


def _require_platform(actor: User) -> None:
    if not (roles.has_role(actor, roles.FINANCE) or roles.has_role(actor, roles.ADMIN)):
        raise NotAllowed(_("Only finance may do this."))


def announce_state(escrow_id: int, state: str) -> None:
    """Publish that an escrow entered a state, once each time it does."""
    times = TransitionLog.objects.filter(machine=ESCROW.name, object_id=str(escrow_id)).count()
    payload = {"escrow": str(escrow_id), "state": str(state)}
    events.publish(name="funding.escrow_state", key=f"escrow_state:{escrow_id}:{times}", payload=payload)
