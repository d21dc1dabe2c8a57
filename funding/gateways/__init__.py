"""Providers of payments behind one protocol."""

from functools import lru_cache
from typing import Any

from django.conf import settings

from funding.gateways.base import Gateway

__all__ = ["enabled", "get_gateway"]


def enabled() -> list[str]:
    """The providers that this site takes payments through, the usual one first."""
    return list(settings.PAYMENT_PROVIDERS)


def get_gateway(name: str = "stripe") -> Gateway:
    """The provider of that name, as the settings say now. Raises `KeyError` for an unknown one.

    One that is no longer enabled is still answered: what it once took has to be refunded and reconciled.
    """
    now: Any = settings
    if name == "stripe" and now.STRIPE_SECRET_KEY:
        return _stripe(
            now.STRIPE_SECRET_KEY, now.STRIPE_API_BASE, now.STRIPE_TIMEOUT, now.STRIPE_WEBHOOK_SECRET,
            now.STRIPE_LIVEMODE,
        )  # fmt: skip
    if name == "wechatpay" and now.WECHATPAY:
        return _wechatpay(tuple(sorted(now.WECHATPAY.items())), now.STRIPE_TIMEOUT)
    if name == "alipay" and now.ALIPAY:
        return _alipay(tuple(sorted(now.ALIPAY.items())), now.STRIPE_TIMEOUT)
    raise KeyError(name)


@lru_cache(maxsize=8)
def _stripe(key: str, base: str, timeout: float, secrets: str, livemode: bool) -> Gateway:
    # Imported late: the library takes half a second, which commands that move no money are spared.
    from funding.gateways.stripe import StripeGateway

    # Several secrets while one is being replaced, or for a second endpoint.
    return StripeGateway(key=key, base=base, timeout=timeout, webhook_secrets=secrets.split(","), livemode=livemode)


@lru_cache(maxsize=8)
def _wechatpay(values: tuple[tuple[str, str], ...], timeout: float) -> Gateway:
    from funding.gateways.wechat_client import WeChatAccount
    from funding.gateways.wechatpay import WeChatPayGateway

    account = dict(values)
    base = account.pop("base")
    return WeChatPayGateway(WeChatAccount(**account), base=base, timeout=timeout)


@lru_cache(maxsize=8)
def _alipay(values: tuple[tuple[str, str], ...], timeout: float) -> Gateway:
    from funding.gateways.alipay import AlipayGateway
    from funding.gateways.alipay_client import AlipayAccount

    account = dict(values)
    base = account.pop("base")
    return AlipayGateway(AlipayAccount(**account), base=base, timeout=timeout)
