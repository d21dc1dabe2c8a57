"""A cardholder's dispute of a charge, and the money that a release leaves out meanwhile."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow
from funding.models.escrow import Escrow, Release
from funding.models.payments import Payment
from funding.states import DisputeState


class Dispute(models.Model):
    """One chargeback of one payment, or the inquiry before it. All amounts in minor units of `currency`.

    `amount` is what the bank disputes; `withdrawn`, `fee`, `reinstated` and `fee_returned` are what the provider has
    moved. What was lost came from the escrow (or from what was owed to the backer), from the creator or from the
    platform; `returned` is lost money that came back after all, and no longer part of the three.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes")
    provider = models.CharField(max_length=20, default="stripe")
    external_id = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=60, blank=True, help_text="the bank's code")
    state = models.CharField(max_length=20, default=DisputeState.OPENED)
    withdrawn = models.BigIntegerField(default=0)
    fee = models.BigIntegerField(default=0)
    reinstated = models.BigIntegerField(default=0)
    fee_returned = models.BigIntegerField(default=0)
    from_escrow = models.BigIntegerField(default=0)
    from_creator = models.BigIntegerField(default=0)
    from_platform = models.BigIntegerField(default=0)
    returned = models.BigIntegerField(default=0)
    evidence = models.TextField(blank=True)
    evidence_due_at = models.DateTimeField(null=True)
    evidence_sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True, help_text="when finance decided not to contest it")
    opened_at = models.DateTimeField(help_text="by the provider's word")
    closed_at = models.DateTimeField(null=True)
    polled_at = models.DateTimeField(null=True, help_text="real time of the last look by the poller")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "external_id"], name="dispute_unique"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in DisputeState]), name="dispute_state_known"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_amount_positive"),
            models.CheckConstraint(
                condition=Q(
                    reinstated__gte=0, fee__gte=0, fee_returned__gte=0, returned__gte=0,
                    from_escrow__gte=0, from_creator__gte=0, from_platform__gte=0, fee_returned__lte=F("fee"),
                    withdrawn__gte=F("reinstated") + F("from_escrow") + F("from_creator") + F("from_platform"),
                    returned__lte=F("reinstated"),
                ),
                name="dispute_loses_no_more_than_withdrawn",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [models.Index(fields=["state"], name="dispute_by_state")]

    def __str__(self) -> str:
        return f"dispute {self.pk}"

    @property
    def lost(self) -> int:
        """Minor units that are gone for good."""
        return self.from_escrow + self.from_creator + self.from_platform

    @property
    def open_amount(self) -> int:
        """Minor units that the provider has withdrawn and nobody has decided about."""
        return self.withdrawn - self.reinstated - self.lost


class HeldBack(models.Model):
    """Money of a payment that stayed in its escrow when the rest was released, or came back to it afterwards.

    `amount`, minor units, shrinks when a dispute takes it; a later tranche takes up what is left.
    """

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="held_back")
    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="held_back")
    amount = models.BigIntegerField()
    released_in = models.ForeignKey(Release, null=True, on_delete=models.PROTECT, related_name="held_back")
    since = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(amount__gte=0), name="held_back_not_negative")]
        indexes: ClassVar = [
            models.Index(fields=["escrow"], name="held_back_open", condition=Q(released_in__isnull=True))
        ]
