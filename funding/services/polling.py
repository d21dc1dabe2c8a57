"""Looks after payments, refunds and disputes whose webhook never came, along the same path as a webhook."""

from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from cms.core import sweeps
from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.gateways import get_gateway
from funding.gateways.base import DisputeSnapshot
from funding.models import Dispute, Payment, Refund
from funding.services import alerting, contesting, disputing, paying, refund_answers
from funding.states import PaymentState, RefundState

# Real time between two looks at one payment, and the most of one sweep: the provider counts requests.
SPACING = timedelta(seconds=5)
SWEEP_MOST = 400
# A dispute takes weeks; a look an hour is enough where events get lost.
DISPUTE_SPACING = timedelta(hours=1)
DISPUTE_OVERLAP = timedelta(days=1)


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


def poll_disputes() -> int:
    """Look for disputes of which no event came, and at those that are undecided; returns how many were looked at."""
    return sweeps.each(_unheard_disputes(), _apply_dispute) + _poll_undecided()


def _unheard_disputes() -> list[DisputeSnapshot]:
    if not Payment.objects.filter(provider="stripe", state=PaymentState.SUCCEEDED).exists():
        return []
    # The provider lists by time of opening: a day of overlap, for those that it tells late.
    newest = Dispute.objects.order_by("-opened_at").values_list("opened_at", flat=True).first()
    try:
        told = list(get_gateway().disputes(since=newest - DISPUTE_OVERLAP if newest else None))
    except ProviderUnavailable:
        return []
    heard = Dispute.objects.filter(external_id__in=[one.external_id for one in told])
    known = set(heard.values_list("external_id", flat=True))
    return [one for one in told if one.external_id not in known]


def _poll_undecided() -> int:
    now = timezone.now()
    due = contesting.unfinished().filter(Q(polled_at=None) | Q(polled_at__lte=now - DISPUTE_SPACING))
    return sweeps.each(list(due.order_by(F("polled_at").asc(nulls_first=True), "pk")[:SWEEP_MOST]), _poll_dispute)


def _poll_dispute(dispute: Dispute) -> bool:
    Dispute.objects.filter(pk=dispute.pk).update(polled_at=timezone.now())
    try:
        return _apply_dispute(get_gateway().retrieve_dispute(dispute.external_id))
    except ProviderUnavailable as error:
        raise sweeps.EnoughError from error


def _apply_dispute(snapshot: DisputeSnapshot) -> bool:
    return disputing.apply_dispute(snapshot=snapshot)


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
