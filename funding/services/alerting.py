"""Anomalies become alerts: one open row a matter, counted when seen again, told to finance once per opening."""

import json
import logging
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils.translation import gettext as _

from cms.core import events
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding.exceptions import ReasonRequired
from funding.models import Alert, PayoutFreeze

logger = logging.getLogger("kindling.alerts")

LEVELS = {"info": logging.INFO, "warning": logging.WARNING, "critical": logging.ERROR}

# One statement: whoever comes second counts. What was seen last is kept, and the gravest word about it.
_OPEN = """
INSERT INTO funding_alert AS a (code, subject, severity, data, times, resolution)
VALUES (%(code)s, %(subject)s, %(severity)s, %(data)s, %(times)s, '')
ON CONFLICT (code, subject) WHERE resolved_at IS NULL DO UPDATE
   SET times = a.times + excluded.times, last_seen_at = app_now(), data = excluded.data,
       severity = CASE WHEN 'critical' IN (a.severity, excluded.severity) THEN 'critical'
                       WHEN 'warning' IN (a.severity, excluded.severity) THEN 'warning' ELSE 'info' END
RETURNING id, severity
"""


def alert(*, code: str, subject: str, severity: str, data: dict[str, Any] | None = None, times: int = 1) -> None:
    """Tell finance of something out of order, in the caller's transaction.

    `code` is one of `funding.anomalies`, `subject` `kind:key`, `severity` info, warning or critical; `data` is JSON.
    Until it is resolved the same matter only counts on; finance is mailed when it opens and when it becomes graver.
    """
    logger.log(LEVELS[severity], "%s: %s %s", code, subject, data or {})
    values: dict[str, Any] = {
        "code": code, "subject": subject[:160], "severity": severity, "times": times,
        "data": json.dumps(data or {}, cls=DjangoJSONEncoder),
    }  # fmt: skip
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_OPEN, values)
            pk, gravest = cursor.fetchone()
        events.publish(
            name="funding.alert_opened", key=f"alert_opened:{pk}:{gravest}",
            payload={"alert": pk, "code": code, "subject": subject, "severity": gravest},
        )  # fmt: skip


def settled(*, code: str, subject: str, because: str) -> bool:
    """Close an alert whose matter has gone away by itself; True if one was open. `because` is for the record."""
    return bool(
        Alert.objects.filter(code=code, subject=subject[:160], resolved_at=None).update(
            resolved_at=AppNow(), resolution=because[:500]
        )
    )


def resolve(*, alert_id: int, actor: User, reason: str) -> bool:
    """Close an alert by hand, with the reason for the record. Finance only; False if it was closed already."""
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    reason = reason.strip()
    if not reason:
        raise ReasonRequired(_("Say what was found and done."), field="reason")
    with transaction.atomic():
        closed = Alert.objects.filter(pk=alert_id, resolved_at=None).update(
            resolved_at=AppNow(), resolved_by=actor, resolution=reason[:500]
        )
        if closed:
            audit.record(actor=actor, action="alert.resolved", subject=f"alert:{alert_id}", reason=reason)
    return bool(closed)


def payouts_frozen() -> list[str]:
    """Blocker codes of what keeps every payout back at present: `ledger_drift`, or nothing."""
    return ["ledger_drift"] if PayoutFreeze.objects.filter(lifted_at=None).exists() else []
