"""What the provider says about a checkout becomes money here. A snapshot may come late, twice or out of order."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from cms.core import clock, events
from cms.core.clock import AppNow
from funding import chart, ledger, locks
from funding.exceptions import ProviderRefused
from funding.gateways import get_gateway
from funding.gateways.base import CheckoutSnapshot
from funding.ledger import Line, Posting
from funding.models import Amendment, Escrow, GatewayCommand, Payment, Pledge
from funding.models.commands import CommandKind
from funding.services import alerting, refunding, stocking, swapping
from funding.states import OPEN_PAYMENT, PAYMENT, PLEDGE, TAKES_MONEY, PaymentState, PledgeState
from funding.transitions import transition

logger = logging.getLogger("kindling.payments")

_Y, _P = PaymentState, PledgeState
UNDER_WAY = (_Y.SUBMITTING, _Y.REQUIRES_ACTION, _Y.PROCESSING)


class _NoLongerCountsError(Exception):
    """The rules don't let this payment count; what was done for it is rolled back."""


def apply_snapshot(*, payment_id: int, snapshot: CheckoutSnapshot) -> None:
    """Bring a payment and its pledge up to what the provider says. Monotone: nothing undoes a success.

    A success is captured into the escrow if the rules let it count, else the payment is an orphan and refunded by
    itself. A snapshot of another amount or currency is an anomaly: finance is told, and it is never counted.
    """
    with transaction.atomic():
        payment = locks.lock_payment(payment_id)
        if _differs(payment, snapshot):
            _alarm("amount_differs", payment, snapshot)
            return
        if payment.session_id and payment.session_id != snapshot.external_id:
            _alarm("other_checkout", payment, snapshot)
            return
        _remember(payment, snapshot)
        if snapshot.paid:
            _succeed(payment, snapshot)
        elif snapshot.status == "expired":
            _end(payment, _Y.CANCELLED)
        elif snapshot.status == "complete" and snapshot.intent_status in ("requires_payment_method", "canceled"):
            _end(payment, _Y.FAILED, code=snapshot.failure_code or "payment_failed")
        elif snapshot.intent_status in (_Y.REQUIRES_ACTION, _Y.PROCESSING):
            _move(payment, snapshot.intent_status, sources=UNDER_WAY)


def refresh_payment(*, payment_id: int) -> None:
    """Ask the provider how a payment stands and apply it: poller, webhook and return page alike.

    Raises `ProviderUnavailable`. A payment whose checkout is not open yet is left alone.
    """
    session_id, provider = Payment.objects.values_list("session_id", "provider").get(pk=payment_id)
    if session_id:
        apply_snapshot(payment_id=payment_id, snapshot=get_gateway(provider).retrieve_checkout(session_id))


def record_opened(command: GatewayCommand, snapshot: CheckoutSnapshot) -> None:
    """The checkout is open: from here on the backer may pay."""
    transition(
        machine=PAYMENT, model=Payment, ids=[subject_id(command)], target=_Y.SUBMITTING, sources=[_Y.CREATED],
        strict=False, session_id=snapshot.external_id, checkout_url=snapshot.url,
    )  # fmt: skip


def record_refused(command: GatewayCommand, error: ProviderRefused) -> None:
    """The provider will not take this payment: the reservation ends."""
    payment = locks.lock_payment(subject_id(command))
    _end(payment, _Y.CANCELLED, code=str(error.extra.get("provider_code") or error.code)[:80])


def record_ended(command: GatewayCommand, snapshot: CheckoutSnapshot) -> None:
    """The answer to a request to end a checkout: it has ended, or was paid or begun meanwhile."""
    apply_snapshot(payment_id=subject_id(command), snapshot=snapshot)


def record_not_ended(command: GatewayCommand, error: ProviderRefused) -> None:
    """The provider will not end a checkout: the poller goes on watching it, unless there is none to watch.

    Then nobody can pay it, and the reservation would never end.
    """
    alerting.alert(
        code="checkout_not_ended", subject=command.subject, severity="warning",
        data={"session": command.payload.get("session_id"), **error.extra},
    )  # fmt: skip
    if error.extra.get("provider_code") == "resource_missing":
        _end(locks.lock_payment(subject_id(command)), _Y.CANCELLED, code="checkout_missing")


def subject_id(command: GatewayCommand) -> int:
    """The id in `payment:12`."""
    return int(command.subject.partition(":")[2])


def _differs(payment: Payment, snapshot: CheckoutSnapshot) -> bool:
    # Some providers tell the sum of paid orders only; of a paid one it is never left out.
    untold = snapshot.amount is None and not snapshot.paid
    return snapshot.currency != payment.currency or not (untold or snapshot.amount == payment.amount)


def _alarm(code: str, payment: Payment, snapshot: CheckoutSnapshot) -> None:
    data = {
        "ours": payment.amount, "theirs": snapshot.amount, "currency": payment.currency,
        "their_currency": snapshot.currency, "session": snapshot.external_id, "paid": snapshot.paid,
    }  # fmt: skip
    alerting.alert(code=code, subject=f"payment:{payment.pk}", severity="critical", data=data)


def _remember(payment: Payment, snapshot: CheckoutSnapshot) -> None:
    """Keep what is new about a payment that has not succeeded yet."""
    if payment.state == _Y.SUCCEEDED:
        return
    begun = min((at for at in (payment.begun_at, snapshot.begun_at) if at), default=None)
    known = {
        "session_id": snapshot.external_id,
        "intent_id": snapshot.intent_id or payment.intent_id,
        "failure_code": snapshot.failure_code[:80],
        "begun_at": begun,
    }
    changed = {name: value for name, value in known.items() if getattr(payment, name) != value}
    if not changed:
        return
    Payment.objects.filter(pk=payment.pk).update(**changed)
    for name, value in changed.items():
        setattr(payment, name, value)


def _move(payment: Payment, target: str, *, sources: Sequence[str] | None = None, **fields: Any) -> bool:
    moved = transition(
        machine=PAYMENT, model=Payment, ids=[payment.pk], target=target, sources=sources, strict=False, **fields
    )
    if moved:
        payment.state = target
    return bool(moved)


def _succeed(payment: Payment, snapshot: CheckoutSnapshot) -> None:
    if payment.state == _Y.SUCCEEDED:
        _post_fee(payment, snapshot)
        return
    # An answer that we never got opened this checkout.
    _move(payment, _Y.SUBMITTING, sources=[_Y.CREATED])
    _move(
        payment, _Y.SUCCEEDED, captured=payment.amount, charge_id=snapshot.charge_id, method=snapshot.method,
        succeeded_at=AppNow(), failure_code="",
    )  # fmt: skip
    amendment = locks.lock_amendment(payment.amendment_id) if payment.amendment_id else None
    pledge = locks.lock_pledges([payment.pledge_id])[0]
    try:
        with transaction.atomic():
            if amendment:
                _count_difference(payment, amendment, pledge)
            else:
                _count(payment, pledge)
    except _NoLongerCountsError as reason:
        _set_apart(payment, pledge, str(reason))
    _post_fee(payment, snapshot)


def _count(payment: Payment, pledge: Pledge) -> None:
    """Let the money count: pledge, stock, backer, totals, journal, in the order of locks."""
    escrow = Escrow.objects.get(pk=pledge.escrow_id)
    if (payment.begun_at or clock.now()) >= escrow.deadline:
        raise _NoLongerCountsError("begun_after_deadline")
    if pledge.state == _P.RESERVED:
        stocking.sell([pledge.pk])
    elif pledge.state == _P.EXPIRED:
        if not stocking.retake(pledge.pk):
            raise _NoLongerCountsError("sold_out")
    else:
        raise _NoLongerCountsError(f"pledge_{pledge.state}")
    transition(machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=_P.PAID, paid_at=AppNow(), ended_at=None)
    first = _add_backing(pledge)
    taken = Escrow.objects.filter(pk=escrow.pk, state__in=TAKES_MONEY).update(
        captured=F("captured") + payment.amount, backers=F("backers") + first
    )
    if not taken:
        raise _NoLongerCountsError("campaign_decided")
    _post_capture(payment, escrow, chart.escrow(escrow.key))
    announced = {"escrow": str(escrow.pk), "pledges": [str(pledge.pk)]}
    events.publish(name="funding.pledge_paid", key=f"pledge_paid:{payment.pk}", payload=announced)
    events.publish(
        name="funding.totals_changed", key=f"totals_changed:capture:{payment.pk}", payload={"escrow": str(escrow.pk)}
    )


def _count_difference(payment: Payment, amendment: Amendment, pledge: Pledge) -> None:
    """Let the difference of an amendment count, and with it the change. Its backer counts already."""
    if reason := swapping.why_it_cannot_apply(amendment, pledge):
        raise _NoLongerCountsError(reason)
    swapping.apply_amendment(amendment, pledge)
    escrow = Escrow.objects.get(pk=pledge.escrow_id)
    # The same condition once more, where it can't change any more: the row is ours from here on.
    running = Escrow.objects.filter(pk=escrow.pk, state__in=swapping.CHANGEABLE, deadline__gt=AppNow())
    if not running.update(captured=F("captured") + payment.amount):
        raise _NoLongerCountsError("campaign_over")
    _post_capture(payment, escrow, chart.escrow(escrow.key))
    events.publish(
        name="funding.totals_changed", key=f"totals_changed:capture:{payment.pk}", payload={"escrow": str(escrow.pk)}
    )


def _set_apart(payment: Payment, pledge: Pledge, reason: str) -> None:
    """An orphan: its money never enters the escrow's own account, and goes back by itself."""
    Payment.objects.filter(pk=payment.pk).update(orphan=True)
    payment.orphan = True
    if payment.amendment_id:
        _end_amendment(payment, pledge, reason)
    elif pledge.state == _P.RESERVED and not _has_another_checkout(payment):
        _end_pledges([pledge.pk], _P.EXPIRED, reason)
    _post_capture(payment, pledge.escrow, chart.refund_payable(pledge.escrow.key))
    refunding.refund_orphan(payment_id=payment.pk)
    logger.warning("Payment %s can't count (%s) and is refunded", payment.pk, reason)


def _post_capture(payment: Payment, escrow: Escrow, credit: str) -> None:
    line = Line(chart.provider(payment.provider), credit, payment.amount)
    key = f"capture:{payment.pk}"
    ledger.post(key=key, kind="capture", escrow=escrow, lines=[line], currency=payment.currency)


def _post_fee(payment: Payment, snapshot: CheckoutSnapshot) -> None:
    """The provider's own fee, once it is known."""
    if payment.provider_fee is not None or snapshot.fee is None:
        return
    if snapshot.fee_currency != payment.currency:
        alerting.alert(
            code="fee_currency", subject=f"payment:{payment.pk}", severity="warning",
            data={"ours": payment.currency, "theirs": snapshot.fee_currency, "fee": snapshot.fee},
        )  # fmt: skip
        return
    Payment.objects.filter(pk=payment.pk).update(provider_fee=snapshot.fee)
    if snapshot.fee:
        line = Line(chart.PROVIDER_FEES, chart.provider(payment.provider), snapshot.fee)
        escrow_id = Pledge.objects.values_list("escrow_id", flat=True).get(pk=payment.pledge_id)
        ledger.post_many([
            Posting(f"provider_fee:{payment.pk}", "provider_fee", [line], payment.currency, escrow_id)
        ])  # fmt: skip


def _add_backing(pledge: Pledge) -> int:
    """1 if the person had no paid pledge on the escrow before, else 0."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO funding_backing AS backing (escrow_id, person, paid_pledges) VALUES (%s, %s, 1) "
            "ON CONFLICT (escrow_id, person) DO UPDATE SET paid_pledges = backing.paid_pledges + 1 "
            "RETURNING paid_pledges",
            [pledge.escrow_id, pledge.person],
        )
        return int(cursor.fetchone()[0] == 1)


def _end(payment: Payment, target: str, *, code: str = "") -> None:
    """A checkout ended unpaid: the payment is over, and with it the reservation."""
    fields: dict[str, Any] = {"failure_code": code} if code else {}
    if payment.state == _Y.CREATED and target == _Y.FAILED:
        _move(payment, _Y.SUBMITTING)
    if not _move(payment, target, sources=[_Y.CREATED, *UNDER_WAY], **fields):
        return
    if payment.amendment_id:
        locks.lock_amendment(payment.amendment_id)
    pledge = locks.lock_pledges([payment.pledge_id])[0]
    if payment.amendment_id:
        _end_amendment(payment, pledge, code or "checkout_ended")
        return
    if pledge.state != _P.RESERVED or _has_another_checkout(payment):
        return
    ended = _end_pledges([pledge.pk], _wish(payment), code or "checkout ended")
    announced = {"escrow": str(pledge.escrow_id), "pledges": [str(pk) for pk in ended]}
    if code:
        events.publish(
            name="funding.payment_failed", key=f"payment_failed:{payment.pk}", payload=announced | {"code": code}
        )
    else:
        events.publish(name="funding.pledge_cancelled", key=f"pledge_cancelled:{payment.pk}", payload=announced)


def _end_amendment(payment: Payment, pledge: Pledge, reason: str) -> None:
    amendment = Amendment.objects.get(payments=payment)
    if amendment.is_open:
        swapping.abandon(amendment, pledge, reason=reason[:80])


def _has_another_checkout(payment: Payment) -> bool:
    """Whether the pledge waits in a later checkout: it was taken up again after this one."""
    others = Payment.objects.filter(pledge_id=payment.pledge_id, amendment=None, state__in=OPEN_PAYMENT)
    return others.exclude(pk=payment.pk).exists()


def _wish(payment: Payment) -> str:
    """Cancelled if it was the backer who asked for the end, else expired."""
    asked = GatewayCommand.objects.filter(kind=CommandKind.EXPIRE_CHECKOUT, subject=f"payment:{payment.pk}")
    return _P.CANCELLED if asked.filter(payload__target=str(_P.CANCELLED)).exists() else _P.EXPIRED


def _end_pledges(ids: Sequence[UUID], target: str, reason: str) -> list[UUID]:
    ended = transition(
        machine=PLEDGE, model=Pledge, ids=ids, target=target, sources=[_P.RESERVED], reason=reason, strict=False,
        ended_at=AppNow(),
    )  # fmt: skip
    if ended:
        stocking.release(ended)
    return ended
