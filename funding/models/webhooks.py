"""What providers told us, stored once each before anything is done with it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow


class WebhookEvent(models.Model):
    """One event; a hint to re-fetch the object, never the truth itself."""

    provider = models.CharField(max_length=20, default="stripe")
    external_id = models.CharField(max_length=255)
    type = models.CharField(max_length=80)
    object_id = models.CharField(max_length=255, blank=True)
    account = models.CharField(max_length=255, blank=True, help_text="the connected account, if it is one's")
    payload = models.JSONField(default=dict, help_text="as far as it is kept: never whose it is")
    received_at = models.DateTimeField(db_default=AppNow())
    handled_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=40, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, help_text="real time")
    last_error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="webhook_event_unique")
        ]
        indexes: ClassVar = [models.Index(fields=["id"], name="webhook_unhandled", condition=Q(handled_at=None))]

    def __str__(self) -> str:
        return f"{self.type} {self.external_id}"
