"""App time: the database's clock plus an offset that tests and the demo may set and production refuses.

Every business instant is app time. Leases, backoff, rate limits, sessions and tokens are real time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField, Func
from django.utils import timezone


class _Frame:
    """What a request or a task has read; nothing until somebody asks."""

    offset: timedelta | None = None


# Read at most once per request or task, never per process: a worker must see a moved clock at its next task.
_frame: ContextVar[_Frame | None] = ContextVar("clock_frame", default=None)


class AppNow(Func):
    """`app_now()` inside a query: STABLE, so one statement sees one instant."""

    template = "app_now()"
    output_field = DateTimeField()


class ClockRefused(Exception):
    """Time may only be moved in the demo and in tests."""


def offset() -> timedelta:
    """The difference of app time to real time, read from its row unless a frame holds it."""
    held = _frame.get()
    if held is None:
        return _read()
    if held.offset is None:
        held.offset = _read()
    return held.offset


def _read() -> timedelta:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE((SELECT seconds FROM core_clockoffset LIMIT 1), 0)")
        return timedelta(seconds=float(cursor.fetchone()[0]))


def now() -> datetime:
    """The present instant in app time, UTC."""
    return timezone.now() + offset()


@contextmanager
def frame() -> Iterator[None]:
    """Hold one offset, read when it is first needed, for a request or a task; an inner frame is the outer one."""
    token = _frame.set(_frame.get() or _Frame())
    try:
        yield
    finally:
        _frame.reset(token)


def set_offset(value: timedelta) -> None:
    """Move app time, for an enclosing frame too. Refused unless `CLOCK_MOVABLE` (demo and tests)."""
    if not settings.CLOCK_MOVABLE:
        raise ClockRefused("The clock can be moved only where the local Stripe is the gateway.")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_clockoffset (id, seconds) VALUES (1, %s) "
            "ON CONFLICT (id) DO UPDATE SET seconds = EXCLUDED.seconds",
            [value.total_seconds()],
        )
    if held := _frame.get():
        # Whoever moves the clock goes on in the new present.
        held.offset = value
