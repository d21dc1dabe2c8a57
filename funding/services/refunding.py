"""Asking for money back: reserved on the payment, out of the escrow at once, the provider called after commit.

`refund_answers` takes the provider's word on what was asked here.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cms.core import clock
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import locks
from funding.exceptions import FundsReleased, IllegalTransition, ReasonRequired, RefundExceedsPayment
from funding.gateways import limits
from funding.models import Amendment, Escrow, Payment, Pledge, Refund, RefundClaim
from funding.models.debts import DebtCause
from funding.models.refunds import RefundReason
from funding.money import BadAmount, check_amount, major
from funding.services import claiming, contesting, owing, recounting
from funding.services.contesting import require_undisputed
from funding.services.refund_calls import journal_key
from funding.services.refund_cases import (
    CLOSED,
    PAID_OUT,
    Case,
    announce_totals,
    left_of,
    lock_case,
    plan_call,
    post_asked,
)
from funding.states import PLEDGE, REFUND, PledgeState, RefundState
from funding.transitions import log_start, transition


def refund_payment(
    *, payment_id: int, amount: int, reason: str, actor: User | None, note: str = "",
    amendment: Amendment | None = None, late: bool = False,
) -> Refund:  # fmt: skip
    """Ask for a refund of `amount` minor units of a payment; the provider is called after commit.

    A refund of all that is left moves the pledge to refund_pending, and to refunded when the money has arrived.
    `late` is for money that has been paid out: the platform pays, the creator owes it; who may say so is the caller's
    to know. Raises `RefundExceedsPayment`, `FundsReleased` once the escrow is paid out, `BadAmount`.
    """
    check_amount(amount, minimum=1)
    with transaction.atomic():
        payment = locks.lock_payment(payment_id)
        pledge = locks.lock_pledges([payment.pledge_id])[0]
        _require_refundable(pledge, payment, late=late)
        # The CHECK on the row says the same: no path can promise more than came in.
        if (late and amount > contesting.refundable(payment)) or not _reserve(payment_id, amount):
            raise RefundExceedsPayment(
                _("More would go back than came in."), field="amount", remaining=contesting.refundable(payment)
            )
        payment.refund_reserved += amount
        refund = Refund.objects.create(
            payment=payment, amount=amount, currency=payment.currency, reason=reason, note=note, requested_by=actor,
            amendment=amendment, late=late,
        )  # fmt: skip
        log_start(machine=REFUND, ids=[refund.pk], actor=actor, reason=note or reason)
        _ask(Case(payment, refund, pledge), actor)
    return refund


def _reserve(payment_id: int, amount: int) -> bool:
    enough = Payment.objects.filter(pk=payment_id, captured__gte=F("refund_reserved") + F("lost") + amount)
    return bool(enough.update(refund_reserved=F("refund_reserved") + amount))


def refund_pledge(
    *, pledge_id: UUID | str, amount: int, reason: str, actor: User | None, note: str = "",
    amendment: Amendment | None = None, late: bool = False,
) -> list[Refund]:  # fmt: skip
    """Refund `amount` minor units of a pledge that may have several payments; errors as `refund_payment`.

    The newest payment that can carry all of it does: one refund, and the longest time left in the method's window.
    Where none can, the newest gives all it has, then the one before it.
    """
    check_amount(amount, minimum=1)
    with transaction.atomic():
        payments = locks.lock_payments(_counted(pledge_id).values_list("pk", flat=True))[::-1]
        left = {payment.pk: contesting.refundable(payment) for payment in payments}
        if amount > sum(left.values()):
            raise RefundExceedsPayment(
                _("More would go back than came in."), field="amount", remaining=sum(left.values())
            )
        parts = [(pk, amount) for pk, most in left.items() if most >= amount][:1]
        if not parts:
            for pk, most in left.items():
                parts.append((pk, min(most, amount - sum(part for _pk, part in parts))))
        return [
            refund_payment(
                payment_id=pk, amount=part, reason=reason, actor=actor, note=note, amendment=amendment, late=late
            )
            for pk, part in parts if part
        ]  # fmt: skip


def _counted(pledge_id: UUID | str) -> QuerySet[Payment]:
    return Payment.objects.filter(pledge_id=pledge_id, captured__gt=0, orphan=False)


def finance_refund(*, pledge_id: UUID | str, amount: int, reason: str, actor: User) -> Refund:
    """Refund part or all of a pledge by decision of finance, with a reason in words. Errors as `refund_payment`.

    Returns the first refund, where several payments have to carry it.
    """
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    if not reason.strip():
        raise ReasonRequired(_("Say why the money goes back."), field="reason")
    payment = _counted(pledge_id).first()
    if payment is None:
        raise RefundExceedsPayment(_("Nothing was paid for this pledge."), field="amount", remaining=0)
    check_step(amount, payment.currency)
    with transaction.atomic():
        refunds = refund_pledge(
            pledge_id=pledge_id, amount=amount, reason=RefundReason.FINANCE, actor=actor, note=reason.strip()
        )
        audit.record(
            actor=actor, action="refund.asked", subject=f"pledge:{pledge_id}", reason=reason, amount=amount,
            refunds=[refund.pk for refund in refunds],
        )  # fmt: skip
    return refunds[0]


def check_step(amount: int, currency: str) -> None:
    """Raise `BadAmount` for an amount that is not positive or not in the currency's steps."""
    step = limits.STEP.get(currency, 1)
    if check_amount(amount, minimum=1) % step:
        sentence = _("Amounts in %(currency)s go in steps of %(amount)s.")
        raise BadAmount(sentence % {"currency": currency, "amount": major(step, currency)}, field="amount")


def remaining(*, pledge_id: UUID | str) -> int:
    """Minor units of a pledge that were paid and are neither refunded nor promised back."""
    return left_of(pledge_id)


def refund_orphan(*, payment_id: int) -> Refund:
    """Send back a payment that came too late to count; the same payment twice is one refund."""
    known = Refund.objects.filter(payment_id=payment_id, reason=RefundReason.ORPHAN).first()
    if known:
        return known
    payment = Payment.objects.get(pk=payment_id)
    return refund_payment(payment_id=payment_id, amount=payment.captured, reason=RefundReason.ORPHAN, actor=None)


def _require_refundable(pledge: Pledge, payment: Payment, *, late: bool = False) -> None:
    require_undisputed(payment)
    if payment.orphan:
        return
    if pledge.state not in (PledgeState.PAID, PledgeState.REFUND_PENDING):
        raise IllegalTransition(
            _("This pledge can't be refunded now."), reason=f"pledge_is_{pledge.state}", state=pledge.state
        )
    closed = Escrow.objects.filter(pk=pledge.escrow_id, state__in=CLOSED - PAID_OUT if late else CLOSED)
    if closed.exists():
        raise _released()
    if late and contesting.in_escrow(payment, pledge.escrow):
        # The sweep releases what a dispute had kept back; then it is the creator's.
        raise IllegalTransition(
            _("Part of this pledge is being released right now: try again in a minute."), reason="release_under_way"
        )


def _released() -> FundsReleased:
    return FundsReleased(_("The money of this campaign has been paid out: a refund now takes two people of finance."))


def _ask(case: Case, actor: User | None) -> None:
    """Take the money out of the escrow and plan the call; the refund's amount is reserved already."""
    refund, pledge = case.refund, case.pledge
    ended: list[UUID] = []
    if case.whole:
        # An orphan's pledge may have been paid by another checkout: that one is left alone.
        sources = [PledgeState.PAID] if case.counts else [PledgeState.EXPIRED, PledgeState.CANCELLED]
        ended = transition(
            machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=PledgeState.REFUND_PENDING, sources=sources,
            actor=actor, reason=refund.reason, strict=False,
        )  # fmt: skip
    _send(case)
    if case.counts:
        recounting.take_off(escrow_id=pledge.escrow_id, amount=0 if refund.late else refund.amount, pledges=ended)
        if refund.late:
            owing.incur(escrow=pledge.escrow, cause=DebtCause.REFUND, amount=refund.amount, refund=refund)
        else:
            _require_still_open(pledge.escrow_id)
        post_asked(case)
        announce_totals(pledge.escrow_id, f"{journal_key(refund)}:asked")


def _send(case: Case) -> None:
    """Have the provider asked, unless the method takes no refund of so old a payment: then it is a claim at once."""
    payment = case.payment
    if limits.refund_window_passed(method=payment.method, paid_at=payment.succeeded_at, now=clock.now()):
        claiming.open_claims([case.refund.pk], claiming.WINDOW_PASSED)
    else:
        plan_call(case)


def _require_still_open(escrow_id: int) -> None:
    # Its row is ours since the totals changed: a release can't slip in between.
    if Escrow.objects.filter(pk=escrow_id, state__in=CLOSED).exists():
        raise _released()


def retry_refund(*, refund_id: int, actor: User) -> Refund:
    """Ask again for a refund that failed, or for a claim's. Finance only.

    Raises `ClaimNotOpen` while the provider has been asked, else as `refund_payment`.
    """
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    with transaction.atomic():
        case = lock_case(refund_id)
        refund = case.refund
        if refund.state == RefundState.FAILED:
            _ask_again(case, actor)
        elif RefundClaim.objects.filter(refund=refund).exists():
            require_undisputed(case.payment)
            claiming.retry_claim(case, actor)
        else:
            raise IllegalTransition(_("This refund needs no retry."), reason=f"refund_is_{refund.state}")
        audit.record(actor=actor, action="refund.retried", subject=f"refund:{refund_id}", attempt=refund.attempt)
    return refund


def _ask_again(case: Case, actor: User) -> None:
    refund, payment = case.refund, case.payment
    if refund.late:
        raise IllegalTransition(_("Its debt is settled: propose the refund anew."), reason="late_refund_ended")
    _require_refundable(case.pledge, payment)
    if not _reserve(payment.pk, refund.amount):
        raise RefundExceedsPayment(_("More would go back than came in."), remaining=payment.remaining)
    payment.refund_reserved += refund.amount
    transition(
        machine=REFUND, model=Refund, ids=[refund.pk], target=RefundState.REQUESTED, actor=actor, reason="retried",
        attempt=refund.attempt + 1, external_id="",
    )  # fmt: skip
    refund.refresh_from_db()
    _ask(case, actor)
