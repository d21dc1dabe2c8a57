"""How Alipay signs and numbers certificates."""

import base64
import hashlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from funding.sandbox.direct.world import DirectWorld, text64


def serial(world: DirectWorld, name: str) -> str:
    """A certificate's number in Alipay's counting."""
    found = world.alipay.certificate(name)
    return hashlib.md5(
        f"{found.issuer.rfc4514_string()}{found.serial_number}".encode(), usedforsecurity=False
    ).hexdigest()


def text_of(fields: Mapping[str, str]) -> str:
    """What is signed of fields."""
    return "&".join(f"{name}={fields[name]}" for name in sorted(fields) if name != "sign" and fields[name])


def sign_fields(world: DirectWorld, fields: Mapping[str, str], *, signer: str) -> str:
    """A signature of fields, as text."""
    return text64(world.alipay.sign(signer, text_of(fields)))


def is_merchants(world: DirectWorld, fields: Mapping[str, str]) -> bool:
    """Whether the merchant has signed them."""
    key = world.alipay.certificate("merchant").public_key()
    assert isinstance(key, RSAPublicKey)
    try:
        key.verify(base64.b64decode(fields.get("sign", "")), text_of(fields).encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True
