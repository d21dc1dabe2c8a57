"""The provider's own account of our balance, kept movement by movement."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow


class MatchState(models.TextChoices):
    """Whether our journal says the same about a movement's object."""

    OPEN = "open", "not yet matched"
    IN_TRANSIT = "in_transit", "left the balance and has not arrived"
    MATCHED = "matched", "both sides agree"
    DIFFERS = "differs", "the two sides disagree"


class ProviderMovement(models.Model):
    """One balance transaction, stored once, in minor units; negative for money out. net = amount − fee."""

    provider = models.CharField(max_length=20, default="stripe")
    external_id = models.CharField(max_length=120)
    type = models.CharField(max_length=60)
    amount = models.BigIntegerField()
    fee = models.BigIntegerField()
    net = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    source = models.CharField(max_length=120, blank=True, help_text="the provider's object that moved the money")
    subject = models.CharField(max_length=120, help_text="the object it belongs to: its source, or what that undoes")
    created_at = models.DateTimeField(help_text="by the provider's clock")
    first_seen_at = models.DateTimeField(db_default=AppNow())
    state = models.CharField(max_length=10, choices=MatchState.choices, default=MatchState.OPEN)
    booked = models.CharField(max_length=140, blank=True, help_text="the journal that only this movement could tell of")
    booked_amount = models.BigIntegerField(default=0, help_text="the sum of that journal's entries")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="provider_movement_once"),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in MatchState]), name="provider_movement_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["provider", "subject"], name="provider_movement_subject"),
            models.Index(fields=["state"], name="provider_movement_open", condition=~Q(state="matched")),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.external_id}"


class ReconcileCursor(models.Model):
    """Up to when a provider's movements have been read; each reading overlaps the last."""

    provider = models.CharField(max_length=20, unique=True)
    read_until = models.DateTimeField(help_text="the newest movement's instant, by the provider's clock")

    def __str__(self) -> str:
        return self.provider
