"""Money may not lie at the provider for ever: finance is warned, and two people decide before the limit.

One proposes to release or to refund an escrow, with a reason; another confirms, and it is carried out at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F, Min, QuerySet
from django.utils.translation import gettext as _

from cms.core import clock, jobs, sweeps
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from cms.users.selectors import payout_blockers
from funding import locks
from funding.exceptions import FourEyesRequired, HoldNotDecidable, IllegalTransition, ReasonRequired
from funding.gateways import limits
from funding.models import Escrow, HoldDecision, HoldWarning, Payment
from funding.models.holds import HoldChoice
from funding.services import alerting
from funding.services.closing import announce_state
from funding.states import ESCROW, HOLD_DECISION, DecisionState, EscrowState
from funding.transitions import log_start, transition

# Days before the limit on which finance is warned; the last is urgent.
WARN_DAYS = (14, 3)
_AT_REST = (EscrowState.RELEASED, EscrowState.REFUNDED)


def ends_at(escrow: Escrow) -> datetime | None:
    """Until when the provider may hold an escrow's oldest money; None where it holds none."""
    first = _held(Payment.objects.filter(pledge__escrow=escrow)).aggregate(first=Min("succeeded_at"))["first"]
    return first + limits.longest_hold() if first else None


def _held(payments: QuerySet[Payment]) -> QuerySet[Payment]:
    return payments.filter(captured__gt=F("refund_reserved") + F("lost"), orphan=False)


def watch_holds() -> int:
    """Warn finance 14 and 3 days before the provider's longest hold ends, once each; returns how many warnings."""
    soon = clock.now() + timedelta(days=WARN_DAYS[0]) - limits.longest_hold()
    near = _held(Payment.objects.filter(succeeded_at__lte=soon)).exclude(pledge__escrow__state__in=_AT_REST)
    escrows = Escrow.objects.filter(pk__in=near.values("pledge__escrow")).order_by("pk")
    return sweeps.each(escrows, _warn)


def _warn(escrow: Escrow) -> int:
    ends, warned = ends_at(escrow), 0
    for days in WARN_DAYS if ends else ():
        if ends is None or clock.now() < ends - timedelta(days=days):
            continue
        with transaction.atomic():
            _row, new = HoldWarning.objects.get_or_create(escrow=escrow, days=days)
            if new:
                severity = "critical" if days == WARN_DAYS[-1] else "warning"
                alerting.alert(
                    code="hold_ends_soon", subject=f"escrow:{escrow.key}", severity=severity,
                    data={"days": days, "ends": ends.isoformat()},
                )  # fmt: skip
        warned += new
    return warned


@dataclass(frozen=True)
class Obstacle:
    """Why a choice can't be taken now: a code for machines, a sentence for people."""

    code: str
    sentence: str


def why_not(escrow: Escrow, choice: str) -> Obstacle | None:
    """What stands in the way of releasing or refunding an escrow now; None if nothing does."""
    if escrow.state in (EscrowState.RELEASING, EscrowState.RELEASED):
        return Obstacle("already_released", _("The money has been split already; only the payout is still to be sent."))
    if escrow.state != EscrowState.HOLDING:
        sentence = _("Only while a successful campaign is in its cooling-off time can this be decided.")
        return Obstacle(f"escrow_is_{escrow.state}", sentence)
    if choice == HoldChoice.RELEASE and (blockers := payout_blockers(escrow.creator)):
        return Obstacle(blockers[0], _("The creator can't be paid at present: only a refund is possible."))
    return None


def propose(*, escrow_id: int, choice: str, actor: User, reason: str) -> HoldDecision:
    """One person's word on what is to become of an escrow's money. Finance only, never the creator; with a reason.

    Raises `HoldNotDecidable` naming what stands in the way, `ReasonRequired`, `FourEyesRequired`.
    """
    escrow = Escrow.objects.select_related("creator").get(pk=escrow_id)
    _require_neutral(escrow, actor)
    if choice not in HoldChoice.values or not reason.strip():
        raise ReasonRequired(_("Say what is to be done with the money, and why."), field="reason")
    _require_possible(escrow, choice)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = HoldDecision.objects.create(
                    escrow=escrow, choice=choice, reason=reason.strip(), proposed_by=actor
                )
        except IntegrityError:
            raise IllegalTransition(_("Somebody has proposed something already."), reason="already_proposed") from None
        log_start(machine=HOLD_DECISION, ids=[made.pk], actor=actor, reason=reason.strip())
        audit.record(
            actor=actor, action="hold.proposed", subject=f"escrow:{escrow.key}", reason=reason.strip(), choice=choice
        )
    made.refresh_from_db()
    return made


def confirm(*, decision_id: int, actor: User) -> HoldDecision:
    """The second person's word: it is carried out in the same transaction. Raises as `propose`."""
    decision = HoldDecision.objects.select_related("escrow__creator", "proposed_by").get(pk=decision_id)
    _require_neutral(decision.escrow, actor)
    if decision.proposed_by_id == actor.pk:
        raise FourEyesRequired(_("You have proposed it; another person has to confirm."))
    if not roles.has_role(User.objects.get(pk=decision.proposed_by_id), roles.FINANCE):
        raise FourEyesRequired(_("Who proposed it is no longer of finance: propose it anew."))
    with transaction.atomic():
        escrow = locks.lock_escrow(decision.escrow_id)
        _require_possible(escrow, decision.choice)
        _end(decision, DecisionState.CONFIRMED, actor)
        _CARRY_OUT[decision.choice](escrow, actor, decision)
        jobs.enqueue("funding.settle_escrow", escrow.pk)
        alerting.settled(code="hold_ends_soon", subject=f"escrow:{escrow.key}", because=f"decided: {decision.choice}")
    decision.refresh_from_db()
    return decision


def withdraw(*, decision_id: int, actor: User) -> HoldDecision:
    """Take a proposal back, one's own or another's. Finance only."""
    decision = HoldDecision.objects.select_related("escrow").get(pk=decision_id)
    _require_finance(actor)
    with transaction.atomic():
        _end(decision, DecisionState.WITHDRAWN, actor)
    decision.refresh_from_db()
    return decision


def _end(decision: HoldDecision, target: DecisionState, actor: User) -> None:
    transition(
        machine=HOLD_DECISION, model=HoldDecision, ids=[decision.pk], target=target, actor=actor,
        decided_by=actor.pk, decided_at=AppNow(),
    )  # fmt: skip
    audit.record(
        actor=actor, action=f"hold.{target}", subject=f"escrow:{decision.escrow.key}", reason=decision.reason,
        choice=decision.choice,
    )  # fmt: skip


def _release(escrow: Escrow, actor: User, decision: HoldDecision) -> None:
    # The cooling-off time ends now; the release itself is settlement's, with all its own checks.
    Escrow.objects.filter(pk=escrow.pk).update(hold_until=AppNow())


def _refund(escrow: Escrow, actor: User, decision: HoldDecision) -> None:
    transition(
        machine=ESCROW, model=Escrow, ids=[escrow.pk], target=EscrowState.REFUNDING, actor=actor,
        reason=decision.reason, state_reasons={decision.proposed_by.locale: decision.reason},
    )  # fmt: skip
    announce_state(escrow.pk, EscrowState.REFUNDING)


_CARRY_OUT: dict[str, Callable[[Escrow, User, HoldDecision], None]] = {
    HoldChoice.RELEASE: _release, HoldChoice.REFUND: _refund,
}  # fmt: skip


def _require_possible(escrow: Escrow, choice: str) -> None:
    if obstacle := why_not(escrow, choice):
        raise HoldNotDecidable(obstacle.sentence, reason=obstacle.code)


def _require_finance(actor: User) -> None:
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))


def _require_neutral(escrow: Escrow, actor: User) -> None:
    _require_finance(actor)
    if escrow.creator_id == actor.pk:
        raise FourEyesRequired(_("Nobody decides about their own campaign's money."))
