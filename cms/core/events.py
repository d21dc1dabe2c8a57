"""Domain events: written with the fact (`publish`), delivered after commit by task and sweep, idempotently."""

import json
import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from cms.core import jobs, sweeps
from cms.core.models import OutboxEvent

logger = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, list[Handler]] = defaultdict(list)


def subscribe(name: str, handler: Handler) -> None:
    """Register a handler, in `AppConfig.ready()`. It may be called twice for one event and must not mind."""
    if handler not in _handlers[name]:
        _handlers[name].append(handler)


def publish(*, name: str, key: str, payload: dict[str, Any]) -> None:
    """Write an event in the caller's transaction; the same key twice is one event."""
    # One statement, also on the money path; a concurrent publisher of the same key is waited for.
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_outboxevent (key, name, payload, attempts, last_error) VALUES (%s, %s, %s, 0, '') "
            "ON CONFLICT (key) DO NOTHING RETURNING id",
            [key, name, json.dumps(payload)],
        )
        row = cursor.fetchone()
    if row is not None:
        jobs.enqueue("core.deliver_event", row[0])


def deliver(event_id: int) -> bool:
    """Call every handler of one event; mark it delivered only when all of them returned."""
    with transaction.atomic():
        event = OutboxEvent.objects.select_for_update(skip_locked=True).filter(pk=event_id, delivered_at=None).first()
        if event is None:
            return False
        try:
            with transaction.atomic():
                for handler in _handlers[event.name]:
                    handler(event.payload)
        except Exception as error:
            logger.exception("Event %s was not taken", event.key)
            event.attempts += 1
            event.last_error = repr(error)[:2000]
            event.next_attempt_at = timezone.now() + timedelta(seconds=min(3600, 5 * 2**event.attempts))
            event.save(update_fields=["attempts", "last_error", "next_attempt_at"])
            return False
        event.delivered_at = timezone.now()
        event.save(update_fields=["delivered_at"])
        return True


def sweep_events() -> int:
    """Deliver what a lost nudge left behind, oldest first."""
    due = OutboxEvent.objects.filter(
        Q(next_attempt_at=None) | Q(next_attempt_at__lte=timezone.now()), delivered_at=None
    ).order_by("pk")
    return sweeps.each(due.values_list("pk", flat=True)[:1000], deliver)
