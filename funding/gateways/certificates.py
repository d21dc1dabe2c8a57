"""Other people's certificates: who issued them, and whether they are valid at an instant of our clock."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.core.exceptions import ImproperlyConfigured

BEGIN = b"-----BEGIN CERTIFICATE-----"
MOST_LINKS = 6


class UntrustedError(Exception):
    """A certificate or signature that proves nothing; `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def certificates_in(pem: bytes) -> list[x509.Certificate]:
    """All certificates of a bundle that we can read; those of algorithms that we don't speak (SM2) are left out."""
    found = []
    for part in pem.split(BEGIN)[1:]:
        try:
            certificate = x509.load_pem_x509_certificate(BEGIN + part)
            certificate.public_key()
        except (ValueError, UnsupportedAlgorithm):
            continue
        found.append(certificate)
    return found


def require_trusted(
    certificate: x509.Certificate,
    *,
    roots: Sequence[x509.Certificate],
    between: Sequence[x509.Certificate] = (),
    now: datetime,
) -> None:
    """Follow a certificate to one of the roots, each link signed and valid now. Raises `UntrustedError`."""
    current = certificate
    for _link in range(MOST_LINKS):
        _require_dates(current, now)
        root = next((root for root in roots if _issued(current, root)), None)
        if root is not None:
            return _require_dates(root, now)
        issuer = next((one for one in between if one != current and _issued(current, one)), None)
        if issuer is None:
            break
        current = issuer
    raise UntrustedError("unknown_ca")


def serial_of(certificate: x509.Certificate) -> str:
    """The serial number as providers write it: hexadecimal, upper case."""
    return f"{certificate.serial_number:X}"


def read_pair(*, certificate: str, key: str) -> tuple[x509.Certificate, RSAPrivateKey]:
    """Our own certificate and its key, from files. Raises `ImproperlyConfigured` unless they belong together."""
    try:
        own = x509.load_pem_x509_certificate(Path(certificate).read_bytes())
        private = load_pem_private_key(Path(key).read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise ImproperlyConfigured(f"{certificate} and {key} must be a PEM certificate and its key: {error}") from error
    if not isinstance(private, RSAPrivateKey) or own.public_key() != private.public_key():
        raise ImproperlyConfigured(f"{key} is not the RSA key of {certificate}.")
    return own, private


def read_bundle(path: str) -> list[x509.Certificate]:
    """The certificates of a file. Raises `ImproperlyConfigured` if there is none."""
    try:
        found = certificates_in(Path(path).read_bytes())
    except OSError as error:
        raise ImproperlyConfigured(f"{path} can't be read: {error}") from error
    if not found:
        raise ImproperlyConfigured(f"{path} has no certificate that can be used.")
    return found


def rsa_key_of(certificate: x509.Certificate) -> RSAPublicKey:
    """The public key. Raises `UntrustedError` if it is of another kind."""
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey):
        raise UntrustedError("algorithm")
    return key


def _require_dates(certificate: x509.Certificate, now: datetime) -> None:
    if now < certificate.not_valid_before_utc:
        raise UntrustedError("certificate_not_valid_yet")
    if now > certificate.not_valid_after_utc:
        raise UntrustedError("certificate_expired")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
        constraints = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
        return False
    return constraints.ca
