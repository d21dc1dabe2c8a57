"""The journal: append-only, balanced by construction. Only `funding.ledger` writes it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow
from funding.models.escrow import Escrow


class AccountKind(models.TextChoices):
    """The five kinds of account."""

    ASSET = "asset", "asset"
    LIABILITY = "liability", "liability"
    INCOME = "income", "income"
    EXPENSE = "expense", "expense"
    EQUITY = "equity", "equity"


class LedgerAccount(models.Model):
    """An account in one currency. Limited accounts hold somebody's money: credits − debits may never go below 0.

    Limited accounts keep running sums. Global ones are never locked where money moves: the sealer's sweep carries their
    sums forward to `SealMark.carried_to`, and whoever wants their balance adds the entries since.
    """

    code = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    kind = models.CharField(max_length=10, choices=AccountKind.choices)
    limited = models.BooleanField(default=False)
    debits = models.BigIntegerField(default=0)
    credits = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "currency"], name="ledger_account_unique"),
            models.CheckConstraint(
                condition=Q(limited=False) | Q(credits__gte=F("debits")), name="ledger_limited_never_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Journal(models.Model):
    """One event of money. `key` is deterministic; `fingerprint` is the hash of its entries."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    fingerprint = models.CharField(max_length=64)
    escrow = models.ForeignKey(Escrow, null=True, on_delete=models.PROTECT, related_name="journals")
    occurred_at = models.DateTimeField(db_default=AppNow())
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["escrow", "id"], name="journal_by_escrow")]

    def __str__(self) -> str:
        return self.key


class Entry(models.Model):
    """One debit account, one credit account, a positive amount."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="entries")
    debit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="debit_entries")
    credit = models.ForeignKey(LedgerAccount, on_delete=models.PROTECT, related_name="credit_entries")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(condition=~Q(debit=F("credit")), name="entry_moves_between_two_accounts"),
        ]
