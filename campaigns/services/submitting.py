"""Handing a campaign in for review, and taking it back. Story edits after approval go the same road."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import WorkflowState

from campaigns.exceptions import AlreadyInReview, IllegalStep, IncompleteCampaign, NothingChanged, NotInReview
from campaigns.models import Campaign, CampaignPage, ReviewPolicy, Submission, SubmissionDecision
from campaigns.models.review import Outcome
from campaigns.selectors import approved_submission, open_submission, story_pages
from campaigns.services import checking, claiming, editing, freezing, planning, projecting
from campaigns.states import PUBLIC, CampaignState
from cms.core import jobs
from cms.core.clock import now
from cms.core.errors import InvalidInput
from cms.users import audit
from cms.users.models import User

FIRST = {CampaignState.DRAFT, CampaignState.CHANGES_REQUESTED}
# Only the story can still change, and each change is reviewed.
LATER = PUBLIC


@transaction.atomic
def submit_campaign(
    *, campaign: Campaign, actor: User, change_note: str = "", started: WorkflowState | None = None
) -> Submission:
    """Freeze what is to be read (terms, their hash, one revision a language), lock it and start the workflow.

    After approval only the story is submitted, with `change_note` saying what changed. `started` is a workflow that
    Wagtail began by itself. Raises `IncompleteCampaign` with every problem, `AlreadyInReview`, `NothingChanged`,
    `IllegalStep`, `InvalidInput`, `NotAllowed`.
    """
    row = editing.owned(campaign, actor)
    if open_submission(row) is not None:
        raise AlreadyInReview(_("This campaign is in review already."))
    if row.state not in FIRST | LATER:
        raise IllegalStep(_("A rejected campaign can't be submitted again."), state=row.state)
    if found := blocking(row):
        raise IncompleteCampaign(_("Something is missing."), problems=[problem.as_dict() for problem in found])
    pages = story_pages(row)
    revisions = {page.locale.language_code: _revision(page, actor) for page in pages}
    terms = freezing.terms_of(row)
    if row.state in LATER:
        terms = _approved_terms(row)
        _check_story_edit(pages, revisions, change_note)
    workflow = started or _start_workflow(pages[0], actor)
    rules, first = ReviewPolicy.current(), row.state in FIRST
    submission = Submission.objects.create(
        campaign=row, number=row.submissions.count() + 1, submitted_by=actor, terms=terms,
        terms_hash=freezing.digest(terms), revisions=revisions, change_note=change_note.strip(),
        workflow_state_id=workflow.pk, calculation=row.calculations.first(), feasibility=planning.snapshot(row),
        due_at=now() + timedelta(hours=rules.sla_hours),
        reviewers_needed=rules.reviewers_needed(terms["goal"], terms["currency"]) if first else 1,
    )  # fmt: skip
    jobs.enqueue("campaigns.check_submission", submission.pk)
    if first:
        editing.move_to(row, CampaignState.SUBMITTED)
    campaign.state = row.state
    audit.record(
        actor=actor, action="campaign.submitted", subject=f"campaign:{row.key}", reason=submission.change_note,
        number=submission.number, terms_hash=submission.terms_hash,
    )  # fmt: skip
    return submission


@transaction.atomic
def withdraw(*, campaign: Campaign, actor: User) -> None:
    """Take an undecided submission back, to edit again. Raises `NotInReview`."""
    row = editing.owned(campaign, actor)
    submission = open_submission(row)
    if submission is None:
        raise NotInReview(_("This campaign is not in review."))
    close_as_withdrawn(submission=submission, actor=actor)
    state = WorkflowState.objects.active().filter(pk=submission.workflow_state_id).first()
    if state is not None:
        state.cancel(user=actor)


@transaction.atomic
def close_as_withdrawn(*, submission: Submission, actor: User | None) -> None:
    """Record that an attempt ended without a decision; twice is once."""
    row = editing.locked(submission.campaign)
    if SubmissionDecision.objects.filter(submission=submission).exists():
        return
    SubmissionDecision.objects.create(submission=submission, outcome=Outcome.WITHDRAWN, decided_by=actor)
    claiming.end_claim(submission)
    if row.state == CampaignState.SUBMITTED:
        editing.move_to(row, CampaignState.DRAFT)
    audit.record(actor=actor, action="campaign.withdrawn", subject=f"campaign:{row.key}", number=submission.number)


@transaction.atomic
def reopen_terms(*, campaign: Campaign, actor: User) -> Campaign:
    """Take an approved campaign back to draft before its launch: it leaves the site and needs a new review."""
    row = editing.owned(campaign, actor)
    if open_submission(row) is not None:
        withdraw(campaign=row, actor=actor)
    editing.move_to(row, CampaignState.DRAFT)
    row.launch_at = None
    row.save(update_fields=["launch_at"])
    for page in CampaignPage.objects.live().filter(campaign=row).specific():
        UnpublishPageAction(page, user=actor).execute(skip_permission_checks=True)
    projecting.project(row)
    audit.record(actor=actor, action="campaign.terms_reopened", subject=f"campaign:{row.key}")
    return row


def blocking(row: Campaign) -> list[checking.Problem]:
    """What stands between the campaign and its review; after approval only what the stories lack."""
    found = checking.problems(row)
    if row.state in LATER:
        # The terms are decided; only what the story lacks can still be mended.
        return [problem for problem in found if problem.locale]
    return found


def _approved_terms(row: Campaign) -> dict[str, Any]:
    approved = approved_submission(row)
    if approved is None:
        raise IllegalStep(_("The campaign's state doesn't allow this."), state=row.state)
    return approved.terms


def _check_story_edit(pages: list[CampaignPage], revisions: dict[str, int], change_note: str) -> None:
    if all(page.live and page.live_revision_id == revisions[page.locale.language_code] for page in pages):
        raise NothingChanged(_("The story is published as it stands; there is nothing to review."))
    if not change_note.strip():
        raise InvalidInput(_("Say what changed and why; backers read it in the history."), field="change_note")


def _revision(page: CampaignPage, actor: User) -> int:
    if page.latest_revision_id is not None:
        return page.latest_revision_id
    made: int = page.save_revision(user=actor).pk
    page.refresh_from_db()
    return made


def _start_workflow(page: CampaignPage, actor: User) -> WorkflowState:
    current = page.current_workflow_state
    if current is not None and current.status == WorkflowState.STATUS_NEEDS_CHANGES:
        current.resume(user=actor)
        return current
    if current is not None:
        # Left over from a road that never became a submission.
        current.cancel(user=actor)
    workflow = page.get_workflow()
    if workflow is None:
        raise IllegalStep(_("Reviews are not set up on this site yet."), state=page.campaign.state)
    return workflow.start(page, actor)
