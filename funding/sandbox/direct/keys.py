"""Keys and certificates of the stand-ins, made once: those that are right, and those that have to be refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

# name: who issued it, days from its making until it begins and ends, whether it may issue others. They begin long
# before they are made, because the demo does.
Plan = dict[str, tuple[str, int, int, bool]]

# For callbacks that have to be refused, besides one that is expired.
STRANGERS: Final[Plan] = {
    "strange-root": ("strange-root", -1, 7300, True),
    "strange": ("strange-root", -1, 1825, False),
}
WECHAT: Final[Plan] = {
    "root": ("root", -1000, 7300, True),
    "platform": ("root", -1000, 1825, False),
    "merchant": ("root", -1000, 1825, False),
    "expired": ("root", -400, -1, False),
    **STRANGERS,
}
# With an authority between, and the certificate that will follow the present one.
ALIPAY: Final[Plan] = {
    "root": ("root", -1000, 7300, True),
    "between": ("root", -1000, 3650, True),
    "platform": ("between", -1000, 1825, False),
    "renewed": ("between", -1000, 1825, False),
    "merchant": ("between", -1000, 1825, False),
    "expired": ("between", -400, -1, False),
    **STRANGERS,
}


class Keys:
    """The PEM files of one provider in a folder, `<prefix>-<name>.pem` and `.key`."""

    def __init__(self, folder: Path, prefix: str, plan: Plan) -> None:
        self._folder, self._prefix, self._plan = folder, prefix, plan
        folder.mkdir(parents=True, exist_ok=True)
        if not all(self._path(name, "pem").exists() for name in plan):
            for name in plan:
                self._make(name)
        self._keys = {name: self._read_key(name) for name in plan}

    def _path(self, name: str, ending: str) -> Path:
        return self._folder / f"{self._prefix}-{name}.{ending}"

    def certificate(self, name: str) -> x509.Certificate:
        """The certificate of that name."""
        return x509.load_pem_x509_certificate(self.pem(name))

    def pem(self, name: str) -> bytes:
        """The same, as text."""
        return self._path(name, "pem").read_bytes()

    def bundle(self, *names: str) -> bytes:
        """Several certificates in one text, as chains are handed out."""
        return b"".join(self.pem(name) for name in names)

    def serial(self, name: str) -> str:
        """Its serial number as providers write it."""
        return f"{self.certificate(name).serial_number:X}"

    def sign(self, name: str, text: str) -> bytes:
        """RSA-SHA256 of a text."""
        return self._keys[name].sign(text.encode(), PKCS1v15(), SHA256())

    def _read_key(self, name: str) -> RSAPrivateKey:
        key = load_pem_private_key(self._path(name, "key").read_bytes(), password=None)
        assert isinstance(key, RSAPrivateKey)
        return key

    def _make(self, name: str) -> None:
        issuer, begins, ends, authority = self._plan[name]
        key = generate_private_key(65537, 2048)
        signer = key if issuer == name else self._read_key(issuer)
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(self._named(name))
            .issuer_name(self._named(issuer))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now + timedelta(days=begins))
            .not_valid_after(now + timedelta(days=ends))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .sign(signer, SHA256())
        )
        text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._path(name, "key").write_bytes(text)
        self._path(name, "key").chmod(0o600)
        self._path(name, "pem").write_bytes(made.public_bytes(Encoding.PEM))

    def _named(self, name: str) -> x509.Name:
        common = x509.NameAttribute(NameOID.COMMON_NAME, f"Local {self._prefix} {name}")
        return x509.Name([common, x509.NameAttribute(NameOID.COUNTRY_NAME, "CN")])
