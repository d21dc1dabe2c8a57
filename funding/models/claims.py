"""What could not be sent back to a backer, until a person has seen to it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow
from funding.models.refunds import Refund
from funding.states import ClaimState


class ClaimResolution(models.TextChoices):
    """How a claim ended."""

    PROVIDER = "provider", "by the provider after all"
    BANK = "bank", "by bank transfer"
    CHARGEBACK = "chargeback", "by the backer's bank, which charged us"


class RefundClaim(models.Model):
    """One refund's claim: its money lies in refund payable meanwhile. Amount and person are the refund's.

    `code` says why the provider could not do it; `proof` is the bank's reference of a transfer made by hand.
    """

    refund = models.OneToOneField(Refund, on_delete=models.PROTECT, related_name="claim")
    state = models.CharField(max_length=20, default=ClaimState.OPEN)
    code = models.CharField(max_length=80)
    opened_at = models.DateTimeField(db_default=AppNow())
    resolution = models.CharField(max_length=10, choices=ClaimResolution.choices, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in ClaimState]), name="claim_state_known"),
            models.CheckConstraint(
                condition=Q(~Q(state="resolved"), resolution="", resolved_at=None)
                | Q(Q(state="resolved"), ~Q(resolution=""), resolved_at__isnull=False),
                name="claim_resolved_in_some_way",
            ),
            models.CheckConstraint(
                condition=~Q(resolution="bank") | Q(~Q(proof=""), resolved_by__isnull=False),
                name="claim_paid_by_bank_has_proof",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"
