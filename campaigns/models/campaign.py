"""A campaign and its draft terms. One row shared by all its language pages."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from campaigns.models.taxonomy import Category
from campaigns.querysets import CampaignQuerySet
from campaigns.states import LABELS, CampaignState
from cms.core.clock import AppNow
from cms.core.keys import new_key, new_secret
from funding.models import Escrow
from funding.models.escrow import Mode
from funding.models.rewards import RewardKind


class CampaignKind(models.TextChoices):
    """What backers get in return."""

    REWARD = "reward", _("Reward")
    DONATION = "donation", _("Donation")
    EQUITY = "equity", _("Equity")


class Campaign(models.Model):
    """Who promises what on which draft terms. Amounts in minor units of `currency`.

    Exactly one of `deadline` and `duration_days` is set once the terms are complete.
    """

    key = models.CharField(max_length=20, unique=True, default=new_key, editable=False)
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="campaigns")
    kind = models.CharField(max_length=10, choices=CampaignKind.choices, default=CampaignKind.REWARD)
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns")
    state = models.CharField(max_length=20, default=CampaignState.DRAFT)

    goal = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")
    mode = models.CharField(max_length=20, choices=Mode.choices, default=Mode.ALL_OR_NOTHING)
    duration_days = models.PositiveIntegerField(null=True, blank=True)
    deadline = models.DateTimeField(null=True, blank=True)
    timezone = models.CharField(max_length=64, default="Asia/Shanghai")
    # Grows with each change of the terms; a stale form is told so.
    terms_revision = models.PositiveIntegerField(default=0)

    launch_at = models.DateTimeField(null=True, blank=True, help_text="a launch that waits for its time")
    escrow = models.OneToOneField(Escrow, null=True, on_delete=models.PROTECT, related_name="campaign")
    created_at = models.DateTimeField(db_default=AppNow())

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[s.value for s in CampaignState]), name="campaign_state_known"
            ),
            models.CheckConstraint(
                condition=Q(duration_days=None) | Q(deadline=None), name="campaign_duration_or_deadline"
            ),
            models.CheckConstraint(condition=Q(goal=None) | Q(goal__gt=0), name="campaign_goal_positive"),
            models.CheckConstraint(
                condition=Q(escrow=None) ^ Q(state__in=["launched", "concluded"]),
                name="campaign_escrow_from_launch_on",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(LABELS[CampaignState(self.state)])

    @property
    def under_review(self) -> bool:
        """Whether a submission waits for its decision: terms and every page are locked then."""
        return self.submissions.open().exists()

    @property
    def terms_editable(self) -> bool:
        """Whether the draft terms may change: before approval, and not while a reviewer reads them."""
        return self.state in {CampaignState.DRAFT, CampaignState.CHANGES_REQUESTED} and not self.under_review


class RewardDraft(models.Model):
    """A reward as the creator drafts it; frozen into `funding.Reward` at launch."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reward_drafts")
    key = models.CharField(max_length=20, default=new_key, editable=False)
    position = models.PositiveIntegerField(default=0)
    kind = models.CharField(_("kind"), max_length=10, choices=RewardKind.choices, default=RewardKind.PHYSICAL)
    title_en = models.CharField(_("title (English)"), max_length=80, blank=True)
    title_zh = models.CharField(_("title (Chinese)"), max_length=80, blank=True)
    description_en = models.TextField(_("description (English)"), max_length=1000, blank=True)
    description_zh = models.TextField(_("description (Chinese)"), max_length=1000, blank=True)
    image = models.ForeignKey("images.Image", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    price = models.BigIntegerField(_("price"), help_text="minor units")
    is_addon = models.BooleanField(_("add-on"), default=False)
    quantity = models.PositiveIntegerField(_("quantity"), null=True, blank=True)
    per_person_limit = models.PositiveIntegerField(_("limit per person"), null=True, blank=True)
    shipping = models.JSONField(_("shipping"), default=dict, blank=True)
    delivery_month = models.DateField(_("delivery month"), null=True, blank=True)
    window_start = models.DateTimeField(_("available from"), null=True, blank=True)
    window_end = models.DateTimeField(_("available until"), null=True, blank=True)
    # Absent from every public answer; `secret_token` in an address lets its bearer in, until it is renewed.
    secret = models.BooleanField(_("secret"), default=False)
    secret_token = models.CharField(max_length=43, default=new_secret, editable=False)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "key"], name="reward_draft_key_unique"),
            models.CheckConstraint(condition=Q(price__gt=0), name="reward_draft_price_positive"),
        ]

    def __str__(self) -> str:
        return self.title()

    def title(self, locale: str | None = None) -> str:
        """The title in a language (the reader's where none is named), else in whichever there is."""
        return _in_language(self.title_en, self.title_zh, locale) or self.key

    def description(self, locale: str) -> str:
        """The description in a language, else in whichever there is."""
        return _in_language(self.description_en, self.description_zh, locale)

    @property
    def other_title(self) -> str:
        """The title in the language that the reader doesn't use; empty where there is only one."""
        texts = {self.title_en, self.title_zh} - {self.title(), ""}
        return next(iter(texts), "")


class RewardVariantDraft(models.Model):
    """A size or colour as drafted: may have its own quantity, never its own price."""

    reward = models.ForeignKey(RewardDraft, on_delete=models.CASCADE, related_name="variants")
    key = models.CharField(max_length=20, default=new_key, editable=False)
    position = models.PositiveIntegerField(default=0)
    name_en = models.CharField(max_length=40, blank=True)
    name_zh = models.CharField(max_length=40, blank=True)
    quantity = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["reward", "key"], name="variant_draft_key_unique")]

    def __str__(self) -> str:
        return self.name()

    def name(self, locale: str | None = None) -> str:
        """The name in a language (the reader's where none is named), else in whichever there is."""
        return _in_language(self.name_en, self.name_zh, locale) or self.key


def _in_language(english: str, chinese: str, locale: str | None) -> str:
    if (locale or get_language() or "en").startswith("zh"):
        return chinese or english
    return english or chinese
