"""The sealer: gives each posted entry its place in a public hash chain. See docs/proof.md for the line, byte for byte.

It runs after the money's transaction, never in it: nudged after commit, swept each minute, and always before the
public reads. One advisory lock a chain; everything is set-based, one entry being the special case.
"""

import secrets
from typing import Any

from django.db import connection, transaction

from funding.models import Escrow
from funding.models.sealing import PLATFORM_CHAIN
from funding.services import sealing_sql as sql

# Chains sealed in one transaction: each holds a lock.
BATCH = 500

_IPAD, _OPAD = (bytes(byte ^ pad for byte in range(256)) for pad in (0x36, 0x5C))


def seal_escrow(*, escrow_id: int) -> int:
    """Seal what one escrow's chain has waiting; how many entries that was. Harmless to repeat and side by side."""
    key = Escrow.objects.filter(pk=escrow_id).values_list("key", flat=True).first()
    return seal_chain(key) if key else 0


def seal_chain(chain: str) -> int:
    """Seal what a chain has waiting, if anything: one quick look when there is nothing."""
    with connection.cursor() as cursor:
        cursor.execute(sql.HAS_UNSEALED, {"chain": chain, "platform": PLATFORM_CHAIN})
        if not cursor.fetchone()[0]:
            return 0
    return _seal([chain])


def seal_due() -> int:
    """The sweep: seal every entry that is visible, remember up to where nothing can be missing, and carry the sums of
    global accounts forward to there.
    """
    sealed = 0
    while True:
        # READ COMMITTED: each statement sees what is there by then; their order matters.
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql.HIGHEST)
            (highest,) = cursor.fetchone()
            cursor.execute(sql.MARK)
            (own,) = cursor.fetchone()
            cursor.execute(sql.OLDEST_RUNNING)
            (oldest,) = cursor.fetchone()
            cursor.execute(sql.CHAINS, {"platform": PLATFORM_CHAIN, "limit": BATCH})
            chains = [row[0] for row in cursor.fetchall()]
            if not chains:
                cursor.execute(sql.MOVE_MARK, [highest, own, oldest])
                cursor.execute(sql.CARRY_FORWARD)
                return sealed
            sealed += _seal(chains)


def _seal(chains: list[str]) -> int:
    names: dict[str, Any] = {"chains": chains, "platform": PLATFORM_CHAIN}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.LOCK_CHAINS, [chains])
        cursor.execute(sql.MISSING_KEYS, names)
        if subjects := [row[0] for row in cursor.fetchall()]:
            # All keys in one value: a hundred thousand parameters take longer than a hundred thousand seals.
            keys = b"".join(secrets.token_bytes(32).ljust(64, b"\0") for _ in subjects)
            cursor.execute(sql.KEEP_KEYS, [subjects, keys.translate(_IPAD), keys.translate(_OPAD)])
        cursor.execute(sql.SEAL, names)
        return cursor.rowcount
