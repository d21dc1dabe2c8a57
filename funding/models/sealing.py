"""The public chain: a seal for each entry, the keys of pseudonyms, and the signed heads of all chains."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow
from funding.models.ledger import Entry

# What belongs to no campaign.
PLATFORM_CHAIN = "platform"


class LedgerSeal(models.Model):
    """An entry's place in its chain, append-only. `body` is its public line without the two hashes.

    hash = SHA-256 of the line with `prev_hash` as its last member; see docs/proof.md. `chain` is the escrow's key, or
    `platform`. The line is kept as it was published: its pseudonyms can't be computed again once a person is erased.
    """

    # No constraint in the database: the only writer selects from entries, and entries can't be deleted.
    entry = models.OneToOneField(
        Entry, primary_key=True, on_delete=models.PROTECT, db_constraint=False, related_name="seal"
    )
    chain = models.CharField(max_length=20)
    seq = models.PositiveIntegerField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    body = models.TextField()
    sealed_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "seq"], name="seal_place_unique")]

    def __str__(self) -> str:
        return f"{self.chain} {self.seq}"

    @property
    def line(self) -> str:
        """What is published: one line of JSON without its newline."""
        return f'{self.body[:-1]},"prev_hash":"{self.prev_hash}","hash":"{self.hash}"}}'


class SealMark(models.Model):
    """One row: every entry up to `sealed_to` has its seal, so that nobody has to look there again.

    `candidate` becomes that once all transactions older than `candidate_before` have ended. Entries up to `carried_to`
    are in the sums of global accounts.
    """

    sealed_to = models.BigIntegerField(default=0)
    candidate = models.BigIntegerField(default=0)
    candidate_before = models.BigIntegerField(default=0)
    carried_to = models.BigIntegerField(default=0)


class PseudonymKey(models.Model):
    """The HMAC key behind a subject's pseudonyms, as the two padded blocks of RFC 2104; blank once destroyed.

    `subject` is `person:<hash>` (a backer), `user:<id>` (a creator) or `chain:<key>` (a campaign's own numbers).
    """

    subject = models.CharField(max_length=80, unique=True)
    inner_block = models.BinaryField(null=True)
    outer_block = models.BinaryField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(destroyed_at=None, inner_block__isnull=False, outer_block__isnull=False)
                | Q(destroyed_at__isnull=False, inner_block=None, outer_block=None),
                name="pseudonym_key_or_destroyed",
            )
        ]


class SigningKey(models.Model):
    """A public key that heads were signed with; `key` is 32 bytes in hex. Append-only."""

    key = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField(db_default=AppNow())


class LedgerHead(models.Model):
    """Where all chains stood on a day, signed. `statement` is the exact text that `signature` is of. Append-only."""

    number = models.PositiveIntegerField(unique=True)
    day = models.DateField(unique=True)
    statement = models.TextField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="heads")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"head {self.number}"


class HeadLeaf(models.Model):
    """Where one chain stood at a head; only chains that had grown since the head before have a row. Append-only."""

    head = models.ForeignKey(LedgerHead, on_delete=models.PROTECT, related_name="leaves")
    chain = models.CharField(max_length=20)
    seq = models.PositiveIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["chain", "head"], name="head_leaf_unique")]
