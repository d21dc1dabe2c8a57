"""The log of every change of state."""

from typing import ClassVar

from django.conf import settings
from django.db import models

from cms.core.clock import AppNow


class TransitionLog(models.Model):
    """One row a change, append-only: which object, from where to where, by whom and why."""

    machine = models.CharField(max_length=20)
    object_id = models.CharField(max_length=40)
    sequence = models.PositiveIntegerField()
    source = models.CharField(max_length=20, blank=True)
    target = models.CharField(max_length=20)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["machine", "object_id", "sequence"], name="transition_sequence_unique")
        ]

    def __str__(self) -> str:
        return f"{self.machine} {self.object_id}: {self.source} → {self.target}"
