"""Attempts at review, append-only, and the workflow task that holds permissions and locks."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from wagtail.models import AbstractGroupApprovalTask

from campaigns.models.campaign import Campaign
from cms.core.clock import AppNow


class Submission(models.Model):
    """What was submitted: the terms with their hash, and one page revision per language (`{locale: revision id}`)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(db_default=AppNow())
    terms = models.JSONField()
    terms_hash = models.CharField(max_length=64)
    revisions = models.JSONField()
    workflow_state_id = models.PositiveBigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "number"], name="submission_number_unique")
        ]

    def __str__(self) -> str:
        return f"{self.campaign} #{self.number}"


class SubmissionDecision(models.Model):
    """How one attempt ended: one row, written once."""

    submission = models.OneToOneField(Submission, on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(
        max_length=20,
        choices=[(o, o) for o in ("approved", "changes_requested", "rejected", "withdrawn")],
    )
    reason = models.TextField(blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=AppNow())


class CampaignReviewTask(AbstractGroupApprovalTask):
    """Reviewers read story and terms; nobody approves their own."""
