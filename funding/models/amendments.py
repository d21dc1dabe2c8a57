"""A change to a paid pledge: proposed, paid for or paid back, then applied, or abandoned without a trace of harm."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cms.core.clock import AppNow
from funding.models.pledges import Pledge
from funding.states import OPEN_AMENDMENT, AmendmentState


class Amendment(models.Model):
    """What a pledge is to be, beside what it was when this was proposed. Minor units of the pledge's currency.

    Its lines are rows of `PledgeLine` that don't count before it is applied. A positive difference is charged by a
    payment of its own, a negative one refunded; `difference` = total − previous_total.
    """

    pledge = models.ForeignKey(Pledge, on_delete=models.PROTECT, related_name="amendments")
    state = models.CharField(max_length=20, default=AmendmentState.PROPOSED)

    rewards_amount = models.BigIntegerField()
    shipping_amount = models.BigIntegerField()
    extra_amount = models.BigIntegerField()
    total = models.BigIntegerField()
    country = models.CharField(max_length=2, blank=True)
    version = models.CharField(max_length=64, blank=True, help_text="hash of the campaign version the backer saw")
    previous_rewards_amount = models.BigIntegerField()
    previous_shipping_amount = models.BigIntegerField()
    previous_extra_amount = models.BigIntegerField()
    previous_total = models.BigIntegerField()
    previous_country = models.CharField(max_length=2, blank=True)

    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=AppNow())
    expires_at = models.DateTimeField(help_text="until when its stock is held for the payment of the difference")
    ended_at = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=80, blank=True, help_text="a code, of one that was abandoned")
    idempotency_key = models.CharField(max_length=255)
    idempotency_fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pledge", "idempotency_key"], name="amendment_idempotent"),
            models.UniqueConstraint(
                fields=["pledge"], name="amendment_one_open_per_pledge",
                condition=Q(state__in=[state.value for state in OPEN_AMENDMENT]),
            ),
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in AmendmentState]), name="amendment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    total=F("rewards_amount") + F("shipping_amount") + F("extra_amount"),
                    total__gt=0, rewards_amount__gte=0, shipping_amount__gte=0, extra_amount__gte=0,
                ),
                name="amendment_parts_sum_to_total",
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], name="amendment_open",
                condition=Q(state__in=[state.value for state in OPEN_AMENDMENT]),
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"amendment {self.pk}"

    @property
    def difference(self) -> int:
        """Minor units to pay; negative is what comes back."""
        return self.total - self.previous_total

    @property
    def is_open(self) -> bool:
        """Whether it may still be applied."""
        return self.state in OPEN_AMENDMENT
