"""Refunds after the payout: the platform pays the backer, and the creator owes it.

One person of finance proposes, another confirms, and the provider is asked at once. Journals: `refund:<id>[:<n>]`
receivable:creator → refund payable; `…:succeeded` as ever; `…:failed` back to receivable:creator, or to whoever has
made the debt good meanwhile. The debt stands while the backer is owed the money; it is netted from the next payout.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding.exceptions import FourEyesRequired, IllegalTransition, ReasonRequired, RefundExceedsPayment
from funding.models import Escrow, LateRefund, Pledge, Refund
from funding.models.refunds import RefundReason
from funding.services import refunding
from funding.services.refund_cases import PAID_OUT, left_of
from funding.states import LATE_REFUND, DecisionState, PledgeState
from funding.transitions import log_start, transition


@dataclass(frozen=True)
class Obstacle:
    """Why a pledge can't be refunded after the payout: a code for machines, a sentence for people."""

    code: str
    sentence: str


def is_paid_out(pledge: Pledge) -> bool:
    """Whether the pledge's campaign has been released, so that a refund is a late one."""
    return Escrow.objects.filter(pk=pledge.escrow_id, state__in=PAID_OUT).exists()


def why_not(pledge: Pledge) -> Obstacle | None:
    """What stands in the way of a late refund now; None if nothing does."""
    if not is_paid_out(pledge):
        return Obstacle("not_paid_out", _("The campaign's money is still held: refund the pledge from it."))
    if pledge.state not in (PledgeState.PAID, PledgeState.REFUND_PENDING):
        return Obstacle(f"pledge_is_{pledge.state}", _("This pledge can't be refunded now."))
    if not left_of(pledge.pk):
        return Obstacle("nothing_left", _("All of this pledge has gone back already."))
    return None


def propose(*, pledge_id: UUID | str, amount: int, actor: User, reason: str) -> LateRefund:
    """One person's word that `amount` minor units of a pledge go back after the payout. Finance only, with a reason.

    Raises `IllegalTransition` naming what stands in the way, `FourEyesRequired` for one's own campaign or pledge,
    `ReasonRequired`, `RefundExceedsPayment`, `BadAmount`.
    """
    pledge = Pledge.objects.select_related("escrow").get(pk=pledge_id)
    _require_neutral(pledge, actor)
    reason = reason.strip()
    if not reason:
        raise ReasonRequired(_("Say why the money goes back."), field="reason")
    _require_possible(pledge)
    refunding.check_step(amount, pledge.currency)
    if amount > (left := left_of(pledge.pk)):
        raise RefundExceedsPayment(_("More would go back than came in."), field="amount", remaining=left)
    with transaction.atomic():
        try:
            with transaction.atomic():
                made = LateRefund.objects.create(
                    pledge=pledge, amount=amount, currency=pledge.currency, reason=reason, proposed_by=actor
                )
        except IntegrityError:
            raise IllegalTransition(_("Somebody has proposed something already."), reason="already_proposed") from None
        log_start(machine=LATE_REFUND, ids=[made.pk], actor=actor, reason=reason)
        audit.record(
            actor=actor, action="late_refund.proposed", subject=f"pledge:{pledge_id}", reason=reason, amount=amount
        )
    made.refresh_from_db()
    return made


def confirm(*, late_id: int, actor: User) -> list[Refund]:
    """The second person's word: the refunds are asked for in the same transaction. Raises as `propose`."""
    late = LateRefund.objects.select_related("pledge__escrow", "proposed_by").get(pk=late_id)
    _require_neutral(late.pledge, actor)
    if late.proposed_by_id == actor.pk:
        raise FourEyesRequired(_("You have proposed it; another person has to confirm."))
    if not roles.has_role(User.objects.get(pk=late.proposed_by_id), roles.FINANCE):
        raise FourEyesRequired(_("Who proposed it is no longer of finance: propose it anew."))
    _require_possible(late.pledge)
    with transaction.atomic():
        _end(late, DecisionState.CONFIRMED, actor)
        return refunding.refund_pledge(
            pledge_id=late.pledge_id, amount=late.amount, reason=RefundReason.FINANCE, actor=actor, note=late.reason,
            late=True,
        )  # fmt: skip


def withdraw(*, late_id: int, actor: User) -> LateRefund:
    """Take a proposal back, one's own or another's. Finance only."""
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    late = LateRefund.objects.get(pk=late_id)
    with transaction.atomic():
        _end(late, DecisionState.WITHDRAWN, actor)
    late.refresh_from_db()
    return late


def _end(late: LateRefund, target: DecisionState, actor: User) -> None:
    transition(
        machine=LATE_REFUND, model=LateRefund, ids=[late.pk], target=target, actor=actor, decided_by=actor.pk,
        decided_at=AppNow(),
    )  # fmt: skip
    audit.record(
        actor=actor, action=f"late_refund.{target}", subject=f"pledge:{late.pledge_id}", reason=late.reason,
        amount=late.amount,
    )  # fmt: skip


def _require_possible(pledge: Pledge) -> None:
    if obstacle := why_not(pledge):
        raise IllegalTransition(obstacle.sentence, reason=obstacle.code, state=pledge.state)


def _require_neutral(pledge: Pledge, actor: User) -> None:
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    if actor.pk in (pledge.escrow.creator_id, pledge.backer_id):
        raise FourEyesRequired(_("Nobody decides about their own campaign's money or their own pledge."))
