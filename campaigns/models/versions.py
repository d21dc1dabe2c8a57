"""What backers saw: append-only rendered data, never rendered from Wagtail revisions."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from campaigns.models.campaign import Campaign
from campaigns.models.pages import CampaignPage
from cms.core.clock import AppNow


class CampaignVersion(models.Model):
    """Story and terms of one language as data, renditions pinned; written at launch and at each later publishing."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="versions")
    # PROTECT: with money behind it, the page can't go, whichever way its deletion is tried.
    page = models.ForeignKey(CampaignPage, on_delete=models.PROTECT, related_name="versions")
    locale = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    hash = models.CharField(max_length=64, help_text="SHA-256 of the canonical JSON of `content`")
    content = models.JSONField()
    reason = models.TextField(blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "locale", "hash"], name="version_hash_unique"),
            models.UniqueConstraint(fields=["campaign", "locale", "number"], name="version_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.locale} {self.number}"
