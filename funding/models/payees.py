"""Where a creator's money goes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow


class PayeeKind(models.TextChoices):
    """Decides which tax rule applies."""

    PERSON = "person", "person"
    COMPANY = "company", "company"
    CHARITY = "charity", "charity"


class PayoutAccount(models.Model):
    """A creator's connected account at the provider, onboarded on the provider's own pages."""

    creator = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payout_account")
    provider = models.CharField(max_length=20, default="stripe")
    external_id = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=10, choices=PayeeKind.choices, default=PayeeKind.PERSON)
    country = models.CharField(max_length=2, default="CN")
    details_submitted = models.BooleanField(default=False)
    transfers_enabled = models.BooleanField(default=False)
    requirements = models.JSONField(default=list)
    created_at = models.DateTimeField(db_default=AppNow())
    checked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "external_id"], name="payout_account_unique", condition=~Q(external_id="")
            )
        ]

    def __str__(self) -> str:
        return self.external_id or f"account of {self.creator_id}"
