"""The demo's walk through time: it starts two months ago and ends now, with real sweeps at every step.

What happened when is kept in the audit log, so that a walk that was killed goes on where it stood.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from cms.core import clock, sweeps, timetravel
from cms.core.models import OutboxEvent
from cms.users import audit
from cms.users.models import AuditLog
from funding.models import Escrow, GatewayCommand, Pledge, TransitionLog
from funding.states import CommandState

SUBJECT = "demo"
FIRST_HOUR = -60.0 * 24
PATIENCE = 30.0


class TimeSpent(Exception):
    """The database has a past of its own that the demo can't walk through again."""


class Walk:
    """Moves both clocks to hours relative to `anchor`, which is the demo's now; never back past what happened."""

    def __init__(self, anchor: datetime) -> None:
        self.anchor = anchor

    @classmethod
    def begin(cls) -> Walk:
        """Start a walk, or take up the one that was begun. Raises `TimeSpent`."""
        begun = AuditLog.objects.filter(subject=SUBJECT, action="demo.begun").order_by("pk").first()
        if begun is not None:
            walk = cls(datetime.fromisoformat(begun.data["anchor"]))
            walk._back_to_the_last_step()
            return walk
        if Escrow.objects.exists() or clock.offset() > timedelta(0):
            raise TimeSpent("This database has campaigns or a moved clock of its own; `make reset` clears the way.")
        walk = cls(timezone.now())
        timetravel.set_offset(timedelta(hours=FIRST_HOUR))
        audit.record(actor=None, action="demo.begun", subject=SUBJECT, anchor=walk.anchor.isoformat())
        return walk

    @staticmethod
    def is_over() -> bool:
        """Whether a walk has reached its end."""
        return AuditLog.objects.filter(subject=SUBJECT, action="demo.finished").exists()

    def at(self, hours: float) -> datetime:
        """The instant so many hours from the demo's now."""
        return self.anchor + timedelta(hours=hours)

    def to(self, hours: float) -> None:
        """Go on to an hour, and let everything that has become due happen."""
        if clock.now() < self.at(hours):
            timetravel.set_offset(self.at(hours) - timezone.now())
            settle()

    def finish(self) -> None:
        """Arrive in the present."""
        timetravel.set_offset(timedelta(0))
        settle()

    def record_the_end(self) -> None:
        """From now on the demo is complete."""
        audit.record(actor=None, action="demo.finished", subject=SUBJECT)

    def _back_to_the_last_step(self) -> None:
        # Real time has passed since it was interrupted; for the demo none has.
        known = [
            AuditLog.objects.aggregate(last=Max("at"))["last"],
            TransitionLog.objects.aggregate(last=Max("at"))["last"],
            Pledge.objects.aggregate(last=Max("created_at"))["last"],
        ]
        last = max(instant for instant in known if instant is not None)
        timetravel.set_offset(min(clock.offset(), last - timezone.now()))


def settle(patience: float = PATIENCE) -> None:
    """Run the sweeps until nothing is on its way any more; what has to wait for its next attempt may wait."""
    limit = time.monotonic() + patience
    sweeps.run_all()
    while _busy() and time.monotonic() < limit:
        time.sleep(0.1)
        sweeps.run_all()


def _busy() -> bool:
    sending = GatewayCommand.objects.filter(state__in=[CommandState.PLANNED, CommandState.SENDING], attempts__lte=1)
    return OutboxEvent.objects.filter(delivered_at=None, attempts=0).exists() or sending.exists()
