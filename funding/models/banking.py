"""Payouts by bank transfer, for sites without a provider that pays creators: whose account, and what was ordered."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow
from funding.models.payees import PayoutAccount
from funding.models.payouts import Payout


class BankDetails(models.Model):
    """A creator's bank account as they entered it: the only place that has it, deleted when they are forgotten.

    `number` is sealed (`cms.core.ciphers`); reading it is written to the audit log.
    """

    account = models.OneToOneField(PayoutAccount, primary_key=True, on_delete=models.PROTECT, related_name="details")
    holder = models.CharField(max_length=120)
    bank_name = models.CharField(max_length=120)
    branch = models.CharField(max_length=120, blank=True)
    swift = models.CharField(max_length=11, blank=True)
    number = models.TextField()
    entered_at = models.DateTimeField(db_default=AppNow())
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verified_by=None, verified_at=None)
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="bank_details_verified_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"bank details {self.account_id}"


class BankBatch(models.Model):
    """Payouts that one person handed to the bank together, as one file."""

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=AppNow())

    def __str__(self) -> str:
        return f"batch {self.pk}"


class BankOrder(models.Model):
    """One attempt of one payout in a batch: it can't be in two. `reference` is the bank's and makes it paid, once."""

    batch = models.ForeignKey(BankBatch, on_delete=models.PROTECT, related_name="orders")
    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="bank_orders")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="+")
    attempt = models.PositiveIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=60, blank=True)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="bank_order_positive"),
            models.UniqueConstraint(fields=["payout", "attempt"], name="bank_order_once"),
            models.UniqueConstraint(fields=["reference"], name="bank_order_reference_once", condition=~Q(reference="")),
        ]

    def __str__(self) -> str:
        return f"{self.payout_id}-{self.attempt}"
