"""One checkout at a provider."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow
from funding.models.amendments import Amendment
from funding.models.pledges import Pledge
from funding.states import PaymentState


class Payment(models.Model):
    """A hosted checkout and the charge it became. `refund_reserved` sums all refunds that have not failed, `lost`
    what disputes have taken of what was still held. Minor units.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="payments")
    # Of an amendment's difference; null for what the pledge was placed with.
    amendment = models.ForeignKey(Amendment, null=True, on_delete=models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20, default="stripe")
    session_id = models.CharField(max_length=120, blank=True)
    intent_id = models.CharField(max_length=120, blank=True)
    charge_id = models.CharField(max_length=120, blank=True)
    checkout_url = models.URLField(max_length=1000, blank=True)
    client_ip = models.CharField(max_length=45, blank=True, help_text="the backer's, where the provider asks for it")
    method = models.CharField(max_length=20, blank=True, help_text="card, alipay, wechat_pay")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20, default=PaymentState.CREATED)
    captured = models.BigIntegerField(default=0)
    refund_reserved = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0)
    provider_fee = models.BigIntegerField(null=True)
    # Late success that the rules no longer allow to count: refunded by itself.
    orphan = models.BooleanField(default=False)
    failure_code = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=AppNow())
    begun_at = models.DateTimeField(null=True, help_text="when the backer confirmed, by the provider's word")
    expires_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True, help_text="real time of the last look by the poller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "session_id"], name="payment_session_unique", condition=~Q(session_id="")
            ),
            models.UniqueConstraint(
                fields=["provider", "intent_id"], name="payment_intent_unique", condition=~Q(intent_id="")
            ),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in PaymentState]), name="payment_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=Q(state="succeeded", captured=F("amount")) | Q(~Q(state="succeeded"), captured=0),
                name="payment_captures_all_or_nothing",
            ),
            models.CheckConstraint(
                condition=Q(refund_reserved__gte=0, lost__gte=0, captured__gte=F("refund_reserved") + F("lost")),
                name="payment_never_refunds_more_than_captured",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "expires_at"], name="payment_open"),
            models.Index(fields=["succeeded_at"], name="payment_by_success"),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"

    @property
    def remaining(self) -> int:
        """Minor units that came in and are neither refunded, promised back nor charged back."""
        return self.captured - self.refund_reserved - self.lost
