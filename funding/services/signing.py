"""Signed heads: once a day the ends of all chains are hashed into one root, and the root is signed and published.

Whoever keeps one signed statement can show later that a ledger was rewritten, whoever rewrote it. The root is a Merkle
tree's (RFC 6962), so that a campaign's place under it is proven without telling anybody of the others.
"""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction

from cms.core import clock
from funding.models import HeadLeaf, LedgerHead, LedgerSeal, SigningKey
from funding.services import sealing
from funding.services.proving import ZEROS


@dataclass(frozen=True)
class Leaf:
    """Where a chain stood."""

    chain: str
    seq: int
    hash: str

    @property
    def digest(self) -> bytes:
        """Its node in the tree."""
        return sha256(b"\0" + f"{self.chain}:{self.seq}:{self.hash}".encode()).digest()


def sign_due() -> int:
    """The sweep: make today's head (UTC, app time) if there is none; 1 if it was made.

    Everything that has been posted is sealed first. A day on which nothing ran has no head; the next one follows the
    last there is.
    """
    if LedgerHead.objects.filter(day__gte=clock.now().date()).exists():
        return 0
    sealing.seal_due()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7315002, 0)")
        last = LedgerHead.objects.order_by("-number").first()
        now = clock.now()
        if last is not None and last.day >= now.date():
            return 0
        _make(last, now.replace(microsecond=0))
    return 1


def _make(last: LedgerHead | None, now: Any) -> None:
    before = {leaf.chain: leaf for leaf in leaves(last)} if last else {}
    grown = _ends(before)
    tree = _ordered({**before, **{leaf.chain: leaf for leaf in grown}})
    statement = json.dumps(
        {
            "number": last.number + 1 if last else 1,
            "made_at": now.isoformat().replace("+00:00", "Z"),
            "chains": len(tree),
            "lines": sum(leaf.seq for leaf in tree),
            "root": root([leaf.digest for leaf in tree]).hex(),
            "previous": last.hash if last else ZEROS,
        },
        separators=(",", ":"),
    )
    key = signing_key()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
    known, _new = SigningKey.objects.get_or_create(key=public)
    head = LedgerHead.objects.create(
        number=last.number + 1 if last else 1, day=now.date(), statement=statement, made_at=now, key=known,
        hash=sha256(statement.encode()).hexdigest(), signature=key.sign(statement.encode()).hex(),
    )  # fmt: skip
    rows = [HeadLeaf(head=head, chain=leaf.chain, seq=leaf.seq, hash=leaf.hash) for leaf in grown]
    HeadLeaf.objects.bulk_create(rows, batch_size=5_000)


def signing_key() -> Ed25519PrivateKey:
    """The private key of the settings (`LEDGER_SIGNING_KEY`, 32 bytes in hex)."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.LEDGER_SIGNING_KEY))


def leaves(head: LedgerHead) -> list[Leaf]:
    """All chains as they stood at a head, in the order of the tree."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (l.chain) l.chain, l.seq, l.hash FROM funding_headleaf l "
            "JOIN funding_ledgerhead h ON h.id = l.head_id WHERE h.number <= %s ORDER BY l.chain, h.number DESC",
            [head.number],
        )
        return _ordered({row[0]: Leaf(*row) for row in cursor.fetchall()})


def proof_of(chain: str) -> dict[str, Any] | None:
    """The newest head, where this chain stood, and the path from there to the root; None for a chain not in it yet."""
    head = LedgerHead.objects.select_related("key").order_by("-number").first()
    if head is None:
        return None
    name = f"head:{head.hash}:{chain}"
    if (kept := cache.get(name)) is None:
        tree = leaves(head)
        place = next((index for index, leaf in enumerate(tree) if leaf.chain == chain), None)
        if place is None:
            return None
        leaf = {"chain": chain, "seq": tree[place].seq, "hash": tree[place].hash}
        kept = {"leaf": leaf, "path": path([leaf.digest for leaf in tree], place)}
        cache.set(name, kept, 86_400)
    return {"head": head_data(head), **kept}


def head_data(head: LedgerHead) -> dict[str, Any]:
    """A head as it is published. `statement` is the exact text that is signed."""
    return {
        "number": head.number, "day": head.day.isoformat(), "statement": head.statement, "hash": head.hash,
        "signature": head.signature, "key": head.key.key,
    }  # fmt: skip


def root(digests: list[bytes]) -> bytes:
    """The Merkle root of RFC 6962; of nothing, the hash of nothing."""
    if len(digests) <= 1:
        return digests[0] if digests else sha256(b"").digest()
    split = _split(len(digests))
    return sha256(b"\1" + root(digests[:split]) + root(digests[split:])).digest()


def path(digests: list[bytes], place: int) -> list[dict[str, str]]:
    """The siblings from a leaf up to the root, each with the side on which it stands."""
    if len(digests) <= 1:
        return []
    split = _split(len(digests))
    if place < split:
        return [*path(digests[:split], place), {"right": root(digests[split:]).hex()}]
    return [*path(digests[split:], place - split), {"left": root(digests[:split]).hex()}]


def _split(count: int) -> int:
    """The largest power of two below the count."""
    return 1 << (count - 1).bit_length() - 1


def _ordered(chains: dict[str, Leaf]) -> list[Leaf]:
    # By hash: a place in the tree then tells nothing of the names beside it.
    return sorted(chains.values(), key=lambda leaf: sha256(leaf.chain.encode()).digest())


def _ends(before: dict[str, Leaf]) -> list[Leaf]:
    """The chains that have grown since."""
    newest = LedgerSeal.objects.order_by("chain", "-seq").distinct("chain").values_list("chain", "seq", "hash")
    ends = (Leaf(*row) for row in newest.iterator())
    return [leaf for leaf in ends if leaf.chain not in before or before[leaf.chain].seq != leaf.seq]
