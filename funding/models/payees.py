"""Where a creator's money goes."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cms.core.clock import AppNow

# Accounts of this rail are at creators' banks, and finance pays them by transfer: no provider is asked.
BANK = "bank"


class PayeeKind(models.TextChoices):
    """Decides which tax rule applies."""

    PERSON = "person", "person"
    SOLE_TRADER = "sole_trader", "sole trader"
    COMPANY = "company", "company"
    CHARITY = "charity", "charity"


class PayoutAccount(models.Model):
    """A creator's connected account at the provider, onboarded on the provider's own pages; or, of the provider `bank`,
    their account at a bank (`BankDetails`), whose `transfers_enabled` is finance's word.

    One is current (`replaced_at` is null); those before it stay, because payouts went there. `contact` is the address
    that hears of a change: the creator's own as it was when the account was set up.
    """

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="payout_accounts")
    provider = models.CharField(max_length=20, default="stripe")
    external_id = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=PayeeKind.choices, default=PayeeKind.PERSON)
    country = models.CharField(max_length=2, default="CN")
    contact = models.EmailField(blank=True)
    details_submitted = models.BooleanField(default=False)
    transfers_enabled = models.BooleanField(default=False)
    payouts_enabled = models.BooleanField(default=True)
    requirements = models.JSONField(default=list)
    bank = models.CharField(max_length=120, blank=True, help_text="the provider's fingerprint of the bank account")
    bank_last4 = models.CharField(max_length=4, blank=True)
    held_until = models.DateTimeField(null=True, help_text="no payout before: it was changed a short time ago")
    created_at = models.DateTimeField(db_default=AppNow())
    checked_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "external_id"], name="payout_account_unique", condition=~Q(external_id="")
            ),
            models.UniqueConstraint(
                fields=["creator"], name="payout_account_one_current", condition=Q(replaced_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.external_id or f"account of {self.creator_id}"

    @classmethod
    def current(cls, creator_id: int) -> "PayoutAccount | None":
        """Where a creator's money goes now; None before payouts were set up."""
        return cls._default_manager.filter(creator_id=creator_id, replaced_at=None).first()
