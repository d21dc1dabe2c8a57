"""Rates and holds, versioned and effective-dated; frozen into each escrow at launch."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow
from funding.models.payees import PayeeKind


class FeeSchedule(models.Model):
    """The platform's rates for an opaque scope (`platform`, later `channel:<slug>`), from a moment on. Basis points."""

    scope = models.CharField(max_length=80, default="platform")
    effective_from = models.DateTimeField(db_default=AppNow())
    platform_fee_bps = models.PositiveIntegerField()
    compensation_fund_bps = models.PositiveIntegerField()
    hold_days = models.PositiveIntegerField()
    grace_minutes = models.PositiveIntegerField(default=30)
    max_duration_days = models.PositiveIntegerField(default=60)
    # Minor units by currency, above which a payout takes two people.
    four_eyes_limits = models.JSONField(default=dict)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["scope", "effective_from"], name="fee_schedule_unique"),
            models.CheckConstraint(condition=Q(grace_minutes__gte=30), name="fee_schedule_grace_at_least_30"),
        ]

    def __str__(self) -> str:
        return f"{self.scope} from {self.effective_from:%Y-%m-%d}"


class TaxRule(models.Model):
    """Withholding for a kind of payee in a jurisdiction, from a moment on. Basis points of the creator's part."""

    jurisdiction = models.CharField(max_length=2)
    payee_kind = models.CharField(max_length=12, choices=PayeeKind.choices)
    regime = models.CharField(max_length=40)
    rate_bps = models.PositiveIntegerField()
    effective_from = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["jurisdiction", "payee_kind", "effective_from"], name="tax_rule_unique")
        ]

    def __str__(self) -> str:
        return f"{self.regime} {self.payee_kind}"
