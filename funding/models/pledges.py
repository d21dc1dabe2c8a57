"""A backer's promise and its lines."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow
from funding.models.escrow import Escrow
from funding.models.rewards import Reward, RewardVariant
from funding.states import PledgeState


class Pledge(models.Model):
    """rewards + shipping + extra = total, in minor units. `person` is a keyed hash of the e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="pledges")
    backer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="pledges")
    email = models.EmailField()
    person = models.CharField(max_length=64, db_index=True)
    locale = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=20, default=PledgeState.RESERVED)

    currency = models.CharField(max_length=3)
    rewards_amount = models.BigIntegerField()
    shipping_amount = models.BigIntegerField(default=0)
    extra_amount = models.BigIntegerField(default=0)
    total = models.BigIntegerField()
    refunded_amount = models.BigIntegerField(default=0)

    country = models.CharField(max_length=2, blank=True)
    anonymous = models.BooleanField(default=False)
    message = models.CharField(max_length=280, blank=True)
    version = models.CharField(max_length=64, blank=True, help_text="hash of the campaign version the backer saw")

    created_at = models.DateTimeField(db_default=AppNow())
    reserved_until = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    idempotency_scope = models.CharField(max_length=100)
    idempotency_key = models.CharField(max_length=255)
    idempotency_fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["idempotency_scope", "idempotency_key"], name="pledge_idempotent"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in PledgeState]), name="pledge_state_known"),
            models.CheckConstraint(
                condition=Q(
                    total=F("rewards_amount") + F("shipping_amount") + F("extra_amount"),
                    total__gt=0, rewards_amount__gte=0, shipping_amount__gte=0, extra_amount__gte=0,
                ),
                name="pledge_parts_sum_to_total",
            ),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0, refunded_amount__lte=F("total")), name="pledge_refund_within_total"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(fields=["escrow", "state"], name="pledge_by_escrow"),
            models.Index(fields=["backer", "-created_at"], name="pledge_by_backer"),
            models.Index(fields=["reserved_until"], name="pledge_reserved", condition=Q(state="reserved")),
        ]

    def __str__(self) -> str:
        return str(self.id)[:8]


class AgreedLines(models.Manager["PledgeLine"]):
    """The lines in force: what `pledge.lines` gives."""

    def get_queryset(self) -> models.QuerySet["PledgeLine"]:
        """Neither proposals nor what an amendment has replaced."""
        return super().get_queryset().filter(current=True)


class PledgeLine(models.Model):
    """So many of one reward: unit price and shipping as they were when it was chosen.

    Lines of an `amendment` come into force when it is applied, and those before them are kept, no longer `current`.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="lines")
    reward = models.ForeignKey(Reward, on_delete=models.PROTECT, related_name="+")
    variant = models.ForeignKey(RewardVariant, null=True, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    unit_price = models.BigIntegerField()
    unit_shipping = models.BigIntegerField(default=0)
    amendment = models.ForeignKey("Amendment", null=True, on_delete=models.PROTECT, related_name="+")
    current = models.BooleanField(db_default=True)

    objects = models.Manager()
    agreed = AgreedLines()

    class Meta:
        default_manager_name = "agreed"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="pledge_line_quantity_positive"),
            models.UniqueConstraint(
                fields=["pledge", "amendment", "reward", "variant"], name="pledge_line_unique", nulls_distinct=False
            ),
        ]


class Backing(models.Model):
    """How many paid pledges one person has on an escrow: makes `Escrow.backers` count people, exactly."""

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="+")
    person = models.CharField(max_length=64)
    paid_pledges = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["escrow", "person"], name="backing_unique")]
