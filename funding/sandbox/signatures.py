"""Webhook signatures, computed as Stripe does."""

import hmac
from hashlib import sha256


def sign(body: str, secret: str, timestamp: int) -> str:
    """The `Stripe-Signature` header for a raw body at a time in Unix seconds."""
    digest = hmac.new(secret.encode(), f"{timestamp}.{body}".encode(), sha256).hexdigest()
    return f"t={timestamp},v1={digest}"
