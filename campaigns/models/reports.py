"""What readers report about campaigns: one open case a campaign and kind, with everybody's reports in it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign
from cms.core.clock import AppNow


class ReportKind(models.TextChoices):
    """What is wrong with a campaign."""

    FRAUD = "fraud", _("It looks like a fraud")
    RIGHTS = "rights", _("It uses my work, name or brand without leave")
    FORBIDDEN = "forbidden", _("It offers something that is forbidden")
    MISLEADING = "misleading", _("It says things that are not true")
    HURTFUL = "hurtful", _("It insults or endangers people")
    OTHER = "other", _("Something else")


class CaseState(models.TextChoices):
    """Where a case stands."""

    OPEN = "open", _("Waiting")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


class ReportCase(models.Model):
    """One matter of one campaign, decided once with a reason."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="report_cases")
    kind = models.CharField(max_length=12, choices=ReportKind.choices)
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.OPEN)
    opened_at = models.DateTimeField(db_default=AppNow())
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    claimed_until = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, max_length=2000)

    class Meta:
        ordering: ClassVar = ["opened_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["campaign", "kind"], condition=Q(state="open"), name="report_case_open_once"
            ),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="report_case_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & ~Q(decided_at=None) & ~Q(reason="")),
                name="report_case_decided_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {self.kind}"


class CampaignReport(models.Model):
    """What one person says in a case; said again by the same person, it counts on. `sender` is a keyed hash."""

    case = models.ForeignKey(ReportCase, on_delete=models.PROTECT, related_name="reports")
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    sender = models.CharField(max_length=64)
    network = models.CharField(max_length=64, blank=True, help_text="keyed hash of the address it came from")
    email = models.EmailField(blank=True)
    locale = models.CharField(max_length=10)
    text = models.TextField(max_length=6000)
    work = models.TextField(blank=True, max_length=2000, help_text="of a claim of rights: which, shown where")
    times = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=AppNow())
    # Real time: what limits how often one may report.
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["case", "sender"], name="report_sender_once")]
        indexes: ClassVar = [
            models.Index(fields=["sender", "received_at"], name="report_by_sender"),
            models.Index(fields=["network", "received_at"], name="report_by_network"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.created_at}"
