"""Two tables of the ground: the clock's offset and the outbox."""

from typing import ClassVar

from django.db import models

from cms.core.clock import AppNow


class ClockOffset(models.Model):
    """One row: seconds that app time is ahead of real time. Production refuses to set it."""

    seconds = models.FloatField(default=0)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="clock_offset_single_row")]


class OutboxEvent(models.Model):
    """A domain event, written in the transaction that made it true and delivered at least once."""

    key = models.CharField(max_length=200, unique=True)
    name = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(db_default=AppNow())
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="outbox_undelivered", condition=models.Q(delivered_at=None))
        ]

    def __str__(self) -> str:
        return self.key
