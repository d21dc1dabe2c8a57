"""What finance has to know: alerts, one open row a matter, and the freezes that keep payouts back meanwhile."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow


class Severity(models.TextChoices):
    """How soon somebody has to look."""

    INFO = "info", "worth knowing"
    WARNING = "warning", "needs a look"
    CRITICAL = "critical", "needs a person now"


class Alert(models.Model):
    """An anomaly. While it is open, seeing it again only counts; once resolved, the next one opens a new row."""

    code = models.CharField(max_length=60)
    subject = models.CharField(max_length=160, help_text="kind:key, for example payment:12")
    severity = models.CharField(max_length=10, choices=Severity.choices)
    data = models.JSONField(default=dict, help_text="as it was seen last")
    times = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(db_default=AppNow())
    last_seen_at = models.DateTimeField(db_default=AppNow())
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: it went away by itself",
    )  # fmt: skip
    resolution = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "subject"], name="alert_open_once", condition=Q(resolved_at__isnull=True)
            ),
            models.CheckConstraint(
                condition=Q(severity__in=[s.value for s in Severity]), name="alert_severity_known"
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolution="")
                | (Q(resolved_at__isnull=False) & ~Q(resolution="")),
                name="alert_resolved_with_reason",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["-last_seen_at"], name="alert_by_time")]

    def __str__(self) -> str:
        return f"{self.code} {self.subject}"


class PayoutFreeze(models.Model):
    """No payout goes out while one is open. One open row for each source that found a difference."""

    source = models.CharField(max_length=20, help_text="audit, reconcile or rebuild")
    fingerprint = models.CharField(max_length=64, help_text="of the differences that froze")
    data = models.JSONField(default=dict)
    frozen_at = models.DateTimeField(db_default=AppNow())
    lifted_at = models.DateTimeField(null=True)
    lifted_because = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], name="payout_freeze_open_once", condition=Q(lifted_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.frozen_at:%Y-%m-%d %H:%M}"


class FreezeConsent(models.Model):
    """One person's yes to lifting a freeze although the difference is still there; it takes two different people."""

    freeze = models.ForeignKey(PayoutFreeze, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    given_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["freeze", "person"], name="freeze_consent_once_per_person")
        ]


class AuditKind(models.TextChoices):
    """What is proved, each in its own way."""

    AUDIT = "audit", "the ledger against the business rows"
    RECONCILE = "reconcile", "the journal against the provider's movements"
    REBUILD = "rebuild", "kept balances against balances computed afresh"


class AuditRun(models.Model):
    """One run of one proof and what came of it. The nightly one of a kind has its day, and there is one a day."""

    kind = models.CharField(max_length=10, choices=AuditKind.choices)
    day = models.DateField(null=True, help_text="of the nightly run; empty: somebody asked for it")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(db_default=AppNow())
    lease_until = models.DateTimeField(null=True, help_text="real time; a run whose worker died is taken up after it")
    finished_at = models.DateTimeField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    ok = models.BooleanField(null=True, help_text="empty: it is under way, or could not be done")
    checked = models.JSONField(default=dict, help_text="rows looked at, by check")
    problems = models.JSONField(default=list, help_text="check, subject, expected, found, currency")
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "day"], name="audit_run_nightly_once"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in AuditKind]), name="audit_run_kind_known"),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "-id"], name="audit_run_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
