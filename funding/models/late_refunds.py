"""Refunds of money that has been paid out already: what one person proposed and another confirmed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow
from funding.models.pledges import Pledge
from funding.states import DecisionState


class LateRefund(models.Model):
    """A refund after the payout, in minor units: the platform pays the backer and the creator owes it.

    One person proposes it with a reason, another confirms; then it is asked for at once.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="late_refunds")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.TextField()
    state = models.CharField(max_length=20, default=DecisionState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=AppNow())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="late_refund_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DecisionState]), name="late_refund_state_known"
            ),
            models.UniqueConstraint(fields=["pledge"], name="late_refund_one_proposed", condition=Q(state="proposed")),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(~Q(decided_by=F("proposed_by")), decided_by__isnull=False),
                name="late_refund_needs_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"late refund {self.pk}"
