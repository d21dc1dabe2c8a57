"""Calls that were refused, counted in memory and told as one alert: whoever floods us must not fill our tables."""

import threading
import time

from funding.services import alerting

# Real seconds between two writes about one reason, by one process.
SPACING = 60.0

_lock = threading.Lock()
_counts: dict[str, int] = {}
_written: dict[str, float] = {}


def note(reason: str) -> None:
    """Count one refusal; the first of a minute writes down how many there were since the last."""
    wrong_mode = reason == "livemode"
    with _lock:
        _counts[reason] = _counts.get(reason, 0) + 1
        now = time.monotonic()
        if now - _written.get(reason, -SPACING) < SPACING:
            return
        _written[reason], times = now, _counts.pop(reason)
    alerting.alert(
        code="webhook_wrong_mode" if wrong_mode else "webhook_forged", subject=f"webhooks:stripe:{reason}",
        severity="warning", data={"reason": reason}, times=times,
    )  # fmt: skip
