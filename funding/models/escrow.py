"""A campaign's held money: frozen terms, state, totals, the decision and the release."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language, gettext, override

from cms.core.clock import AppNow
from cms.core.languages import language_name
from funding.states import EscrowState


class Mode(models.TextChoices):
    """What happens when the goal is missed."""

    ALL_OR_NOTHING = "all_or_nothing", "all or nothing"
    KEEP_IT_ALL = "keep_it_all", "keep it all"


class Escrow(models.Model):
    """Made at launch, one a campaign. Terms never change; totals change with each payment, exactly.

    Amounts in minor units of `currency`. raised = captured − refunded − lost, `lost`
    being charged back before the release. `names` has the campaign's title by
    locale, for receipts and statements that must read the same in ten years.
    """

    key = models.CharField(max_length=20, unique=True)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="escrows")
    kind = models.CharField(max_length=10)
    names = models.JSONField(default=dict)
    currency = models.CharField(max_length=3)
    goal = models.BigIntegerField()
    mode = models.CharField(max_length=20, choices=Mode.choices)
    launched_at = models.DateTimeField(db_default=AppNow())
    deadline = models.DateTimeField(help_text="exclusive: [launched_at, deadline)")

    platform_fee_bps = models.PositiveIntegerField()
    compensation_fund_bps = models.PositiveIntegerField()
    tax_regime = models.CharField(max_length=40, blank=True)
    tax_bps = models.PositiveIntegerField(default=0)
    hold_days = models.PositiveIntegerField()
    grace_minutes = models.PositiveIntegerField(default=30)
    policy = models.JSONField(default=dict, help_text="the fee schedule and tax rule as they stood at launch")

    state = models.CharField(max_length=20, default=EscrowState.OPEN)
    captured = models.BigIntegerField(default=0)
    refunded = models.BigIntegerField(default=0)
    released = models.BigIntegerField(default=0)
    lost = models.BigIntegerField(default=0)
    backers = models.PositiveIntegerField(default=0)
    hold_until = models.DateTimeField(null=True)
    state_reasons = models.JSONField(default=dict, help_text="public words of the person who decided, by locale")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in EscrowState]), name="escrow_state_known"),
            models.CheckConstraint(condition=Q(goal__gt=0), name="escrow_goal_positive"),
            models.CheckConstraint(condition=~Q(key="platform"), name="escrow_key_not_platform"),
            models.CheckConstraint(condition=Q(deadline__gt=F("launched_at")), name="escrow_deadline_after_launch"),
            models.CheckConstraint(
                condition=Q(
                    captured__gte=F("refunded") + F("released") + F("lost"),
                    refunded__gte=0,
                    released__gte=0,
                    lost__gte=0,
                ),
                name="escrow_never_pays_more_than_it_got",
            ),
            models.CheckConstraint(
                condition=Q(platform_fee_bps__lte=10_000 - F("compensation_fund_bps") - F("tax_bps")),
                name="escrow_rates_leave_the_rest",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "deadline"], name="escrow_due")]

    def __str__(self) -> str:
        return self.name()

    def name(self, locale: str | None = None) -> str:
        """The campaign's title in a language (the reader's where none is named), else in whichever there is."""
        return self.names.get(locale or get_language() or "en") or next(iter(self.names.values()), self.key)

    def reason(self, locale: str | None = None) -> str:
        """Why a person put it into its state, in a language (the reader's where none is named); where it was said in
        another alone, that names it. Empty where nobody said anything.
        """
        locale = locale or get_language() or "en"
        if said := self.state_reasons.get(locale):
            return str(said)
        for code, words in self.state_reasons.items():
            with override(locale):
                language = language_name(code, reader=locale)
                return gettext("%(words)s (said in %(language)s)") % {"words": words, "language": language}
        return ""

    @property
    def raised(self) -> int:
        """Minor units that count towards the goal."""
        return self.captured - self.refunded - self.lost

    @property
    def held(self) -> int:
        """Minor units that are in the escrow now."""
        return self.raised - self.released


class EscrowDecision(models.Model):
    """Success or failure: one row, written once, never revised (a trigger says so)."""

    escrow = models.OneToOneField(Escrow, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=[("succeeded", "succeeded"), ("failed", "failed")])
    raised = models.BigIntegerField()
    backers = models.PositiveIntegerField()
    decided_at = models.DateTimeField(db_default=AppNow())


class Release(models.Model):
    """How an escrow's money was split: gross = fee + fund + tax + creator's part, in minor units."""

    escrow = models.ForeignKey(Escrow, on_delete=models.PROTECT, related_name="releases")
    tranche = models.PositiveIntegerField(default=1)
    gross = models.BigIntegerField()
    platform_fee = models.BigIntegerField()
    compensation_fund = models.BigIntegerField()
    tax = models.BigIntegerField()
    creator_amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    released_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["escrow", "tranche"], name="release_once_per_tranche"),
            models.CheckConstraint(
                condition=Q(
                    gross=F("platform_fee") + F("compensation_fund") + F("tax") + F("creator_amount"),
                    platform_fee__gte=0, compensation_fund__gte=0, tax__gte=0, creator_amount__gte=0, gross__gt=0,
                ),
                name="release_parts_sum_to_gross",
            ),
        ]  # fmt: skip
