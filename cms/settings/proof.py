"""The key that signs the ledger's heads: 32 bytes in hex, from the environment, or the laptop's own."""

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def signing_key(var: Path | None) -> str:
    """`LEDGER_SIGNING_KEY`. Where it is missing, a laptop (`var` is its folder) makes one and keeps it there.

    Production has no folder for it and refuses to start: heads that nobody can tell from forged ones prove nothing.
    """
    key = os.environ.get("LEDGER_SIGNING_KEY", "")
    if not key and var is not None:
        return _kept(var / "ledger-signing-key")
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise ImproperlyConfigured("LEDGER_SIGNING_KEY must be 32 bytes in hex: openssl rand -hex 32")
    return key


def _kept(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = file.with_name(f"{file.name}.{os.getpid()}")
        made.touch(0o600)
        made.write_text(secrets.token_hex(32))
        # All processes of `make run` may come here at once: the first one's key stands, whole.
        with suppress(FileExistsError):
            file.hardlink_to(made)
        made.unlink()
    return file.read_text()
