"""Stripe: a test or live key from the environment, or the local Stripe where debugging is on."""

import os
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Only ever accepted by the local Stripe, which opens for any test key.
LOCAL_KEY = "sk_test_local"
LOCAL_WEBHOOK_SECRET = "whsec_local"


def stripe(*, allow_local: bool) -> dict[str, Any]:
    """Settings of the gateway. `STRIPE_API_BASE` empty means Stripe itself."""
    key = os.environ.get("STRIPE_SECRET_KEY", "")
    if not key and not allow_local:
        raise ImproperlyConfigured("STRIPE_SECRET_KEY must be set in production.")
    local = not key
    port = os.environ.get("STRIPE_SANDBOX_PORT", "8001")
    base = os.environ.get("STRIPE_API_BASE", f"http://localhost:{port}" if local else "")
    if base and not allow_local:
        raise ImproperlyConfigured("STRIPE_API_BASE names a local Stripe; production speaks to Stripe itself.")
    secret = os.environ.get("STRIPE_WEBHOOK_SECRET", LOCAL_WEBHOOK_SECRET if local else "")
    if not secret:
        raise ImproperlyConfigured("STRIPE_WEBHOOK_SECRET must be set beside STRIPE_SECRET_KEY.")
    return {
        "STRIPE_SECRET_KEY": key or LOCAL_KEY,
        "STRIPE_API_BASE": base,
        "STRIPE_WEBHOOK_SECRET": secret,
        "STRIPE_LIVEMODE": key.startswith("sk_live_"),
        "STRIPE_IS_LOCAL": bool(base),
        # ISO 3166: it decides for how long the provider lets the platform hold money (90 days in most countries).
        "PLATFORM_COUNTRY": os.environ.get("PLATFORM_COUNTRY", "CN"),
        # Seconds: the longest a request of a backer waits for the provider.
        "STRIPE_TIMEOUT": 8,
    }
