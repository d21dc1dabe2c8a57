"""Money on its way to a creator."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow
from funding.models.escrow import Release
from funding.models.payees import PayoutAccount
from funding.states import PayoutState


class BankStatus(models.TextChoices):
    """What became of the money on its way from the creator's account at the provider to their bank."""

    SENT = "sent", "on its way to the bank"
    PAID = "paid", "the bank has it"
    FAILED = "failed", "the bank sent it back"


class Payout(models.Model):
    """One Transfer of one release. `amount`, minor units, is frozen at approval, less what was netted.

    `paid` means that the provider has moved it to the creator's account; `bank_status` tells of the way from there.
    """

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="payout")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payouts")
    account = models.ForeignKey(PayoutAccount, null=True, on_delete=models.PROTECT, related_name="payouts")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20, default=PayoutState.SCHEDULED)
    external_id = models.CharField(max_length=120, blank=True)
    destination_payment = models.CharField(
        max_length=120,
        blank=True,
        db_index=True,
        help_text="the transfer as the creator's account at the provider has it",
    )
    bank_status = models.CharField(max_length=10, choices=BankStatus.choices, blank=True)
    bank_failure = models.CharField(max_length=80, blank=True)
    blockers = models.JSONField(default=list, help_text="codes of what stood in the way at the last try")
    failure_code = models.CharField(max_length=80, blank=True)
    attempt = models.PositiveIntegerField(default=1)
    scheduled_at = models.DateTimeField(db_default=AppNow())
    paid_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gte=0), name="payout_amount_not_negative"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in PayoutState]), name="payout_state_known"),
            models.UniqueConstraint(
                fields=["external_id"], name="payout_external_unique", condition=~Q(external_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"payout {self.pk}"


class PayoutApproval(models.Model):
    """One person's yes; above a limit it takes two different people."""

    payout = models.ForeignKey(Payout, on_delete=models.PROTECT, related_name="approvals")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payout", "approver"], name="payout_approved_once_per_person")
        ]
