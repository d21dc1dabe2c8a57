"""Delivery months that a creator moved after the launch. The promise itself stays frozen, in `funding.Reward`."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Campaign
from cms.core.clock import AppNow


class DeliveryMove(models.Model):
    """A reward is expected in another month, with the reason that backers were told. Never changed.

    `leave_until` is set where it is so late that backers may leave.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="delivery_moves")
    reward_key = models.CharField(max_length=20)
    promised = models.DateField(help_text="the first of the month that was promised")
    month = models.DateField(help_text="the first of the month that is expected now")
    reason = models.TextField()
    moved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(db_default=AppNow())
    leave_until = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(leave_until=None) | Q(month__gt=models.F("promised")), name="leave_only_when_later"
            )
        ]

    def __str__(self) -> str:
        return f"{self.reward_key} {self.month:%Y-%m}"
