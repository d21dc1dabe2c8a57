"""Messages, and the demo's mailbox."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow


class Message(models.Model):
    """One mail to one person. Its key is UNIQUE and it is claimed before SMTP, so nobody gets it twice.

    A crash between claim and answer leaves `unknown`, which is never re-sent by itself.
    """

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        SENDING = "sending", "sending"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"
        UNKNOWN = "unknown", "unknown"

    key = models.CharField(max_length=200, unique=True)
    to = models.EmailField()
    locale = models.CharField(max_length=10, default="en")
    template = models.CharField(max_length=80)
    context = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    subject = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(db_default=AppNow())
    sent_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True, help_text="real time")
    next_attempt_at = models.DateTimeField(null=True, help_text="real time")
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="message_unsent", condition=Q(state__in=["planned", "sending"])),
            models.Index(fields=["to", "-id"], name="message_by_address"),
        ]

    def __str__(self) -> str:
        return self.key


class MailboxEntry(models.Model):
    """A mail as it left, kept for the demo's mailbox page only."""

    to = models.EmailField(db_index=True)
    subject = models.CharField(max_length=300)
    key = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    html = models.TextField(blank=True)
    sent_at = models.DateTimeField(db_default=AppNow())

    def __str__(self) -> str:
        return f"{self.to}: {self.subject}"
