"""Looks after payments whose webhook never came, along the same path as a webhook."""

import logging
import time
from datetime import timedelta

from django.db.models import F, Q
from django.utils import timezone

from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.models import Payment
from funding.services import paying

logger = logging.getLogger("kindling.payments")

# Real time between two looks at one payment, and the most of one sweep: the provider counts requests.
SPACING = timedelta(seconds=5)
SWEEP_MOST = 400
SWEEP_SECONDS = 40


def poll_payments() -> int:
    """Ask the provider about open payments, the longest unasked first; returns how many were asked about."""
    now = timezone.now()
    due = (
        Payment.objects.filter(Q(polled_at=None) | Q(polled_at__lte=now - SPACING), state__in=paying.UNDER_WAY)
        .exclude(session_id="")
        .order_by(F("polled_at").asc(nulls_first=True), "pk")
    )
    begun, asked = time.monotonic(), 0
    for pk in list(due.values_list("pk", flat=True)[:SWEEP_MOST]):
        if time.monotonic() - begun > SWEEP_SECONDS:
            break
        Payment.objects.filter(pk=pk).update(polled_at=now)
        try:
            paying.refresh_payment(payment_id=pk)
        except ProviderUnavailable:
            # The others would fare no better now.
            break
        except ProviderRefused:
            logger.exception("The provider doesn't know the checkout of payment %s", pk)
        asked += 1
    return asked
