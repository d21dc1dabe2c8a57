"""Callbacks of the local WeChat Pay: encrypted and signed, with something wrong about them where that is ordered."""

import json
import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from funding.sandbox.direct import notices
from funding.sandbox.direct.world import DirectWorld, Json, text64


def seal(world: DirectWorld, resource: Json) -> Json:
    """A resource encrypted with the merchant's API key."""
    return seal_text(world, json.dumps(resource, ensure_ascii=False), associated="transaction")


def seal_text(world: DirectWorld, text: str, *, associated: str) -> Json:
    """The same of any text."""
    nonce = secrets.token_hex(6)
    key = world.settings("wechat_api_key").encode()
    cipher = AESGCM(key).encrypt(nonce.encode(), text.encode(), associated.encode())
    return {
        "algorithm": "AEAD_AES_256_GCM", "original_type": associated, "associated_data": associated, "nonce": nonce,
        "ciphertext": text64(cipher),
    }  # fmt: skip


def signed(world: DirectWorld, body: str, *, signer: str = "platform", age: float = 0) -> dict[str, str]:
    """The headers that vouch for a body."""
    stamp, nonce = str(int(world.clock.now() - age)), secrets.token_hex(16)
    return {
        "Wechatpay-Serial": world.wechat.serial(signer), "Wechatpay-Timestamp": stamp, "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": text64(world.wechat.sign(signer, f"{stamp}\n{nonce}\n{body}\n")),
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }  # fmt: skip


def letter(world: DirectWorld, notice: Json, fault: str = "") -> tuple[bytes, dict[str, str]]:
    """Body and headers of a callback, with something wrong about it where that is ordered."""
    resource = dict(notice["resource"])
    if fault == "wrong_merchant":
        resource["mchid"] = "1999999999"
    if fault == "wrong_amount":
        resource["amount"] = {**resource["amount"], "total": 1, "refund": 1}
    body = json.dumps({
        "id": notice.get("named") or notice["id"], "create_time": world.time().isoformat(timespec="seconds"),
        "resource_type": "encrypt-resource", "event_type": notice["event_type"], "summary": "支付成功",
        "resource": seal(world, resource),
    }, ensure_ascii=False)  # fmt: skip
    age = notices.STALE_SECONDS if fault == "stale" else 0
    headers = signed(world, body, signer=notices.SIGNERS.get(fault, "platform"), age=age)
    if fault == "tampered":
        body = body.replace("支付成功", "支付成功！")
    if fault == "forged":
        headers["Wechatpay-Signature"] = text64(secrets.token_bytes(256))
    return body.encode(), {**headers, "Content-Type": "application/json"}


notices.letters_of("wechatpay", notices.Letters(letter, lambda status, _body: 200 <= status < 300))
