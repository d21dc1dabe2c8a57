"""A backer takes a pledge back, and reservations that run out. Stock is free again on the provider's answer only."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q
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
from funding.services.expiring import plan_end
from funding.services.swapping import UNPAID, abandon, open_amendment
from funding.states import OPEN_PAYMENT, TAKES_MONEY, AmendmentState, PledgeState

SWEEP_MOST = 1_000


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
    with transaction.atomic():
        send_back(pledge, actor, reason, RefundReason.BACKER_CANCELLED)
        # The refund holds the escrow's row now: a campaign not yet decided will be decided without this money.
        now = Escrow.objects.values_list("state", flat=True).get(pk=pledge.escrow_id)
        if now not in TAKES_MONEY:
            raise _too_late(f"campaign_{now}")


def send_back(pledge: Pledge, actor: User | None, note: str, why: RefundReason) -> None:
    """Send back all that is left of a paid pledge; finance or a change may have sent back a part before.

    An open amendment ends without a change: what is paid for it from now on goes back by itself.
    """
    with transaction.atomic():
        locks.lock_payments(Payment.objects.filter(pledge=pledge).values_list("pk", flat=True))
        amendments = locks.lock_amendments(open_amendment(pledge.pk).values_list("pk", flat=True))
        locked = locks.lock_pledges([pledge.pk])[0]
        if locked.state != PledgeState.PAID:
            # A second click, or a refund run, was faster.
            raise _too_late(f"pledge_{locked.state}")
        for amendment in amendments:
            # One whose refund is under way ends with the refund's answer.
            if amendment.state in UNPAID:
                abandon(amendment, locked, reason="pledge_cancelled", actor=actor)
        refunding.refund_pledge(
            pledge_id=pledge.pk, amount=refunding.remaining(pledge_id=pledge.pk),
            reason=why, actor=actor, note=note,
        )  # fmt: skip


def _too_late(code: str) -> PledgeNotCancellable:
    return PledgeNotCancellable(_("This pledge can't be cancelled any more."), reason=code)


def _end_now(pledge: Pledge) -> None:
    for payment in pledge.payments.filter(state__in=OPEN_PAYMENT).order_by("pk"):
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
        return payment.state not in OPEN_PAYMENT
    with transaction.atomic():
        command = plan_end(payment, target=target)
    commanding.run(command.pk, at_once=True)
    return not GatewayCommand.objects.filter(pk=command.pk, state__in=commanding.UNFINISHED).exists()


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
    due = Payment.objects.filter(state__in=OPEN_PAYMENT).filter(
        Q(pledge__state=PledgeState.RESERVED, pledge__reserved_until__lte=AppNow())
        | Q(amendment__state=AmendmentState.AWAITING_PAYMENT, amendment__expires_at__lte=AppNow())
    )
    return sweeps.each(due.order_by("pk")[:SWEEP_MOST], end_checkout)
