"""Callbacks of the local WeChat Pay: encrypted, signed, sent until somebody answers 2xx; and bad ones to order."""

import json
import secrets
import urllib.error
import urllib.request
import uuid
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from funding.sandbox.direct.world import DirectWorld, Json, text64

NOTICE: Final = "wechatpay.notice"
PAUSES: Final = (0.5, 1, 2, 5, 15, 30, 60)
# What may be wrong with a callback: the certificate that signs it, or something about it.
SIGNERS: Final = {"expired_certificate": "expired", "unknown_ca": "strange"}
FAULTS: Final = ("expired_certificate", "unknown_ca", "stale", "tampered", "forged", "wrong_merchant", "wrong_amount")
STALE_SECONDS: Final = 600


def queue(world: DirectWorld, event_type: str, resource: Json, url: str) -> Json:
    """Plan a callback."""
    return world.store.add({
        "id": str(uuid.uuid4()), "object": NOTICE, "event_type": event_type, "resource": resource, "url": url,
        "state": "due", "due": world.clock.now(), "tries": 0, "answers": [],
    })  # fmt: skip


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
        "id": notice["id"], "create_time": world.time().isoformat(timespec="seconds"),
        "resource_type": "encrypt-resource", "event_type": notice["event_type"], "summary": "支付成功",
        "resource": seal(world, resource),
    }, ensure_ascii=False)  # fmt: skip
    age = STALE_SECONDS if fault == "stale" else 0
    headers = signed(world, body, signer=SIGNERS.get(fault, "platform"), age=age)
    if fault == "tampered":
        body = body.replace("支付成功", "支付成功！")
    if fault == "forged":
        headers["Wechatpay-Signature"] = text64(secrets.token_bytes(256))
    return body.encode(), headers


def send(world: DirectWorld, notice: Json, fault: str = "") -> int:
    """Call the merchant once; returns the status of the answer, 0 for none."""
    with world.store.transaction():
        body, headers = letter(world, notice, fault)
    request = urllib.request.Request(  # noqa: S310
        notice["url"], data=body, headers={**headers, "Content-Type": "application/json"}, method="POST"
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def deliver_due(world: DirectWorld) -> int:
    """Send what is due; returns how many were sent."""
    with world.store.transaction():
        due = [one for one in world.store.where(NOTICE, state="due") if one["due"] <= world.clock.now()]
    for notice in due:
        status = send(world, notice)
        notice["tries"] += 1
        notice["answers"].append(status)
        if 200 <= status < 300:
            notice["state"] = "delivered"
        elif notice["tries"] >= len(PAUSES):
            notice["state"] = "given_up"
        else:
            notice["due"] = world.clock.now() + PAUSES[notice["tries"] - 1]
        with world.store.transaction():
            world.store.save(notice)
    return len(due)
