"""Who takes payments: keys and certificates from the environment, or local stand-ins where debugging is on.

`PAYMENT_PROVIDERS` lists them, the usual one first: `stripe`, and `wechatpay` for mainland merchants.
"""

import os
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

# Only ever accepted by the local Stripe, which opens for any test key.
LOCAL_KEY = "sk_test_local"
LOCAL_WEBHOOK_SECRET = "whsec_local"
KNOWN = ("stripe", "wechatpay")
# Ours at the stand-in for WeChat Pay, which makes the key and certificates of this name.
LOCAL_WECHATPAY = {"mchid": "1900000001", "appid": "wxlocal0000000001", "api_key": "local-wechat-pay-api-key-32bytes"}
WECHATPAY_API = "https://api.mch.weixin.qq.com"


def providers() -> list[str]:
    """The names in `PAYMENT_PROVIDERS`, in order."""
    found = [name.strip() for name in os.environ.get("PAYMENT_PROVIDERS", "stripe").split(",") if name.strip()]
    if not found or len(set(found)) < len(found) or not set(found) <= set(KNOWN):
        raise ImproperlyConfigured(f"PAYMENT_PROVIDERS lists some of {', '.join(KNOWN)}, each once.")
    return found


def direct(*, allow_local: bool, public_url: str, var: Path) -> dict[str, Any]:
    """Settings of the direct channels; {} for one that is not enabled. Keys and certificates are paths of PEM files."""
    found: dict[str, Any] = {"PAYMENT_PROVIDERS": providers(), "WECHATPAY": {}, "DIRECT_SANDBOX": ""}
    if "wechatpay" not in found["PAYMENT_PROVIDERS"]:
        return found
    local = allow_local and not os.environ.get("WECHATPAY_MCHID")
    if local:
        found["DIRECT_SANDBOX"] = f"http://localhost:{os.environ.get('DIRECT_SANDBOX_PORT', '8002')}"
    found["WECHATPAY"] = _wechatpay(local, found["DIRECT_SANDBOX"], var / "direct") | {
        "notify_url": f"{public_url}/webhooks/wechatpay/"
    }
    return found


def _wechatpay(local: bool, sandbox: str, keys: Path) -> dict[str, str]:
    if local:
        files = {"certificate": "wechat-merchant.pem", "private_key": "wechat-merchant.key", "root": "wechat-root.pem"}
        return LOCAL_WECHATPAY | {name: str(keys / file) for name, file in files.items()} | {"base": sandbox}
    names = {
        "mchid": "WECHATPAY_MCHID", "appid": "WECHATPAY_APPID", "api_key": "WECHATPAY_API_V3_KEY",
        "certificate": "WECHATPAY_CERTIFICATE", "private_key": "WECHATPAY_PRIVATE_KEY", "root": "WECHATPAY_ROOT",
    }  # fmt: skip
    found = {name: os.environ.get(variable, "") for name, variable in names.items()}
    if missing := [names[name] for name, value in found.items() if not value]:
        raise ImproperlyConfigured(f"{', '.join(missing)} must be set, or wechatpay left out of PAYMENT_PROVIDERS.")
    if len(found["api_key"]) != 32:
        raise ImproperlyConfigured("WECHATPAY_API_V3_KEY has 32 characters.")
    for name in ("certificate", "private_key", "root"):
        if not Path(found[name]).is_file():
            raise ImproperlyConfigured(f"{names[name]} names no file: {found[name]}")
    return found | {"base": WECHATPAY_API}


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
