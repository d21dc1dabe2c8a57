"""Who takes payments: keys and certificates from the environment, or local stand-ins where debugging is on.

`PAYMENT_PROVIDERS` lists them, the usual one first: `stripe`, and `wechatpay` and `alipay` for mainland merchants.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Only ever accepted by the local Stripe, which opens for any test key.
LOCAL_KEY = "sk_test_local"
LOCAL_WEBHOOK_SECRET = "whsec_local"
KNOWN = ("stripe", "wechatpay", "alipay")


@dataclass(frozen=True)
class Channel:
    """A direct channel: the setting that it becomes, the variable of each value, the shape of some, and who we are at
    the local stand-in, which makes the files of those names."""

    name: str
    setting: str
    api: str
    path: str
    variables: dict[str, str]
    shapes: dict[str, tuple[str, str]]
    local: dict[str, str]
    files: dict[str, str]


CHANNELS = (
    Channel(
        name="wechatpay", setting="WECHATPAY", api="https://api.mch.weixin.qq.com", path="",
        variables={
            "mchid": "WECHATPAY_MCHID", "appid": "WECHATPAY_APPID", "api_key": "WECHATPAY_API_V3_KEY",
            "certificate": "WECHATPAY_CERTIFICATE", "private_key": "WECHATPAY_PRIVATE_KEY", "root": "WECHATPAY_ROOT",
        },
        shapes={"api_key": (r".{32}", "has 32 characters")},
        local={"mchid": "1900000001", "appid": "wxlocal0000000001", "api_key": "local-wechat-pay-api-key-32bytes"},
        files={"certificate": "wechat-merchant.pem", "private_key": "wechat-merchant.key", "root": "wechat-root.pem"},
    ),
    Channel(
        name="alipay", setting="ALIPAY", api="https://openapi.alipay.com", path="/gateway.do",
        variables={
            "app_id": "ALIPAY_APP_ID", "seller_id": "ALIPAY_SELLER_ID", "certificate": "ALIPAY_APP_CERTIFICATE",
            "private_key": "ALIPAY_PRIVATE_KEY", "alipay_certificate": "ALIPAY_CERTIFICATE", "root": "ALIPAY_ROOT",
        },
        shapes={
            "app_id": (r"\d{16}", "has 16 digits"),
            "seller_id": (r"2088\d{12}", "has 16 digits that begin with 2088"),
        },
        local={"app_id": "2021000000000001", "seller_id": "2088000000000001"},
        files={
            "certificate": "alipay-merchant.pem", "private_key": "alipay-merchant.key",
            "alipay_certificate": "alipay-chain.pem", "root": "alipay-root.pem",
        },
    ),
)  # fmt: skip


def providers() -> list[str]:
    """The names in `PAYMENT_PROVIDERS`, in order."""
    found = [name.strip() for name in os.environ.get("PAYMENT_PROVIDERS", "stripe").split(",") if name.strip()]
    if not found or len(set(found)) < len(found) or not set(found) <= set(KNOWN):
        raise ImproperlyConfigured(f"PAYMENT_PROVIDERS lists some of {', '.join(KNOWN)}, each once.")
    return found


def direct(*, allow_local: bool, public_url: str, var: Path) -> dict[str, Any]:
    """Settings of the direct channels. Keys and certificates are paths of PEM files.

    Where nothing at all is set for an enabled channel, debugging has the local stand-ins; half of it is refused
    everywhere. One that is enabled no more stays set up as long as its variables are: what it took may go back.
    """
    found: dict[str, Any] = {"PAYMENT_PROVIDERS": providers(), "DIRECT_SANDBOX": ""}
    sandbox = f"http://localhost:{os.environ.get('DIRECT_SANDBOX_PORT', '8002')}"
    for channel in CHANNELS:
        enabled = channel.name in found["PAYMENT_PROVIDERS"]
        values: dict[str, str] = {}
        if any(os.environ.get(variable) for variable in channel.variables.values()) or (enabled and not allow_local):
            values = _from_environment(channel)
        elif enabled:
            found["DIRECT_SANDBOX"] = sandbox
            files = {name: str(var / "direct" / file) for name, file in channel.files.items()}
            values = channel.local | files | {"base": sandbox + channel.path}
        notify = {"notify_url": f"{public_url}/webhooks/{channel.name}/"}
        found[channel.setting] = values | notify if values else {}
    return found


def _from_environment(channel: Channel) -> dict[str, str]:
    found = {name: os.environ.get(variable, "") for name, variable in channel.variables.items()}
    if missing := [channel.variables[name] for name, value in found.items() if not value]:
        raise ImproperlyConfigured(
            f"{', '.join(missing)} must be set, or {channel.name} left out of PAYMENT_PROVIDERS."
        )
    for name, (pattern, words) in channel.shapes.items():
        if not re.fullmatch(pattern, found[name]):
            raise ImproperlyConfigured(f"{channel.variables[name]} {words}.")
    for name in channel.files:
        if not Path(found[name]).is_file():
            raise ImproperlyConfigured(f"{channel.variables[name]} names no file: {found[name]}")
    return found | {"base": channel.api + channel.path}


def stripe(*, allow_local: bool) -> dict[str, Any]:
    """Settings of the gateway. `STRIPE_API_BASE` empty means Stripe itself."""
    key = os.environ.get("STRIPE_SECRET_KEY", "")
    if not key and not allow_local and "stripe" in providers():
        raise ImproperlyConfigured("STRIPE_SECRET_KEY must be set in production.")
    local = not key and allow_local
    port = os.environ.get("STRIPE_SANDBOX_PORT", "8001")
    base = os.environ.get("STRIPE_API_BASE", f"http://localhost:{port}" if local else "")
    if base and not allow_local:
        raise ImproperlyConfigured("STRIPE_API_BASE names a local Stripe; production speaks to Stripe itself.")
    secret = os.environ.get("STRIPE_WEBHOOK_SECRET", LOCAL_WEBHOOK_SECRET if local else "")
    if key and not secret:
        raise ImproperlyConfigured("STRIPE_WEBHOOK_SECRET must be set beside STRIPE_SECRET_KEY.")
    return {
        "STRIPE_SECRET_KEY": key or (LOCAL_KEY if local else ""),
        "STRIPE_API_BASE": base,
        "STRIPE_WEBHOOK_SECRET": secret,
        "STRIPE_LIVEMODE": key.startswith("sk_live_"),
        "STRIPE_IS_LOCAL": bool(base),
        # ISO 3166: it decides for how long the provider lets the platform hold money (90 days in most countries).
        "PLATFORM_COUNTRY": os.environ.get("PLATFORM_COUNTRY", "CN"),
        # Seconds: the longest a request of a backer waits for the provider.
        "STRIPE_TIMEOUT": 8,
    }
