"""Review: who decides, what is locked, and every road that Wagtail offers beside ours."""

import pytest
from django.test import Client
from wagtail.models import WorkflowState

from campaigns.exceptions import AlreadyInReview, NotApproved, NothingChanged, NotInReview, SubmissionChanged
from campaigns.models import Campaign, CampaignVersion, RewardCampaignPage, RewardDraft, SubmissionDecision
from campaigns.services import launching, reviewing, submitting
from campaigns.states import CampaignState
from cms.core.clock import now
from cms.core.errors import InvalidInput, NotAllowed
from cms.mail.models import Message
from cms.users import roles
from tests.campaigns import scenes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


def _state(campaign_id: int) -> str:
    return Campaign.objects.get(pk=campaign_id).state


def test_nobody_decides_their_own() -> None:
    both = scenes.creator()
    roles.assign(both, roles.REVIEWER)
    submission = scenes.submitted(both)
    for act in (reviewing.approve, reviewing.request_changes, reviewing.reject):
        with pytest.raises(NotAllowed):
            act(submission=submission, actor=both, reason="because")
    with pytest.raises(NotAllowed):
        reviewing.approve(submission=submission, actor=scenes.creator())
    assert not SubmissionDecision.objects.exists()


def test_changes_are_asked_for_with_a_reason_and_submitted_again() -> None:
    submission, reviewer = scenes.submitted(), scenes.reviewer()
    with pytest.raises(InvalidInput):
        reviewing.request_changes(submission=submission, actor=reviewer, reason="  ")
    reviewing.request_changes(submission=submission, actor=reviewer, reason="Say more about glass.")
    campaign = submission.campaign
    assert _state(campaign.pk) == CampaignState.CHANGES_REQUESTED
    message = Message.objects.get(key=f"review:{submission.pk}:changes_requested")
    assert message.context["reason"] == "Say more about glass."
    again = submitting.submit_campaign(campaign=campaign, actor=campaign.creator)
    assert again.number == 2
    assert again.workflow_state_id == submission.workflow_state_id
    reviewing.approve(submission=again, actor=reviewer, reason=scenes.SEEN)
    assert _state(campaign.pk) == CampaignState.APPROVED


def test_a_rejection_is_final_and_cancels_the_workflow() -> None:
    submission = scenes.submitted()
    reviewing.reject(submission=submission, actor=scenes.reviewer(), reason="Not lawful.")
    assert _state(submission.campaign_id) == CampaignState.REJECTED
    assert WorkflowState.objects.get(pk=submission.workflow_state_id).status == "cancelled"
    with pytest.raises(NotInReview):
        reviewing.approve(submission=submission, actor=scenes.reviewer(), reason=scenes.SEEN)


def test_what_changed_behind_the_reviewer_is_not_approved() -> None:
    submission = scenes.submitted()
    RewardDraft.objects.filter(campaign=submission.campaign).update(price=1)
    with pytest.raises(SubmissionChanged):
        reviewing.approve(submission=submission, actor=scenes.reviewer(), reason=scenes.SEEN)
    RewardDraft.objects.filter(campaign=submission.campaign).update(price=10_000)
    submission.campaign.pages.first().specific.save_revision()
    with pytest.raises(SubmissionChanged):
        reviewing.approve(submission=submission, actor=scenes.reviewer(), reason=scenes.SEEN)
    assert _state(submission.campaign_id) == CampaignState.SUBMITTED
    assert not submission.campaign.pages.live().exists()


def test_pages_of_every_language_are_locked_in_review() -> None:
    submission = scenes.submitted()
    for page in submission.campaign.pages.specific():
        assert page.get_lock().for_user(page.owner)
    with pytest.raises(AlreadyInReview):
        submitting.submit_campaign(campaign=submission.campaign, actor=submission.campaign.creator)
    submitting.withdraw(campaign=submission.campaign, actor=submission.campaign.creator)
    assert _state(submission.campaign_id) == CampaignState.DRAFT
    assert all(page.get_lock() is None for page in submission.campaign.pages.specific())


def test_wagtail_s_own_buttons_lead_to_the_same_decisions(client: Client) -> None:
    first, second = scenes.submitted(), scenes.submitted()
    client.force_login(scenes.reviewer())
    for submission, action, data in ((first, "approve", {}), (second, "reject", {"comment": "Too short."})):
        state = WorkflowState.objects.get(pk=submission.workflow_state_id)
        page, task = state.content_object, state.current_task_state
        answer = client.post(f"/cms/pages/workflow/action/{page.pk}/{action}/{task.pk}/", data)
        assert answer.url == f"/cms/pages/{page.pk}/edit/", answer
    assert first.campaign.submissions.get().decision.outcome == "approved"
    assert _state(first.campaign_id) == CampaignState.APPROVED
    assert second.campaign.submissions.get().decision.reason == "Too short."
    assert _state(second.campaign_id) == CampaignState.CHANGES_REQUESTED


def test_wagtail_s_buttons_say_why_not(client: Client) -> None:
    """What our services refuse is a sentence above the page, and nothing is half decided."""
    submission = scenes.submitted()
    RewardDraft.objects.filter(campaign=submission.campaign).update(price=1)
    state = WorkflowState.objects.get(pk=submission.workflow_state_id)
    page, task = state.content_object, state.current_task_state
    url, edit = f"/cms/pages/workflow/action/{page.pk}/approve/{task.pk}/", f"/cms/pages/{page.pk}/edit/"
    client.force_login(scenes.reviewer())
    answer = client.post(url)
    assert answer.url == edit
    assert "changed after they were submitted" in client.get(edit).content.decode()
    in_a_dialogue = client.post(url, headers={"x-requested-with": "XMLHttpRequest"})
    assert in_a_dialogue.json() == {"step": "success", "redirect": edit}
    by_autosave = client.post(url, headers={"accept": "application/json"})
    assert (by_autosave.status_code, by_autosave.json()["error_code"]) == (409, "submission_changed")
    state.refresh_from_db()
    assert state.status == WorkflowState.STATUS_IN_PROGRESS
    assert _state(submission.campaign_id) == CampaignState.SUBMITTED
    assert not SubmissionDecision.objects.exists()


def test_wagtail_s_submit_is_no_way_around(client: Client, django_capture_on_commit_callbacks: object) -> None:
    owner = scenes.creator()
    page = scenes.page(owner, summary="")
    client.force_login(owner)
    form = {"title": page.title, "slug": page.slug, "summary": "", "story-count": "0", "action-submit": "1"}
    client.post(f"/cms/pages/{page.pk}/edit/", form)
    assert not WorkflowState.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        page.get_workflow().start(page, owner)
    assert WorkflowState.objects.get().status == "cancelled"
    assert _state(page.campaign_id) == CampaignState.DRAFT
    assert not page.campaign.submissions.exists()


def test_publishing_without_approval_launches_nothing() -> None:
    campaign = scenes.complete()
    campaign.pages.first().specific.get_latest_revision().publish()
    with pytest.raises(NotApproved):
        launching.launch_campaign(campaign=campaign, actor=campaign.creator)
    assert Campaign.objects.get(pk=campaign.pk).escrow_id is None
    assert not campaign.listings.visible("en").exists()
    superuser = scenes.person(is_superuser=True)
    page = RewardCampaignPage.objects.get(pk=campaign.pages.first().pk)
    assert not page.permissions_for_user(superuser).can_publish()


def test_a_later_story_is_published_when_approved_with_its_reason() -> None:
    campaign = scenes.launched()
    with pytest.raises(NothingChanged):
        submitting.submit_campaign(campaign=campaign, actor=campaign.creator, change_note="x")
    page = campaign.pages.order_by("pk").first().specific
    page.summary = "A lamp for storms."
    page.save_revision(user=campaign.creator)
    with pytest.raises(InvalidInput):
        submitting.submit_campaign(campaign=campaign, actor=campaign.creator)
    submission = submitting.submit_campaign(
        campaign=campaign, actor=campaign.creator, change_note="Storms were the point."
    )
    assert _state(campaign.pk) == CampaignState.LAUNCHED
    assert RewardCampaignPage.objects.get(pk=page.pk).summary != "A lamp for storms."
    reviewing.approve(submission=submission, actor=scenes.reviewer(), reason=scenes.SEEN)
    newest = CampaignVersion.objects.filter(campaign=campaign, locale="en").first()
    assert (newest.number, newest.reason) == (2, "Storms were the point.")
    assert newest.content["summary"] == "A lamp for storms."
    assert _state(campaign.pk) == CampaignState.LAUNCHED


def test_launch_is_once_and_from_the_approved_terms_only() -> None:
    campaign = scenes.approved()
    Campaign.objects.filter(pk=campaign.pk).update(goal=1)
    launched = launching.launch_campaign(campaign=campaign, actor=campaign.creator)
    assert launched.escrow.goal == 100_000
    again = launching.launch_campaign(campaign=campaign, actor=campaign.creator)
    assert again.escrow_id == launched.escrow_id
    with pytest.raises(NotAllowed):
        launching.launch_campaign(campaign=scenes.approved(), actor=scenes.creator())


def test_a_launch_waits_for_its_time() -> None:
    campaign = scenes.approved()
    with pytest.raises(InvalidInput):
        launching.schedule_launch(campaign=campaign, actor=campaign.creator, at=now())
    Campaign.objects.filter(pk=campaign.pk).update(launch_at=now())
    assert launching.launch_due() == 1
    assert _state(campaign.pk) == CampaignState.LAUNCHED
    assert launching.launch_due() == 0


def test_reopened_terms_leave_the_site() -> None:
    campaign = scenes.approved()
    submitting.reopen_terms(campaign=campaign, actor=campaign.creator)
    assert _state(campaign.pk) == CampaignState.DRAFT
    assert not campaign.pages.live().exists()
    assert not campaign.listings.visible("en").exists()


def test_the_review_says_terms_in_words(client: Client, site: None) -> None:
    submission = scenes.submitted()
    client.force_login(scenes.reviewer())
    page = client.get(f"/cms/studio/reviews/{submission.pk}/").content.decode()
    assert "Hardware" in page
    assert ">hardware<" not in page
    assert ">reward<" not in page
