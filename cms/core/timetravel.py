"""Moving the demo's clock: the local Stripe first, then ourselves, then everything that has become due."""

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from cms.core import clock, sweeps

# Dates end with the year 9999, and nobody could come back from there: time only moves on.
FARTHEST = timedelta(days=20 * 365)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True)
class Journey:
    """Where the clock stands after a move, and what each sweep then did (-1: it failed)."""

    now: datetime
    offset: timedelta
    swept: dict[str, int]


def parse_duration(text: str) -> timedelta:
    """`30s`, `10m`, `2h` or `3d` as a duration. Raises ValueError with a sentence otherwise."""
    match = re.fullmatch(r"(\d{1,7})([smhd])", text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no duration: write 30s, 10m, 2h or 3d.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def advance(by: timedelta) -> Journey:
    """Move app time on and run every sweep. Raises `ClockRefused` unless the gateway is the local Stripe."""
    if by < timedelta(0):
        raise clock.ClockRefused("Time only moves on.")
    _check_allowed()
    if (offset := clock.offset() + by) > FARTHEST:
        raise clock.ClockRefused("The clock goes no farther than 20 years ahead.")
    set_offset(offset)
    with clock.frame():
        return Journey(now=clock.now(), offset=clock.offset(), swept=sweeps.run_all())


def set_offset(value: timedelta) -> None:
    """Put the local Stripe's clock and ours to one offset, without sweeping. Refused as `advance` is."""
    _check_allowed()
    _tell(settings.STRIPE_API_BASE, value)
    if settings.DIRECT_SANDBOX:
        _tell(settings.DIRECT_SANDBOX, value)
    clock.set_offset(value)


def _check_allowed() -> None:
    if not (settings.STRIPE_IS_LOCAL and settings.CLOCK_MOVABLE):
        raise clock.ClockRefused("The clock can be moved only where the local Stripe is the gateway.")


def _tell(base: str, value: timedelta) -> None:
    # The address is a setting, never input.
    request = urllib.request.Request(  # noqa: S310
        f"{base}/_control/clock/",
        data=json.dumps({"offset": value.total_seconds()}).encode(),
        headers={"Content-Type": "application/json"},
        method="PUT",
    )
    try:
        with urllib.request.urlopen(request, timeout=settings.STRIPE_TIMEOUT):  # noqa: S310
            pass
    except (urllib.error.URLError, OSError) as error:
        raise clock.ClockRefused(f"The stand-in at {base} does not answer, so the clock stays: {error}") from error
