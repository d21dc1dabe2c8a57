"""Who reads what, until when, and by which rules."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.review import Submission
from cms.core.clock import AppNow

# Until somebody sets rules: minor units of a goal above which it takes two reviewers.
DEFAULT_LIMITS = {
    "CNY": 100_000_000, "USD": 15_000_000, "EUR": 14_000_000, "GBP": 12_000_000, "HKD": 120_000_000,
    "JPY": 20_000_000, "KWD": 45_000_000,
}  # fmt: skip


def default_limits() -> dict[str, int]:
    """A copy of the limits that stand until somebody sets others."""
    return dict(DEFAULT_LIMITS)


class ReviewPolicy(models.Model):
    """The rules of review from a moment on: new rules are a new row. Goals in minor units by currency."""

    effective_from = models.DateTimeField(_("in force from"), db_default=AppNow())
    sla_hours = models.PositiveIntegerField(_("hours until a decision is owed"), default=48)
    claim_minutes = models.PositiveIntegerField(_("minutes that a claim lasts"), default=60)
    second_reviewer_limits = models.JSONField(_("goals above which two people decide"), default=default_limits)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-effective_from", "-pk"]
        # Who hears of overdue reviews and sets the rules.
        permissions: ClassVar = [("lead_reviews", "Can lead the reviews")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(sla_hours__gt=0, claim_minutes__gt=0), name="review_policy_times_positive"
            )
        ]

    def __str__(self) -> str:
        return f"review rules from {self.effective_from:%Y-%m-%d}"

    @classmethod
    def current(cls) -> "ReviewPolicy":
        """The rules in force in app time; the defaults where nobody has set any."""
        return cls._default_manager.filter(effective_from__lte=AppNow()).first() or cls()

    def reviewers_needed(self, goal: int | None, currency: str) -> int:
        """Two above the currency's limit, and where a currency has none."""
        limit = self.second_reviewer_limits.get(currency)
        return 2 if limit is None or (goal or 0) > limit else 1


class ReviewClaim(models.Model):
    """A reviewer has taken a submission for a while: nobody else decides meanwhile. It ends by itself."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="claims")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_claims")
    claimed_at = models.DateTimeField(db_default=AppNow())
    expires_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["submission"], condition=Q(released_at=None), name="review_claim_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission} by {self.reviewer}"


class ReviewApproval(models.Model):
    """A yes that needs another person's to count: above the limit two people approve."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="approvals")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    feasibility = models.PositiveSmallIntegerField(null=True)
    approved_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["submission", "reviewer"], name="review_approval_once_a_person"),
            models.CheckConstraint(
                condition=Q(feasibility=None) | Q(feasibility__range=(1, 5)), name="approval_feasibility_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission} by {self.reviewer}"
