"""Deciding a submission: approve, ask for changes, reject. Wagtail's moderation buttons end here as well."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.models import Revision, WorkflowState
from wagtail.workflows import publish_workflow_state

from campaigns.exceptions import NotInReview, SecondReviewerNeeded, SubmissionChanged
from campaigns.models import Campaign, CampaignPage, ReviewApproval, Severity, Submission, SubmissionDecision
from campaigns.models.review import Outcome
from campaigns.selectors import story_pages
from campaigns.services import claiming, editing, freezing, notifying, projecting
from campaigns.states import CampaignState
from cms.core.errors import InvalidInput, NotAllowed
from cms.users import audit
from cms.users.models import User

_STATES = {
    Outcome.APPROVED: CampaignState.APPROVED,
    Outcome.CHANGES_REQUESTED: CampaignState.CHANGES_REQUESTED,
    Outcome.REJECTED: CampaignState.REJECTED,
}


@transaction.atomic
def approve(
    *, submission: Submission, actor: User, reason: str = "", feasibility: int | None = None
) -> SubmissionDecision | None:
    """Approve and publish every submitted language, if terms and pages are still what was submitted.

    Where it takes two people, the first one's yes is kept, nothing is published and None is returned. Over a serious
    finding of the checks a reason is needed. `feasibility`: 1 (hardly) to 5 (surely). Raises `NotAllowed` (no reviewer,
    or one's own), `NotInReview`, `ClaimedByAnother`, `SubmissionChanged`, `SecondReviewerNeeded`, `InvalidInput`.
    """
    # Asked here as well: Wagtail would otherwise begin the task anew for a newer revision.
    row = _decidable(submission, actor)
    _check_unchanged(row, submission)
    _check_score(feasibility)
    if not reason.strip() and submission.checks.filter(severity=Severity.SERIOUS).exists():
        raise InvalidInput(
            _("The checks found something serious: say why it doesn't stand in the way."), field="reason"
        )
    if submission.approvals.filter(reviewer=actor).exists():
        raise SecondReviewerNeeded(_("You have approved this already; another person has to as well."))
    approval = _approval(row, submission, actor, reason.strip(), feasibility)
    if submission.approvals.count() < submission.reviewers_needed:
        claiming.end_claim(submission)
        notifying.second_reviewer_needed(row, submission, approval)
        return None
    _task(submission).approve(user=actor, comment=reason.strip())
    return SubmissionDecision.objects.get(submission=submission)


@transaction.atomic
def request_changes(
    *, submission: Submission, actor: User, reason: str, feasibility: int | None = None
) -> SubmissionDecision:
    """Hand it back with a reason; the creator mends and submits again. Raises as `approve`, `InvalidInput`."""
    row = _decidable(submission, actor)
    _check_score(feasibility)
    decision = _record(row, submission, Outcome.CHANGES_REQUESTED, actor, _reason(reason), feasibility)
    _task(submission).reject(user=actor, comment=decision.reason)
    return decision


@transaction.atomic
def reject(*, submission: Submission, actor: User, reason: str, feasibility: int | None = None) -> SubmissionDecision:
    """Say no, for good, with a reason: the campaign can't be submitted again. After launch only the edit is refused.

    Raises as `request_changes`.
    """
    row = _decidable(submission, actor)
    _check_score(feasibility)
    decision = _record(row, submission, Outcome.REJECTED, actor, _reason(reason), feasibility)
    state = WorkflowState.objects.active().filter(pk=submission.workflow_state_id).first()
    if state is not None:
        state.cancel(user=actor)
    return decision


def finish_workflow(*, workflow_state: WorkflowState, user: User | None) -> None:
    """What Wagtail calls when a workflow ends well. Other pages are published as usual; a campaign is approved.

    Runs in the transaction that ends the workflow: a refusal undoes both.
    """
    page = workflow_state.content_object
    specific = getattr(page, "specific", page)
    if not isinstance(specific, CampaignPage):
        publish_workflow_state(workflow_state, user=user)
        return
    submission = Submission.objects.open().filter(workflow_state_id=workflow_state.pk).first()
    if submission is None:
        raise NotInReview(_("This campaign is not in review."))
    row = _decidable(submission, user)
    _check_unchanged(row, submission)
    assert user is not None
    task = workflow_state.current_task_state
    approval = submission.approvals.filter(reviewer=user).first() or _approval(
        row, submission, user, task.comment if task else "", None
    )
    if submission.approvals.count() < submission.reviewers_needed:
        raise SecondReviewerNeeded(_("A goal of this size takes two reviewers: approve it on its review page."))
    _record(row, submission, Outcome.APPROVED, user, approval.reason, approval.feasibility)
    for revision in Revision.objects.filter(pk__in=submission.revisions.values()).order_by("pk"):
        PublishPageRevisionAction(revision, user=user).execute(skip_permission_checks=True)
    row.refresh_from_db()
    projecting.project(row)


def note_rejected(*, workflow_state: WorkflowState, user: User | None) -> None:
    """Hear of changes requested by Wagtail's own button; nothing where our service spoke first."""
    submission = Submission.objects.open().filter(workflow_state_id=workflow_state.pk).first()
    if submission is not None:
        row = _decidable(submission, user)
        _record(row, submission, Outcome.CHANGES_REQUESTED, user, _reason(workflow_state.current_task_state.comment))


def _decidable(submission: Submission, actor: Any) -> Campaign:
    row = editing.locked(submission.campaign)
    if SubmissionDecision.objects.filter(submission=submission).exists():
        raise NotInReview(_("Somebody has decided this submission already."))
    if actor is None or not Submission.objects.decidable_by(actor).filter(pk=submission.pk).exists():
        raise NotAllowed(_("Only a reviewer may decide this, and nobody their own."))
    claiming.refuse_if_held(submission, actor)
    return row


def _approval(
    row: Campaign, submission: Submission, actor: User, reason: str, feasibility: int | None
) -> ReviewApproval:
    audit.record(
        actor=actor, action="campaign.approval_given", subject=f"campaign:{row.key}", reason=reason,
        number=submission.number, terms_hash=submission.terms_hash,
    )  # fmt: skip
    return ReviewApproval.objects.create(submission=submission, reviewer=actor, reason=reason, feasibility=feasibility)


def _check_score(feasibility: int | None) -> None:
    if feasibility is not None and feasibility not in range(1, 6):
        raise InvalidInput(_("The score goes from 1 to 5."), field="feasibility")


def _check_unchanged(row: Campaign, submission: Submission) -> None:
    now = {page.locale.language_code: page.latest_revision_id for page in story_pages(row)}
    first = row.state == CampaignState.SUBMITTED
    terms_kept = not first or freezing.digest(freezing.terms_of(row)) == submission.terms_hash
    if now != submission.revisions or not terms_kept:
        raise SubmissionChanged(
            _("Story or terms changed after they were submitted. Ask for changes, so that they are submitted again.")
        )


def _record(
    row: Campaign, submission: Submission, outcome: Outcome, actor: User | None, reason: str,
    feasibility: int | None = None,
) -> SubmissionDecision:  # fmt: skip
    decision = SubmissionDecision.objects.create(
        submission=submission, outcome=outcome, reason=reason, decided_by=actor, feasibility=feasibility
    )
    claiming.end_claim(submission)
    if row.state == CampaignState.SUBMITTED:
        editing.move_to(row, _STATES[outcome])
    audit.record(
        actor=actor, action=f"campaign.{outcome}", subject=f"campaign:{row.key}", reason=reason,
        number=submission.number, terms_hash=submission.terms_hash,
    )  # fmt: skip
    notifying.review_decided(row, submission, decision)
    return decision


def _reason(text: str) -> str:
    if not text.strip():
        raise InvalidInput(_("Give the creator a reason, and say what to change."), field="reason")
    return text.strip()


def _task(submission: Submission) -> Any:
    state = WorkflowState.objects.filter(pk=submission.workflow_state_id, status="in_progress").first()
    if state is None or state.current_task_state is None:
        raise NotInReview(_("The review of this submission is not running."))
    return state.current_task_state.specific
