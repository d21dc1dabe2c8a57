"""Calls that were refused, counted in memory and told as one alert: whoever floods us must not fill our tables."""

import threading
import time

from django.conf import settings

from funding.services import alerting

# What a reason is told as; whatever else is refused is no word of the provider's at all.
CODES = {"livemode": "webhook_wrong_mode", "stale": "webhook_stale"}

# Real seconds between two writes about one reason, by one process.
SPACING = 60.0

_lock = threading.Lock()
_counts: dict[tuple[str, str], int] = {}
_written: dict[tuple[str, str], float] = {}


def note(provider: str, reason: str) -> None:
    """Count one refusal; the first of a minute writes down how many there were since the last."""
    if reason == "stale" and settings.CLOCK_MOVABLE:
        # Moving the demo's time ages whatever is on its way; it is sent again by itself.
        return
    key = (provider, reason)
    with _lock:
        _counts[key] = _counts.get(key, 0) + 1
        now = time.monotonic()
        if now - _written.get(key, -SPACING) < SPACING:
            return
        _written[key], times = now, _counts.pop(key)
    alerting.alert(
        code=CODES.get(reason, "webhook_forged"), subject=f"webhooks:{provider}:{reason}", severity="warning",
        data={"reason": reason}, times=times,
    )  # fmt: skip
