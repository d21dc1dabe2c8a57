"""Notifications of the local Alipay: signed forms, with something wrong about them where that is ordered."""

import secrets
from urllib.parse import urlencode

from funding.sandbox.direct import notices
from funding.sandbox.direct.alipay_signing import serial, sign_fields
from funding.sandbox.direct.world import DirectWorld, Json, clock_text, text64


def letter(world: DirectWorld, notice: Json, fault: str = "") -> tuple[bytes, dict[str, str]]:
    """Body and headers of a notification."""
    signer = notices.SIGNERS.get(fault) or world.settings("alipay_signer", "platform")
    age = notices.STALE_SECONDS if fault == "stale" else 0
    fields = {
        "notify_time": clock_text(world.clock.now() - age), "notify_type": "trade_status_sync",
        "notify_id": str(notice.get("named") or notice["id"]), "charset": "utf-8", "version": "1.0",
        "app_id": world.settings("alipay_app_id"), "auth_app_id": world.settings("alipay_app_id"),
        "seller_id": world.settings("alipay_seller_id"), "buyer_id": "2088000000000002", **notice["fields"],
    }  # fmt: skip
    if fault == "wrong_merchant":
        fields["seller_id"] = "2088999999999999"
    if fault == "wrong_amount":
        fields["total_amount"] = "0.01"
    fields["sign"] = sign_fields(world, fields, signer=signer)
    fields |= {"sign_type": "RSA2", "alipay_cert_sn": serial(world, signer)}
    if fault == "tampered":
        fields["trade_status"] = "TRADE_FINISHED"
    if fault == "forged":
        fields["sign"] = text64(secrets.token_bytes(256))
    return urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


notices.letters_of("alipay", notices.Letters(letter, lambda status, body: status == 200 and body.strip() == b"success"))
