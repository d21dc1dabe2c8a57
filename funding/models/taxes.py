"""Withheld tax on its way to the authority."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow


class TaxRemittance(models.Model):
    """So much of a regime's tax paid to its authority from the bank: one proposes, another confirms. Minor units.

    `reference` is the bank's or the authority's own, and makes it once. A proposal that was wrong is withdrawn.
    """

    regime = models.CharField(max_length=40)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=60)
    reason = models.TextField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(db_default=AppNow())
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="tax_remittance_positive"),
            models.UniqueConstraint(
                fields=["regime", "currency", "reference"], name="tax_remittance_once", condition=Q(withdrawn_at=None)
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None, confirmed_at=None)
                | Q(~Q(confirmed_by=F("proposed_by")), confirmed_by__isnull=False, confirmed_at__isnull=False,
                    withdrawn_at=None),
                name="tax_remittance_needs_two_people",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.regime} {self.reference}"
