"""Wagtail's workflow buttons, told to the services of review."""

from typing import Any

from django.db import transaction
from wagtail.models import WorkflowState

from campaigns.models import CampaignPage, Submission
from campaigns.services import reviewing, submitting
from cms.core.errors import Refusal


def workflow_began(sender: Any, instance: WorkflowState, user: Any, **_: Any) -> None:
    """A workflow that our service didn't start becomes a submission, or ends when something is missing."""
    if isinstance(_page_of(instance), CampaignPage):
        transaction.on_commit(lambda: adopt_workflow(instance.pk, user))


def adopt_workflow(state_id: int, user: Any) -> None:
    """After commit: deciding inside the signal would recurse."""
    state = WorkflowState.objects.filter(pk=state_id, status=WorkflowState.STATUS_IN_PROGRESS).first()
    if state is None or Submission.objects.open().filter(workflow_state_id=state_id).exists():
        return
    try:
        submitting.submit_campaign(campaign=_page_of(state).campaign, actor=user, started=state)
    except Refusal:
        state.cancel(user=user)


def workflow_sent_back(sender: Any, instance: WorkflowState, user: Any, **_: Any) -> None:
    """Wagtail's "request changes"."""
    if isinstance(_page_of(instance), CampaignPage):
        reviewing.note_rejected(workflow_state=instance, user=user)


def workflow_stopped(sender: Any, instance: WorkflowState, user: Any, **_: Any) -> None:
    """Wagtail's "cancel workflow" withdraws what it was about."""
    submission = Submission.objects.open().filter(workflow_state_id=instance.pk).first()
    if submission is not None:
        submitting.close_as_withdrawn(submission=submission, actor=user)


def _page_of(state: WorkflowState) -> Any:
    page = state.content_object
    return getattr(page, "specific", page)
