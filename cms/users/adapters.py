"""How second factors behave here."""

from allauth.mfa.adapter import DefaultMFAAdapter

from cms.core import ciphers

_PURPOSE = "second-factor"


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted: a copy of the database alone opens no account."""

    def encrypt(self, text: str) -> str:
        """Seal with the newest key."""
        return ciphers.seal(text, purpose=_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        """Open with any key that still counts."""
        return ciphers.unseal(encrypted_text, purpose=_PURPOSE)
