"""Looks after payments and refunds whose webhook never came, along the same path as a webhook."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from cms.core import sweeps
from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.gateways import get_gateway
from funding.models import Payment, Refund
from funding.services import alerting, paying, refund_answers
from funding.states import RefundState

# Real time between two looks at one payment, and the most of one sweep: the provider counts requests.
SPACING = timedelta(seconds=5)
SWEEP_MOST = 400


def poll_payments() -> int:
    """Ask the provider about open payments, the longest unasked first; returns how many were asked about."""
    now = timezone.now()
    due = (
        Payment.objects.filter(Q(polled_at=None) | Q(polled_at__lte=now - SPACING), state__in=paying.UNDER_WAY)
        .exclude(session_id="")
        .order_by(F("polled_at").asc(nulls_first=True), "pk")
    )
    return sweeps.each(list(due.values_list("pk", flat=True)[:SWEEP_MOST]), _poll_payment)


def _poll_payment(payment_id: int) -> bool:
    Payment.objects.filter(pk=payment_id).update(polled_at=timezone.now())
    try:
        paying.refresh_payment(payment_id=payment_id)
    except ProviderUnavailable as error:
        raise sweeps.EnoughError from error
    except ProviderRefused:
        _missing(f"payment:{payment_id}")
    return True


def poll_refunds() -> int:
    """Ask the provider about refunds that have not arrived yet; returns how many were asked about."""
    waiting = Refund.objects.filter(state__in=[RefundState.SUBMITTED, RefundState.PENDING]).exclude(external_id="")
    # By chance: the oldest may stay pending for days and would keep all others from ever being looked at.
    return sweeps.each(
        list(waiting.order_by("?").values_list("pk", "external_id", "payment__provider")[:SWEEP_MOST]), _poll_refund
    )


def _poll_refund(waiting: tuple[int, str, str]) -> bool:
    refund_id, external_id, provider = waiting
    try:
        snapshot = get_gateway(provider).retrieve_refund(external_id)
    except ProviderUnavailable as error:
        raise sweeps.EnoughError from error
    except ProviderRefused:
        _missing(f"refund:{refund_id}", external_id=external_id)
        return False
    refund_answers.apply_refund(refund_id=refund_id, snapshot=snapshot)
    return True


def _missing(subject: str, **data: str) -> None:
    alerting.alert(code="object_missing", subject=subject, severity="warning", data=data)
