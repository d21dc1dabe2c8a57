"""Calls to a provider, written down before they are made."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow
from funding.states import CommandState


class CommandKind(models.TextChoices):
    """What is asked of the provider."""

    CREATE_CHECKOUT = "create_checkout", "open a checkout"
    EXPIRE_CHECKOUT = "expire_checkout", "end a checkout"
    CREATE_REFUND = "create_refund", "refund"
    CREATE_TRANSFER = "create_transfer", "transfer"
    SUBMIT_EVIDENCE = "submit_evidence", "submit evidence"
    ACCEPT_DISPUTE = "accept_dispute", "accept a dispute"
    REVERSE_TRANSFER = "reverse_transfer", "take a transfer back"


class GatewayCommand(models.Model):
    """One intended call. Its idempotency key is stored before the call, so a repeat returns the same result."""

    provider = models.CharField(max_length=20, default="stripe")
    kind = models.CharField(max_length=20, choices=CommandKind.choices)
    subject = models.CharField(max_length=80, help_text="kind:id, for example payment:12")
    amount = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    idempotency_key = models.CharField(max_length=120, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default=CommandState.PLANNED)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, help_text="real time")
    lease_until = models.DateTimeField(null=True, help_text="real time")
    first_sent_at = models.DateTimeField(null=True, help_text="real time; keys live 24 h")
    external_id = models.CharField(max_length=120, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(db_default=AppNow())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in CommandState]), name="command_state_known")
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_attempt_at"],
                name="command_due",
                condition=Q(state__in=["planned", "sending", "unknown"]),
            ),
            models.Index(fields=["subject"], name="command_by_subject"),
        ]

    def __str__(self) -> str:
        return self.idempotency_key
