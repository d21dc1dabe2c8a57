"""Money that may not be held for ever: what was warned of, and what was decided."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow
from funding.models.escrow import Escrow
from funding.states import DecisionState


class HoldChoice(models.TextChoices):
    """What is to become of the money."""

    RELEASE = "release", "release it to the creator now"
    REFUND = "refund", "refund every backer now"


class HoldDecision(models.Model):
    """Before the provider's limit two people decide: one proposes with a reason, another confirms."""

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="hold_decisions")
    choice = models.CharField(max_length=10, choices=HoldChoice.choices)
    reason = models.TextField()
    state = models.CharField(max_length=20, default=DecisionState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=AppNow())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in DecisionState]), name="hold_decision_state_known"
            ),
            models.UniqueConstraint(
                fields=["escrow"], name="hold_decision_one_proposed", condition=Q(state="proposed")
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(~Q(decided_by=F("proposed_by")), decided_by__isnull=False),
                name="hold_decision_needs_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"hold decision {self.pk}"


class HoldWarning(models.Model):
    """Finance was warned so many days before the limit: once each."""

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="hold_warnings")
    days = models.PositiveIntegerField()
    warned_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["escrow", "days"], name="hold_warned_once")]
