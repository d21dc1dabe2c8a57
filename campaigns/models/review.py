"""Attempts at review, append-only, and the workflow task that holds permissions and locks."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.forms import TaskStateCommentForm
from wagtail.models import AbstractGroupApprovalTask, TaskState

from campaigns import policies
from campaigns.models.calculations import Calculation
from campaigns.models.campaign import Campaign
from campaigns.querysets import SubmissionQuerySet
from cms.core.clock import AppNow


class Outcome(models.TextChoices):
    """How an attempt ended."""

    APPROVED = "approved", _("Approved")
    CHANGES_REQUESTED = "changes_requested", _("Changes requested")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class Submission(models.Model):
    """What was submitted: the terms with their hash, and one page revision per language (`{locale: revision id}`)."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="submissions")
    number = models.PositiveIntegerField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(db_default=AppNow())
    terms = models.JSONField()
    terms_hash = models.CharField(max_length=64)
    revisions = models.JSONField()
    # After launch: what changed in the story and why; shown in the public history.
    change_note = models.TextField(blank=True)
    workflow_state_id = models.PositiveBigIntegerField(null=True)
    # What the creator had reckoned with by then.
    calculation = models.ForeignKey(Calculation, null=True, on_delete=models.PROTECT, related_name="submissions")
    # By the rules in force when it was submitted: until when a decision is owed, and how many people it takes.
    due_at = models.DateTimeField(null=True)
    reviewers_needed = models.PositiveSmallIntegerField(default=1)
    # How it is to be made, as the sheet stood when it was submitted.
    feasibility = models.JSONField(null=True)

    objects = SubmissionQuerySet.as_manager()

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
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    reason = models.TextField(blank=True)
    # 1 (hardly) to 5 (surely): whether it can be made and delivered as told.
    feasibility = models.PositiveSmallIntegerField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(db_default=AppNow())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(feasibility=None) | Q(feasibility__range=(1, 5)), name="decision_feasibility_range"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission} {self.outcome}"


class ReasonForm(TaskStateCommentForm):
    """Sending something back takes a reason."""

    comment = forms.CharField(label=_("Reason"), widget=forms.Textarea({"rows": 4}))


class CampaignReviewTask(AbstractGroupApprovalTask):
    """Reviewers read story and terms; nobody approves their own. Holds permissions and locks only."""

    class Meta:
        verbose_name = _("campaign review")
        verbose_name_plural = _("campaign reviews")

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Everybody: what is read is what is approved."""
        return True

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        """Wagtail's own buttons, for reviewers and never for one's own."""
        if user.pk == obj.owner_id or policies.works_on(user, obj.specific.campaign):
            return []
        return super().get_actions(obj, user)

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        """A reason is needed to ask for changes."""
        return ReasonForm if action == "reject" else super().get_form_for_action(action)

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        """What waits for this reviewer, without their own."""
        states = super().get_task_states_user_can_moderate(user, **kwargs)
        return states.exclude(workflow_state__requested_by=user)
