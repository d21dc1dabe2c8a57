"""Money on its way back."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow
from funding.models.amendments import Amendment
from funding.models.payments import Payment
from funding.states import RefundState


class RefundReason(models.TextChoices):
    """Why money goes back."""

    BACKER_CANCELLED = "backer_cancelled", "the backer cancelled"
    CAMPAIGN_FAILED = "campaign_failed", "the goal was missed"
    CAMPAIGN_CANCELLED = "campaign_cancelled", "the campaign was called off"
    ORPHAN = "orphan", "the payment came too late to count"
    FINANCE = "finance", "decided by finance"
    AMENDMENT = "amendment", "the pledge was changed"
    DELIVERY_MOVED = "delivery_moved", "the delivery was moved too far"
    HOLD_ENDED = "hold_ended", "the money could not be held any longer"


class RefundRoute(models.TextChoices):
    """How the money goes back."""

    PROVIDER = "provider", "the way it came"
    BANK = "bank", "by bank transfer"


class Refund(models.Model):
    """One refund of one payment, in minor units; `amount` is reserved on the payment until it fails."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds")
    # Of a change that costs less: the pledge's total follows, so it is not part of its `refunded_amount`.
    amendment = models.ForeignKey(Amendment, null=True, on_delete=models.PROTECT, related_name="refunds")
    # Asked for after the payout: the platform pays, and the creator owes it.
    late = models.BooleanField(default=False, db_default=False)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=20, choices=RefundReason.choices)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=20, default=RefundState.REQUESTED)
    external_id = models.CharField(max_length=120, blank=True)
    failure_code = models.CharField(max_length=80, blank=True)
    attempt = models.PositiveIntegerField(default=1)
    route = models.CharField(max_length=10, choices=RefundRoute.choices, default=RefundRoute.PROVIDER)
    not_before = models.DateTimeField(null=True, help_text="when it is tried again by itself")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(db_default=AppNow())
    succeeded_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in RefundState]), name="refund_state_known"),
            models.UniqueConstraint(
                fields=["external_id"], name="refund_external_unique", condition=~Q(external_id="")
            ),
            # A closed campaign or an orphan refunds a payment once, however often the run is repeated. People may ask
            # again when a refund has failed.
            models.UniqueConstraint(
                fields=["payment", "reason"],
                name="refund_once_per_reason",
                condition=~Q(reason__in=["finance", "backer_cancelled", "amendment"]),
            ),
            models.UniqueConstraint(
                fields=["payment", "amendment"], name="refund_once_per_amendment", condition=~Q(amendment=None)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["succeeded_at"], name="refund_by_success")]

    def __str__(self) -> str:
        return f"refund {self.pk}"
