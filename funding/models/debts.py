"""What creators owe the platform, and the payouts it was kept from."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow
from funding.models.disputes import Dispute
from funding.models.escrow import Escrow
from funding.models.payouts import Payout
from funding.models.refunds import Refund


class DebtCause(models.TextChoices):
    """Why a creator owes: money that went back to a backer after it had been paid out."""

    DISPUTE = "dispute", "a lost dispute"
    REFUND = "refund", "a refund after the payout"
    COMPENSATION = "compensation", "compensation paid to a backer"


class CreatorDebt(models.Model):
    """One debt of one creator, in minor units: open = amount − recovered − written_off − returned.

    `returned` shrank the debt because the dispute was won after all; `credited` is what had been recovered by then
    and goes to the creator with the next payout; `regained` is what had been written off by then.
    """

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="debts")
    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="debts")
    cause = models.CharField(max_length=20, choices=DebtCause.choices)
    dispute = models.OneToOneField(Dispute, null=True, on_delete=models.PROTECT, related_name="debt")
    refund = models.OneToOneField(Refund, null=True, on_delete=models.PROTECT, related_name="debt")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    recovered = models.BigIntegerField(default=0)
    written_off = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    credited = models.BigIntegerField(default=0)
    regained = models.BigIntegerField(default=0)
    write_off_reason = models.TextField(blank=True)
    written_off_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    incurred_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0, recovered__gte=0, written_off__gte=0, returned__gte=0, credited__gte=0,
                    regained__gte=0, amount__gte=F("recovered") + F("written_off") + F("returned"),
                    regained__lte=F("written_off"),
                ),
                name="debt_is_settled_once",
            ),
            models.CheckConstraint(
                condition=Q(cause="dispute", dispute__isnull=False, refund__isnull=True)
                | Q(cause="refund", refund__isnull=False, dispute__isnull=True)
                | Q(cause="compensation", dispute__isnull=True),
                name="debt_has_its_cause",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["creator", "currency"], name="debt_open",
                condition=Q(amount__gt=F("recovered") + F("written_off") + F("returned")),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"debt {self.pk}"

    @property
    def open_amount(self) -> int:
        """Minor units that the creator still owes."""
        return self.amount - self.recovered - self.written_off - self.returned


class Recovery(models.Model):
    """So much of a debt made good: kept from a payout, or paid to the bank by the creator where there is none.

    Append-only, minor units. Below zero it is credit that went out with the payout.
    """

    debt = models.ForeignKey(CreatorDebt, on_delete=models.PROTECT, related_name="recoveries")
    payout = models.ForeignKey(Payout, null=True, on_delete=models.PROTECT, related_name="recoveries")
    amount = models.BigIntegerField()
    note = models.TextField(blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recovered_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(amount__gt=0) | Q(amount__lt=0, payout__isnull=False), name="recovery_moves_something"
            )
        ]

    def __str__(self) -> str:
        return f"recovery {self.pk}"
