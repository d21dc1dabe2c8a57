"""What is done about a stored event: fetch its object again and apply that. The event itself is only a hint."""

import logging
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from cms.core import sweeps
from cms.core.clock import AppNow
from funding.gateways import get_gateway
from funding.gateways.base import ProviderEvent
from funding.models import Payment, WebhookEvent
from funding.services import alerting, paying
from funding.states import PaymentState
from funding.webhooks.dispatch import handler_for

logger = logging.getLogger("kindling.webhooks")

# An event may arrive before the answer that tells us its object's id; after this many tries it is nobody's.
MOST_UNKNOWN = 12
# After so many failures in a row, about ten minutes, a person should know.
MANY_FAILURES = 8
SWEEP_MOST = 500


def handle(event_id: int) -> bool:
    """Handle one stored event; True once there is nothing more to do for it. Safe twice."""
    stored = WebhookEvent.objects.filter(pk=event_id, handled_at=None).first()
    if stored is None:
        return True
    handler = handler_for(stored.type)
    if handler is None:
        return _done(stored, "ignored")
    event = ProviderEvent(
        stored.external_id, stored.type, stored.object_id, stored.account, stored.payload, stored.provider
    )
    try:
        known = handler(event)
    except Exception as error:
        logger.exception("Event %s could not be handled", stored.external_id)
        return _failed(stored, repr(error))
    if known:
        return _done(stored, "applied")
    return _give_up(stored) if stored.attempts >= MOST_UNKNOWN else _later(stored, "unknown object")


def handle_checkout(event: ProviderEvent) -> bool:
    """A checkout session, a payment intent or a charge of ours moved."""
    payment_id = _payment_of(event.payload["data"]["object"])
    if payment_id is None:
        return False
    if Payment.objects.filter(pk=payment_id, state=PaymentState.SUCCEEDED, provider_fee__isnull=False).exists():
        # Several events tell of one payment: once all of it is known, the rest need no answer from the provider.
        return True
    paying.refresh_payment(payment_id=payment_id)
    # Before the answer to our own call is in, there is no checkout to ask about yet.
    return bool(Payment.objects.filter(pk=payment_id).exclude(session_id="").exists())


def sweep_events() -> int:
    """Handle what a lost nudge, a failure or an early arrival left behind, oldest first."""
    due = WebhookEvent.objects.filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=timezone.now()), handled_at=None
    ).order_by("pk")
    return sweeps.each(list(due.values_list("pk", flat=True)[:SWEEP_MOST]), handle)


def _payment_of(found: dict[str, Any]) -> int | None:
    """Our payment by the object's ids, else by the metadata that we gave it; the pledge must agree."""
    intent = found["id"] if found.get("object") == "payment_intent" else found.get("payment_intent")
    if found.get("object") == "checkout.session":
        by_id = Q(session_id=found["id"])
    elif intent:
        by_id = Q(intent_id=intent)
    else:
        return None
    known = Payment.objects.filter(by_id).values_list("pk", flat=True).first()
    if known is not None:
        return known
    metadata = found.get("metadata") or {}
    named, pledge = str(metadata.get("payment", "")), str(metadata.get("pledge", ""))
    if not named.isascii() or not named.isdigit():
        return None
    payment = Payment.objects.filter(pk=int(named)).first()
    if payment is None or str(payment.pledge_id) != pledge:
        return None
    if not payment.session_id and found.get("object") == "checkout.session":
        paying.apply_snapshot(
            payment_id=payment.pk, snapshot=get_gateway(payment.provider).retrieve_checkout(found["id"])
        )
    return payment.pk


def _done(stored: WebhookEvent, outcome: str) -> bool:
    WebhookEvent.objects.filter(pk=stored.pk).update(handled_at=AppNow(), outcome=outcome, next_attempt_at=None)
    return True


def _give_up(stored: WebhookEvent) -> bool:
    with transaction.atomic():
        alerting.alert(
            code="unknown_object", subject=f"object:{stored.object_id or stored.external_id}", severity="warning",
            data={"type": stored.type, "event": stored.external_id, "account": stored.account},
        )  # fmt: skip
        return _done(stored, "unknown_object")


def _failed(stored: WebhookEvent, why: str) -> bool:
    if stored.attempts >= MANY_FAILURES:
        alerting.alert(
            code="event_failing", subject=f"event:{stored.external_id}", severity="warning",
            data={"type": stored.type, "error": why[:500]},
        )  # fmt: skip
    return _later(stored, why)


def _later(stored: WebhookEvent, why: str) -> bool:
    attempts = stored.attempts + 1
    wait = timedelta(seconds=min(3600, 2**attempts))
    WebhookEvent.objects.filter(pk=stored.pk).update(
        attempts=attempts, last_error=why[:2000], next_attempt_at=timezone.now() + wait
    )
    return False
