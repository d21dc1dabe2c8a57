"""What a creator reckoned with, as it stood when it was saved."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from campaigns.models.campaign import Campaign
from cms.core.clock import AppNow


class Calculation(models.Model):
    """One saved sheet and its answer; never changed, a new one is saved instead. Amounts in minor units."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="calculations")
    number = models.PositiveIntegerField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=AppNow())
    terms_revision = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    sheet = models.JSONField()
    goal = models.BigIntegerField(null=True)
    break_even = models.PositiveIntegerField(null=True)
    minimum_goal = models.BigIntegerField(null=True)
    left_at_goal = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="calculation_number_unique"),
            models.CheckConstraint(
                condition=Q(break_even=None, minimum_goal=None) | Q(break_even__gt=0, minimum_goal__gte=0),
                name="calculation_breaks_even_or_not",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} calculation {self.number}"
