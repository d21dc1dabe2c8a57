"""A backer takes a pledge back, and reservations that run out. Stock is free again on the provider's answer only."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core import sweeps
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users.models import User
from funding import locks
from funding.exceptions import PledgeNotCancellable, ProviderUnavailable
from funding.models import Escrow, GatewayCommand, Payment, Pledge
from funding.models.commands import CommandKind
from funding.models.refunds import RefundReason
from funding.selectors import why_not
from funding.services import commanding, refunding
from funding.states import TAKES_MONEY, PaymentState, PledgeState

SWEEP_MOST = 1_000
OPEN = (
    PaymentState.CREATED, PaymentState.SUBMITTING, PaymentState.REQUIRES_ACTION, PaymentState.PROCESSING,
)  # fmt: skip


def cancel_pledge(*, pledge_id: UUID | str, actor: User | None, reason: str = "") -> Pledge:
    """Take a pledge back: a reserved one ends with its checkout, a paid one is refunded in full.

    `actor` is None for a guest, whose token the caller has checked; a member may cancel their own only. Raises
    `NotAllowed`, `PledgeNotCancellable` with a reason code, `ProviderUnavailable` when the checkout can't be ended now.
    """
    pledge = Pledge.objects.select_related("escrow").get(pk=pledge_id)
    if actor is not None and pledge.backer_id != actor.pk:
        raise NotAllowed(_("This pledge is somebody else's."))
    if code := why_not(pledge).get("cancel"):
        raise _too_late(code)
    if pledge.state == PledgeState.PAID:
        _refund(pledge, actor, reason)
    else:
        _end_now(pledge)
    pledge.refresh_from_db()
    if pledge.state == PledgeState.PAID:
        # It was paid while it was being cancelled: the backer's word stands.
        _refund(pledge, actor, reason)
        pledge.refresh_from_db()
    return pledge


def _refund(pledge: Pledge, actor: User | None, reason: str) -> None:
    """Send back all that is left of a paid pledge; finance may have sent back a part before."""
    with transaction.atomic():
        payment = locks.lock_payment(Payment.objects.get(pledge=pledge, captured__gt=0, orphan=False).pk)
        state = locks.lock_pledges([pledge.pk])[0].state
        if state != PledgeState.PAID:
            # A second click, or a refund run, was faster.
            raise _too_late(f"pledge_{state}")
        refunding.refund_payment(
            payment_id=payment.pk, amount=payment.remaining,
            reason=RefundReason.BACKER_CANCELLED, actor=actor, note=reason,
        )  # fmt: skip
        # The refund holds the escrow's row now: a campaign not yet decided will be decided without this money.
        now = Escrow.objects.values_list("state", flat=True).get(pk=pledge.escrow_id)
        if now not in TAKES_MONEY:
            raise _too_late(f"campaign_{now}")


def _too_late(code: str) -> PledgeNotCancellable:
    return PledgeNotCancellable(_("This pledge can't be cancelled any more."), reason=code)


def _end_now(pledge: Pledge) -> None:
    for payment in pledge.payments.filter(state__in=OPEN).order_by("pk"):
        if not end_checkout(payment, target=PledgeState.CANCELLED):
            message = _("The payment provider can't be reached. Nothing was charged; please try again in a moment.")
            raise ProviderUnavailable(message, pledge=str(pledge.pk))
    pledge.refresh_from_db()
    if pledge.state == PledgeState.RESERVED:
        raise PledgeNotCancellable(_("The payment is being made right now."), reason="payment_in_progress")


def end_checkout(payment: Payment, *, target: str = PledgeState.EXPIRED) -> bool:
    """Ask the provider to end an open checkout, now; True once it has answered. Outside any transaction.

    `target` is what becomes of the pledge if the checkout ends unpaid.
    """
    if not payment.session_id and not _find_session(payment):
        return payment.state not in OPEN
    with transaction.atomic():
        command = plan_end(payment, target=target)
    commanding.run(command.pk, at_once=True)
    return not GatewayCommand.objects.filter(pk=command.pk, state__in=commanding.UNFINISHED).exists()


def plan_end(payment: Payment, *, target: str = PledgeState.EXPIRED) -> GatewayCommand:
    """Plan the end of an open checkout in the caller's transaction; twice is once."""
    return commanding.plan(
        kind=CommandKind.EXPIRE_CHECKOUT, subject=f"payment:{payment.pk}",
        idempotency_key=f"expire:{payment.session_id}",
        payload={"session_id": payment.session_id, "target": str(target)}, provider=payment.provider,
    )  # fmt: skip


def _find_session(payment: Payment) -> bool:
    """A checkout whose opening nobody knows the outcome of is opened for certain, so that it can be ended."""
    command = GatewayCommand.objects.filter(
        kind=CommandKind.CREATE_CHECKOUT, subject=f"payment:{payment.pk}", state__in=commanding.UNFINISHED
    ).first()
    if command is not None:
        commanding.run(command.pk, at_once=True)
    payment.refresh_from_db()
    return bool(payment.session_id)


def expire_due() -> int:
    """End every reservation whose time is up; returns how many checkouts the provider has answered for."""
    due = Payment.objects.filter(
        state__in=OPEN, pledge__state=PledgeState.RESERVED, pledge__reserved_until__lte=AppNow()
    ).order_by("pk")
    return sweeps.each(due[:SWEEP_MOST], end_checkout)
