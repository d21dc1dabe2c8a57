"""The demo's hands at the local Stripe: its control API, over HTTP."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from django.conf import settings


class LocalStripeMissing(Exception):
    """The local Stripe does not answer, or the gateway is another one."""


class ControlRefused(Exception):
    """The local Stripe answered no; `code` says why."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


def require() -> None:
    """Promise that the local Stripe is the gateway and answers. Raises `LocalStripeMissing` with one clear line."""
    if not settings.STRIPE_IS_LOCAL:
        raise LocalStripeMissing("The demo is played at the local Stripe only; unset STRIPE_SECRET_KEY.")
    _call("GET", "clock")


def play_checkout(session_id: str, *, method: str, outcome: str) -> None:
    """What a customer does at the pay page. A checkout that somebody has finished already is left as it is."""
    try:
        _call("POST", f"checkout/{session_id}", {"method": method, "outcome": outcome})
    except ControlRefused as refused:
        if refused.code != "checkout_session_not_open":
            raise


def onboard(account_id: str, *, name: str) -> None:
    """Fill in the hosted pages of a connected account."""
    _call("POST", f"accounts/{account_id}/onboard", {"name": name})


def top_up(*, amount: int, currency: str) -> None:
    """Put money of the platform's own into its balance, in minor units."""
    _call("POST", "topups", {"amount": amount, "currency": currency})


def offset() -> float:
    """Seconds by which its clock differs from real time."""
    return float(_call("GET", "clock")["offset"])


def _call(method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    # The address is a setting, never input.
    request = urllib.request.Request(  # noqa: S310
        f"{settings.STRIPE_API_BASE}/_control/{path}/",
        data=None if body is None else json.dumps(body).encode(),
        headers={"Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        problem = json.loads(error.read() or b"{}").get("error", {})
        raise ControlRefused(f"{path}: {problem.get('message', error)}", problem.get("code") or "") from error
    except OSError as error:
        raise LocalStripeMissing(
            f"The local Stripe at {settings.STRIPE_API_BASE} does not answer. Start everything with `make run`, "
            "or it alone with `manage.py stripe_sandbox`."
        ) from error
