"""What the assistant was told and what it proposed; nothing of it is published by itself."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from cms.core.clock import AppNow


class FactSheet(models.Model):
    """The facts that a creator gave: `[{"key", "kind", "texts": {locale: sentence}}]`."""

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="fact_sheet")
    facts = models.JSONField(default=list)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(db_default=AppNow())

    def __str__(self) -> str:
        return f"{self.campaign} facts"


class SuggestionState(models.TextChoices):
    """What became of it."""

    OPEN = "open", _("Open")
    ACCEPTED = "accepted", _("Accepted")
    REJECTED = "rejected", _("Rejected")
    OUTDATED = "outdated", _("Replaced by a newer one")


class Suggestion(models.Model):
    """One draft for one place; see `campaigns.assistant.drafts.Draft` for its parts. Decided once."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="suggestions")
    locale = models.CharField(max_length=10)
    target = models.CharField(max_length=60)
    heading = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    pairs = models.JSONField(default=list)
    # The facts that it is made of, as they were: `{key: sentence}`.
    cites = models.JSONField(default=dict)
    source = models.CharField(max_length=80, help_text="rules, or the model's name")
    state = models.CharField(max_length=10, choices=SuggestionState.choices, default=SuggestionState.OPEN)
    made_at = models.DateTimeField(db_default=AppNow())
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "locale", "target"], condition=Q(state="open"), name="suggestion_one_open_a_place"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "outdated"], decided_by=None, decided_at=None)
                | Q(state__in=["accepted", "rejected"], decided_by__isnull=False, decided_at__isnull=False),
                name="suggestion_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.locale} {self.target}"
