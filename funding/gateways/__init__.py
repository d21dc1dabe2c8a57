"""Providers of payments behind one protocol."""

from functools import lru_cache
from typing import Any

from django.conf import settings

from funding.gateways.base import Gateway

__all__ = ["get_gateway"]


def get_gateway(name: str = "stripe") -> Gateway:
    """The provider of that name, as the settings say now. Raises `KeyError` for an unknown one."""
    if name != "stripe":
        raise KeyError(name)
    now: Any = settings
    return _stripe(
        now.STRIPE_SECRET_KEY, now.STRIPE_API_BASE, now.STRIPE_TIMEOUT, now.STRIPE_WEBHOOK_SECRET, now.STRIPE_LIVEMODE
    )


@lru_cache(maxsize=8)
def _stripe(key: str, base: str, timeout: float, secrets: str, livemode: bool) -> Gateway:
    # Imported late: the library takes half a second, which commands that move no money are spared.
    from funding.gateways.stripe import StripeGateway

    # Several secrets while one is being replaced, or for a second endpoint.
    return StripeGateway(key=key, base=base, timeout=timeout, webhook_secrets=secrets.split(","), livemode=livemode)
