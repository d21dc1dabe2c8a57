"""WeChat Pay's API v3 over HTTP: our requests signed with our serial named, its answers and callbacks verified.

wechatpayv3 signs, verifies and decrypts. Its client is not used: that trusts any certificate which the API hands out,
asks for new ones at every forged callback, accepts callbacks of any age, and verifies a decoded text instead of the
bytes that were signed.
"""

import hashlib
import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from cryptography import x509
from wechatpayv3 import utils

from cms.core import clock
from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.gateways.certificates import (
    UntrustedError,
    certificates_in,
    read_bundle,
    read_pair,
    require_trusted,
    rsa_key_of,
    serial_of,
)
from funding.gateways.direct import CALLBACK_TOLERANCE, MISSING, busy, refused, unreachable

logger = logging.getLogger("kindling.wechatpay")

Json = dict[str, Any]
SIGNATURE_TYPE = "WECHATPAY2-SHA256-RSA2048"
# Real seconds between two looks for certificates that we don't know: whoever forges serials costs us no more.
CERTIFICATE_SPACING = 60.0
BUSY = {"FREQUENCY_LIMITED", "RATELIMIT_EXCEEDED", "FREQUENCY_LIMIT_EXCEED"}
UNSURE = {"SYSTEM_ERROR", "BANK_ERROR", "BIZERR_NEED_RETRY"}
ABSENT = {"ORDER_NOT_EXIST", "ORDERNOTEXIST", "RESOURCE_NOT_EXISTS"}


@dataclass(frozen=True)
class WeChatAccount:
    """Who we are at WeChat Pay. The certificates and the key are paths of PEM files."""

    mchid: str
    appid: str
    api_key: str
    certificate: str
    private_key: str
    root: str
    notify_url: str


class WeChatClient:
    """Speaks for one merchant. Raises `ProviderUnavailable`, `RateLimited`, `ProviderRefused` as gateways do."""

    def __init__(self, account: WeChatAccount, *, base: str, timeout: float) -> None:
        self._account = account
        self._base, self._timeout = base.rstrip("/"), timeout
        own, self._key = read_pair(certificate=account.certificate, key=account.private_key)
        self._serial = serial_of(own)
        self._roots = read_bundle(account.root)
        self._platform: dict[int, x509.Certificate] = {}
        self._asked_at = float("-inf")
        self._asking = threading.Lock()

    def call(self, method: str, path: str, data: Json | None = None) -> Json:
        """One request and its verified answer."""
        answer = self._send(method, path, data)
        try:
            self._verify(answer.headers, answer.content)
        except UntrustedError as error:
            # It may well have done what we asked for: nobody can tell.
            logger.error("An answer of WeChat Pay proves nothing: %s", error.reason)
            raise unreachable(error.reason) from error
        return _json(answer.content) if answer.content else {}

    def download(self, url: str, *, sha1: str) -> str:
        """A file that a verified answer names, held against the sum in that answer."""
        parts = urlsplit(url)
        answer = self._send("GET", f"{parts.path}?{parts.query}" if parts.query else parts.path)
        if hashlib.sha1(answer.content, usedforsecurity=False).hexdigest() != sha1.lower():
            raise unreachable("bill_hash")
        return answer.content.decode("utf-8-sig")

    def open_callback(self, body: bytes, headers: Mapping[str, str]) -> Json:
        """A callback with its `resource` decrypted. Raises `UntrustedError` if it is forged, stale or not for us."""
        self._verify(headers, body)
        try:
            # Signed by them, so the number is theirs: our clock says whether it is of just now.
            sent_at = int(headers["Wechatpay-Timestamp"])
            event = json.loads(body)
            sealed = event["resource"]
            opened = self._decrypt(sealed)
            event["resource"] = json.loads(opened)
            if not (isinstance(event["id"], str) and isinstance(event["event_type"], str)):
                raise TypeError
        except (ValueError, KeyError, TypeError) as error:
            raise UntrustedError("shape") from error
        if abs(clock.now().timestamp() - sent_at) > CALLBACK_TOLERANCE:
            raise UntrustedError("stale")
        return dict(event)

    def _send(self, method: str, path: str, data: Json | None = None) -> requests.Response:
        body = json.dumps(data, ensure_ascii=False) if data is not None else ""
        headers = {
            "Authorization": utils.build_authorization(
                path, method, self._account.mchid, self._serial, self._key, data=body or None
            ),
            "Accept": "application/json", "Content-Type": "application/json",
            "User-Agent": "Kindling (https://github.com/kindling)",
        }  # fmt: skip
        try:
            answer = requests.request(
                method, self._base + path, data=body.encode() or None, headers=headers, timeout=self._timeout,
                allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            raise unreachable(type(error).__name__) from error
        if not 200 <= answer.status_code < 300:
            raise _refusal(answer)
        return answer

    def _verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """That the bytes were signed with a certificate that WeChat's root issued and that is valid now."""
        signature = headers.get("Wechatpay-Signature", "")
        if not signature or headers.get("Wechatpay-Signature-Type", SIGNATURE_TYPE) != SIGNATURE_TYPE:
            raise UntrustedError("signature")
        certificate = self._certificate(headers.get("Wechatpay-Serial", ""))
        require_trusted(certificate, roots=self._roots, now=clock.now())
        timestamp, nonce = headers.get("Wechatpay-Timestamp", ""), headers.get("Wechatpay-Nonce", "")
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise UntrustedError("signature") from error
        if not utils.rsa_verify(timestamp, nonce, text, signature, rsa_key_of(certificate)):
            raise UntrustedError("signature")

    def _certificate(self, serial: str) -> x509.Certificate:
        try:
            number = int(serial, 16)
        except ValueError as error:
            raise UntrustedError("unknown_certificate") from error
        if number not in self._platform:
            self._ask_for_certificates()
        if number not in self._platform:
            raise UntrustedError("unknown_certificate")
        return self._platform[number]

    def _ask_for_certificates(self) -> None:
        """Fetch the platform's certificates. What they are worth is decided whenever one is used."""
        with self._asking:
            if self._platform and time.monotonic() - self._asked_at < CERTIFICATE_SPACING:
                return
            self._asked_at = time.monotonic()
            try:
                # Signed with one of those that it brings; that it is WeChat's answer shows in our API key opening it.
                listed = _json(self._send("GET", "/v3/certificates").content)["data"]
                opened = [self._decrypt(entry["encrypt_certificate"]) for entry in listed]
            except (KeyError, TypeError) as error:
                raise unreachable("certificates") from error
            except ValueError as error:
                raise UntrustedError("api_key") from error
            found = [one for text in opened for one in certificates_in(text.encode())]
            self._platform = {certificate.serial_number: certificate for certificate in found}

    def _decrypt(self, sealed: Json) -> str:
        """What our API key opens. Raises `ValueError`, `KeyError` or `TypeError` for all else."""
        if sealed.get("algorithm", "AEAD_AES_256_GCM") != "AEAD_AES_256_GCM":
            raise ValueError("another algorithm")
        opened = utils.aes_decrypt(
            sealed["nonce"], sealed["ciphertext"], sealed.get("associated_data") or "", self._account.api_key
        )
        if opened is None:
            raise ValueError("not encrypted with our key")
        return str(opened)


def _json(body: bytes) -> Json:
    try:
        found = json.loads(body)
    except ValueError as error:
        raise unreachable("shape") from error
    return found if isinstance(found, dict) else {}


def _refusal(answer: requests.Response) -> ProviderUnavailable | ProviderRefused:
    try:
        code = str(answer.json().get("code") or "")
    except (ValueError, AttributeError):
        code = ""
    if answer.status_code == 429 or code in BUSY:
        return busy()
    if answer.status_code == 401:
        # Our key, not their request: what was planned waits until somebody has put it right.
        logger.error("WeChat Pay does not accept our signature: %s", code)
        return unreachable(code)
    if answer.status_code >= 500 or code in UNSURE or not code:
        return unreachable(code)
    logger.info("WeChat Pay refused: %s", code)
    return refused(MISSING if code in ABSENT else code)
