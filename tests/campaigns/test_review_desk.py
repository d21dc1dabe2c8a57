"""The review desk: the queue, claims, the clock, two reviewers, and what creators may read."""

from datetime import timedelta

import pytest
from django.core import mail as outbox
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.exceptions import ClaimedByAnother, SecondReviewerNeeded
from campaigns.models import Campaign, CheckResult, ReviewClaim, ReviewPolicy, Submission
from campaigns.selectors import queue_rows
from campaigns.services import checks, claiming, reviewing, submitting, watching
from cms.core import clock
from cms.core.errors import NotAllowed
from cms.mail.models import Message
from cms.users import roles
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site() -> None:
    scenes.site()


def test_a_claim_keeps_others_from_deciding_until_it_runs_out() -> None:
    submission, one, other = scenes.submitted(), scenes.reviewer(), scenes.reviewer()
    held = claiming.claim(submission=submission, actor=one)
    for act in (reviewing.approve, reviewing.request_changes, reviewing.reject):
        with pytest.raises(ClaimedByAnother):
            act(submission=submission, actor=other, reason="because")
    with pytest.raises(ClaimedByAnother):
        claiming.claim(submission=submission, actor=other)
    assert claiming.claim(submission=submission, actor=one).pk == held.pk
    assert not queue_rows(other, show="free").exists()
    assert queue_rows(one, show="mine").get().pk == submission.pk
    clock.set_offset(timedelta(minutes=61))
    taken = claiming.claim(submission=submission, actor=other)
    assert ReviewClaim.objects.get(pk=held.pk).released_at is not None
    with pytest.raises(ClaimedByAnother):
        reviewing.approve(submission=submission, actor=one)
    claiming.release(submission=submission, actor=other)
    assert claiming.holder(submission) is None
    assert taken.pk != held.pk
    both = scenes.creator()
    roles.assign(both, roles.REVIEWER)
    with pytest.raises(NotAllowed):
        claiming.claim(submission=scenes.submitted(both), actor=both)


def test_a_large_goal_takes_two_people_by_every_road(client: Client) -> None:
    lead = scenes.person(roles.ADMIN)
    with pytest.raises(NotAllowed):
        watching.set_rules(actor=scenes.reviewer(), sla_hours=1, claim_minutes=1, limits={}, reason="x")
    watching.set_rules(actor=lead, sla_hours=24, claim_minutes=30, limits={"CNY": 99_999}, reason="Try it")
    submission, one, other = scenes.submitted(), scenes.reviewer(), scenes.reviewer()
    assert submission.reviewers_needed == 2
    client.force_login(one)
    task = submission.campaign.pages.first().current_workflow_state.current_task_state
    client.post(f"/cms/pages/workflow/action/{submission.campaign.pages.first().pk}/approve/{task.pk}/")
    assert not submission.approvals.exists(), "Wagtail's own button is no way around"
    assert reviewing.approve(submission=submission, actor=one, reason="Good", feasibility=5) is None
    assert Campaign.objects.get(pk=submission.campaign_id).state == "submitted"
    assert Message.objects.filter(key=f"review_second:{submission.pk}:{lead.pk}").exists()
    with pytest.raises(SecondReviewerNeeded):
        reviewing.approve(submission=submission, actor=one)
    decision = reviewing.approve(submission=submission, actor=other, feasibility=3)
    assert decision is not None
    assert (decision.decided_by, decision.feasibility) == (other, 3)
    assert [row.reviewer for row in submission.approvals.all()] == [one, other]
    assert Campaign.objects.get(pk=submission.campaign_id).state == "approved"


def test_the_clock_runs_in_app_time_and_head_reviewers_hear_once() -> None:
    lead, submission = scenes.person(roles.ADMIN, locale="zh-hans"), scenes.submitted()
    assert watching.tell_overdue() == 0
    clock.set_offset(timedelta(hours=ReviewPolicy.current().sla_hours, minutes=1))
    assert watching.tell_overdue() == 1
    assert watching.tell_overdue() == 0
    message = Message.objects.get(key=f"review_overdue:{submission.pk}:{lead.pk}")
    assert (message.to, message.locale, message.context["title"]) == (lead.email, "zh-hans", "盐水灯")
    assert queue_rows(scenes.reviewer(), show="overdue").get().pk == submission.pk
    assert not outbox.outbox


def test_the_pages_show_it_and_never_ask_more_for_more(client: Client) -> None:
    owner, reviewer = scenes.creator(), scenes.reviewer()
    first = scenes.submitted(owner)
    checks.run_checks(first.pk)
    reviewing.request_changes(submission=first, actor=reviewer, reason="Say how long it burns.")
    page = first.campaign.pages.get(locale__language_code="en").specific
    page.story = scenes.story(scenes.STORY_EN.replace("salt water", "sea water", 1))
    page.save_revision(user=owner)
    second = submitting.submit_campaign(campaign=Campaign.objects.get(pk=first.campaign_id), actor=owner)
    checks.run_checks(second.pk)
    client.force_login(reviewer)
    shown = client.get(f"/cms/studio/reviews/{second.pk}/").content.decode()
    assert "<del>salt </del><ins>sea </ins>" in shown
    assert "nothing shows a prototype" in shown
    assert client.post(f"/cms/studio/reviews/{second.pk}/", {"step": "claim"}).status_code == 302
    assert claiming.holder(second).reviewer == reviewer  # type: ignore[union-attr]
    with CaptureQueriesContext(connection) as few:
        assert "Salt lamp" in client.get("/cms/studio/reviews/").content.decode()
    others = [scenes.submitted(), scenes.submitted()]
    checks.run_checks(others[0].pk)
    with CaptureQueriesContext(connection) as many:
        client.get("/cms/studio/reviews/?show=serious&what=new&p=1")
        client.get("/cms/studio/reviews/")
    assert len(many) / 2 <= len(few) + 1 <= 31
    # The creator reads reasons and what is theirs to mend; no more.
    result = CheckResult.objects.filter(submission=second).first()
    assert result is not None
    client.force_login(owner)
    answer = client.get(f"/api/v2/creator/campaigns/{second.campaign.key}/reviews/").json()["items"]
    assert [attempt["number"] for attempt in answer] == [2, 1]
    assert answer[1]["decision"]["reason"] == "Say how long it burns."
    told = {finding["code"] for check in answer[0]["checks"] for finding in check["findings"]}
    assert "prototype_missing" in told
    assert "new_account" not in told
    client.force_login(scenes.creator())
    assert client.get(f"/api/v2/creator/campaigns/{second.campaign.key}/reviews/").status_code == 404


def test_the_api_of_reviewers(client: Client) -> None:
    submission, one, other = scenes.submitted(), scenes.reviewer(), scenes.reviewer()
    path = f"/api/v2/review/{submission.pk}/"
    client.force_login(one)
    assert client.post(f"{path}claim/").json()["reviewer"] == one.public_name
    client.force_login(other)
    refused = client.post(f"{path}claim/")
    assert (refused.status_code, refused.json()["code"]) == (409, "claimed_by_another")
    read = client.get(path).json()
    assert (read["approvals"], read["approvals_needed"], read["checks_pending"]) == (0, 1, len(checks.CHECKS))
    client.force_login(one)
    assert client.delete(f"{path}claim/").status_code == 204
    body = {"decision": "approve", "feasibility": 9}
    assert client.post(path, body, content_type="application/json").status_code in {400, 422}
    assert Submission.objects.open().filter(pk=submission.pk).exists()
    assert (
        client.post(path, {**body, "feasibility": 4}, content_type="application/json").json()["outcome"] == "approved"
    )
