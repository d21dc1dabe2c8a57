"""Alipay's open platform over HTTP, in certificate mode: our requests signed, our certificates named, its answers and
notifications verified.

A signer of our own: the published clients trust a certificate for being configured or downloaded, whoever issued it.
Here one counts only while it leads to Alipay's root and all of the way is valid now.
"""

import base64
import hashlib
import json
import logging
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import requests
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from cms.core import clock
from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.gateways.certificates import (
    UntrustedError,
    certificates_in,
    read_bundle,
    read_pair,
    require_trusted,
    rsa_key_of,
)
from funding.gateways.direct import CALLBACK_TOLERANCE, MISSING, busy, from_local, local_time, refused, unreachable

logger = logging.getLogger("kindling.alipay")

Json = dict[str, Any]
STAMP: Final = "%Y-%m-%d %H:%M:%S"
DONE, FAILED, TOO_OFTEN = "10000", "40004", "40005"
RSA: Final = "1.2.840.113549.1.1."
# Real seconds between two looks for certificates that we don't know: whoever forges serials costs us no more.
CERTIFICATE_SPACING = 60.0
DOWNLOAD_SECONDS = 60
BUSY = {"USER_RATE_LIMIT", "SYSTEM_RATE_LIMIT"}
UNSURE = re.compile(r"SYSTEM_ERROR$|UNKNOWN_ERROR$|unknow-error$|REFUND_CHARGE_ERROR$")
# What is wrong with us and not with what we asked for: it waits until somebody has put it right.
OURS = re.compile(r"sign|app-id|cert-sn|timestamp|permission")
ABSENT = {"ACQ.TRADE_NOT_EXIST"}
_decoder = json.JSONDecoder()
_space = re.compile(r"\s*")


@dataclass(frozen=True)
class AlipayAccount:
    """Who we are at Alipay. Certificates, key and roots are paths of PEM files, as Alipay hands them out."""

    app_id: str
    seller_id: str
    certificate: str
    private_key: str
    alipay_certificate: str
    root: str
    notify_url: str


class AlipayClient:
    """Speaks for one application. Raises `ProviderUnavailable`, `RateLimited`, `ProviderRefused` as gateways do."""

    def __init__(self, account: AlipayAccount, *, base: str, timeout: float) -> None:
        self._account, self._base, self._timeout = account, base, timeout
        own, self._key = read_pair(certificate=account.certificate, key=account.private_key)
        self._roots = read_bundle(account.root)
        leaf, *self._between = read_bundle(account.alipay_certificate)
        self._known = {serial_of(leaf): leaf}
        self._own_serial, self._root_serial = serial_of(own), roots_serial(self._roots)
        self._asked_at = float("-inf")
        self._asking = threading.Lock()

    def call(self, method: str, content: Json) -> Json:
        """One request and its verified answer."""
        text = self._send(method, content)
        try:
            found = self._verified(method, text)
        except UntrustedError as error:
            # It may well have done what we asked for: nobody can tell.
            logger.error("An answer of Alipay to %s proves nothing: %s; %.300s", method, error.reason, text)
            raise unreachable(error.reason) from error
        _require_done(method, found)
        return found

    def page(self, method: str, content: Json, *, return_url: str) -> str:
        """The address of a page of Alipay's that does this, for the payer's browser."""
        more = {"return_url": return_url, "notify_url": self._account.notify_url}
        return f"{self._base}?{urlencode(self._signed(method, content, more))}"

    def download(self, url: str) -> bytes:
        """A file that a verified answer names."""
        if urlsplit(url).scheme != urlsplit(self._base).scheme:
            raise unreachable("bill_address")
        try:
            answer = requests.get(url, timeout=DOWNLOAD_SECONDS)
        except requests.RequestException as error:
            raise unreachable(type(error).__name__) from error
        if answer.status_code != 200:
            raise unreachable(f"bill_{answer.status_code}")
        return answer.content

    def open_notice(self, body: bytes) -> dict[str, str]:
        """The fields of a notification. Raises `UntrustedError` if it is forged, stale or not of just now."""
        try:
            fields = dict(parse_qsl(body.decode(), errors="strict"))
        except ValueError as error:
            raise UntrustedError("shape") from error
        self._require_signed(fields)
        try:
            sent_at = from_local(fields["notify_time"])
        except (KeyError, ValueError) as error:
            raise UntrustedError("shape") from error
        if abs((clock.now() - sent_at).total_seconds()) > CALLBACK_TOLERANCE:
            raise UntrustedError("stale")
        return fields

    def _signed(self, method: str, content: Json, more: Mapping[str, str] | None = None) -> dict[str, str]:
        fields = {
            "app_id": self._account.app_id, "method": method, "format": "JSON", "charset": "utf-8",
            "sign_type": "RSA2", "timestamp": local_time(datetime.now(UTC)).strftime(STAMP), "version": "1.0",
            "app_cert_sn": self._own_serial, "alipay_root_cert_sn": self._root_serial,
            "biz_content": json.dumps(content, ensure_ascii=False, separators=(",", ":")), **(more or {}),
        }  # fmt: skip
        signature = self._key.sign(signed_text(fields).encode(), PKCS1v15(), SHA256())
        return {**fields, "sign": base64.b64encode(signature).decode()}

    def _send(self, method: str, content: Json) -> str:
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        body = urlencode(self._signed(method, content)).encode()
        try:
            answer = requests.post(self._base, data=body, headers=headers, timeout=self._timeout, allow_redirects=False)
            text = answer.content.decode()
        except (requests.RequestException, UnicodeDecodeError) as error:
            raise unreachable(type(error).__name__) from error
        if answer.status_code != 200:
            raise unreachable(f"http_{answer.status_code}")
        return text

    def _verified(self, method: str, text: str) -> Json:
        """The answer in a text, whose own letters are what was signed."""
        parts, name = _members(text), f"{method.replace('.', '_')}_response"
        signed = parts.get(name) or parts.get("error_response", "")
        if not signed or "sign" not in parts:
            raise UntrustedError("signature")
        certificate = self._certificate(str(json.loads(parts.get("alipay_cert_sn", '""'))))
        self._require_trusted(certificate)
        if not _signs(certificate, signed, str(json.loads(parts["sign"]))):
            raise UntrustedError("signature")
        found = json.loads(signed)
        if not isinstance(found, dict):
            raise UntrustedError("shape")
        return found

    def _require_signed(self, fields: Mapping[str, str]) -> None:
        """Of a notification: it names its certificate or not, and that name is part of what is signed or not."""
        serial, sign = fields.get("alipay_cert_sn", ""), fields.get("sign", "")
        if fields.get("sign_type") != "RSA2" or not sign:
            raise UntrustedError("signature")
        without = {name: value for name, value in fields.items() if name not in ("sign", "sign_type")}
        texts = [signed_text({**without, "alipay_cert_sn": ""})]
        if serial:
            texts.append(signed_text(without))
        for one in [self._certificate(serial)] if serial else list(self._known.values()):
            if any(_signs(one, text, sign) for text in texts):
                return self._require_trusted(one)
        raise UntrustedError("signature")

    def _require_trusted(self, certificate: x509.Certificate) -> None:
        require_trusted(certificate, roots=self._roots, between=self._between, now=clock.now())

    def _certificate(self, serial: str) -> x509.Certificate:
        if not serial:
            raise UntrustedError("unknown_certificate")
        if serial not in self._known:
            self._ask_for(serial)
        if serial not in self._known:
            raise UntrustedError("unknown_certificate")
        return self._known[serial]

    def _ask_for(self, serial: str) -> None:
        """Fetch a certificate that Alipay has signed with since ours was downloaded. What it is worth is decided
        whenever it is used."""
        with self._asking:
            if serial in self._known or time.monotonic() - self._asked_at < CERTIFICATE_SPACING:
                return
            self._asked_at = time.monotonic()
            method = "alipay.open.app.alipaycert.download"
            # Signed with the very certificate that it brings, if at all.
            text = self._send(method, {"alipay_cert_sn": serial})
            try:
                found = json.loads(_members(text)[f"{method.replace('.', '_')}_response"])
                chain = certificates_in(base64.b64decode(found["alipay_cert_content"]))
            except (KeyError, TypeError, ValueError) as error:
                raise UntrustedError("unknown_certificate") from error
            if chain and serial_of(chain[0]) == serial:
                self._known[serial] = chain[0]
                self._between += chain[1:]


def signed_text(fields: Mapping[str, str]) -> str:
    """What is signed of a request or a notification: its fields by name, those without a value left out."""
    return "&".join(f"{name}={value}" for name, value in sorted(fields.items()) if value)


def _signs(certificate: x509.Certificate, text: str, sign: str) -> bool:
    """Whether this is the certificate's signature of the text. Raises `UntrustedError` for keys that are not RSA."""
    try:
        signature = base64.b64decode(sign, validate=True)
        rsa_key_of(certificate).verify(signature, text.encode(), PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def serial_of(certificate: x509.Certificate) -> str:
    """A certificate's number as Alipay counts: MD5 of its issuer's name and of the serial number in digits."""
    named = f"{certificate.issuer.rfc4514_string()}{certificate.serial_number}"
    return hashlib.md5(named.encode(), usedforsecurity=False).hexdigest()


def roots_serial(roots: list[x509.Certificate]) -> str:
    """The number of a file of roots: those of its RSA certificates, in order."""
    return "_".join(serial_of(one) for one in roots if one.signature_algorithm_oid.dotted_string.startswith(RSA))


def _members(text: str) -> dict[str, str]:
    """The members of a JSON object, each value in the letters that it came in. Raises `UntrustedError`."""
    found: dict[str, str] = {}
    try:
        at = _after(text, "{", 0)
        while True:
            name, at = _decoder.raw_decode(text, at)
            begin = _after(text, ":", at)
            _value, at = _decoder.raw_decode(text, begin)
            if name in found:
                raise ValueError(name)
            found[name] = text[begin:at]
            if text[_skip(text, at) :].strip() == "}":
                return found
            at = _after(text, ",", at)
    except (ValueError, TypeError) as error:
        raise UntrustedError("shape") from error


def _skip(text: str, at: int) -> int:
    found = _space.match(text, at)
    return found.end() if found else at


def _after(text: str, sign: str, at: int) -> int:
    at = _skip(text, at)
    if text[at : at + 1] != sign:
        raise ValueError(sign)
    return _skip(text, at + 1)


def _require_done(method: str, found: Json) -> None:
    """Raise what a verified answer other than a yes means."""
    code, sub = str(found.get("code", "")), str(found.get("sub_code", ""))
    if code == DONE:
        return
    if code == TOO_OFTEN or sub in BUSY:
        raise busy()
    raise _refusal(method, code, sub)


def _refusal(method: str, code: str, sub: str) -> ProviderUnavailable | ProviderRefused:
    ours = code.startswith("4") and code != FAILED and OURS.search(sub)
    if ours or code == "20001":
        logger.error("Alipay does not accept us for %s: %s %s", method, code, sub)
    if ours or not code.startswith("4") or UNSURE.search(sub):
        return unreachable(sub or code)
    if sub in ABSENT:
        return refused(MISSING)
    logger.debug("Alipay refused %s: %s", method, sub)
    return refused(sub or code)
