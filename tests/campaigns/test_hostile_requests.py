"""What no page would send: keys that are none, damaged cursors, sums and dates out of this world."""

import base64
import json

import pytest
from django.test import Client

from campaigns.models import Campaign, RewardCampaignPage
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


@pytest.mark.parametrize(
    "address",
    ["/c/%00/", "/en/back/%00/", "/en/updates/%00/", "/en/history/%00/1/", "/api/v2/campaigns/%00/",
     "/en/campaigns/?category=%00&kind=%00", "/en/search/?q=lamp&category=%00&kind=%00"],
)  # fmt: skip
def test_a_key_that_no_text_can_hold_is_no_error_of_ours(client: Client, campaign: Campaign, address: str) -> None:
    assert client.get(address).status_code in {200, 404}


@pytest.mark.parametrize(
    "cursor", [b'["trend", 1, Infinity]', b'["trend", 1' + b"0" * 400 + b", 1]", b'["trend", NaN, 1]', b"[" * 2500]
)
def test_a_damaged_cursor_is_named(client: Client, campaign: Campaign, cursor: bytes) -> None:
    text = base64.urlsafe_b64encode(cursor).decode().rstrip("=")
    assert client.get("/en/campaigns/", {"cursor": text}).status_code == 404
    answer = client.get("/api/v2/campaigns/", {"cursor": text})
    assert (answer.status_code, json.loads(answer.content)["field"]) == (400, "cursor")


def test_a_quantity_of_many_digits_is_refused_beside_its_reward(client: Client, campaign: Campaign) -> None:
    key = campaign.escrow.rewards.get().key
    form = {"email": "a@example.com", "country": "CN", "idempotency_key": "k", "action": "review"}
    answer = client.post(f"/en/back/{campaign.key}/", {**form, f"quantity-{key}": "0001" + "1" * 5000})
    assert answer.status_code == 400
    assert "not enough of this reward left" in answer.content.decode()


@pytest.mark.parametrize("deadline", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_a_deadline_beyond_the_calendar_is_refused(client: Client, deadline: str, site: None) -> None:
    draft = scenes.complete()
    client.force_login(draft.creator)
    form = {
        "revision": draft.terms_revision, "currency": "CNY", "mode": "all_or_nothing", "ending": "deadline",
        "deadline": deadline, "timezone": "America/New_York", "goal": "100",
    }  # fmt: skip
    assert client.post(f"/cms/studio/campaigns/{draft.key}/terms/", form).status_code == 422
    rows = {f"{name}-{count}": 0 for name in ("variants", "shipping") for count in ("TOTAL_FORMS", "INITIAL_FORMS")}
    reward = {"revision": draft.terms_revision, "title_en": "x", "kind": "digital", "price": "5", **rows}
    answer = client.post(
        f"/cms/studio/campaigns/{draft.key}/rewards/add/", {**reward, "delivery_month": f"{'9' * 20}-01"}
    )
    assert answer.status_code == 422


def test_more_of_a_reward_that_is_none(client: Client, campaign: Campaign) -> None:
    client.force_login(campaign.creator)
    answer = client.post(f"/cms/studio/campaigns/{campaign.key}/rewards/nope/quantity/", {"quantity": 5}, follow=True)
    assert "There is no such reward." in answer.content.decode()


def _edit(page: RewardCampaignPage, picture: int) -> dict[str, object]:
    return {
        "title": "Mine", "slug": page.slug, "summary": "s", "hero_image": picture, "hero_alt": "a", "risks": "r",
        "story-count": "1", "story-0-deleted": "", "story-0-order": "0", "story-0-type": "image", "story-0-id": "",
        "story-0-value-image": picture, "story-0-value-alt": "", "story-0-value-caption": "",
    }  # fmt: skip


def test_a_story_shows_nobody_else_s_pictures(client: Client, site: None) -> None:
    """An id is easily guessed; somebody's picture of an unpublished draft must not come out through another's."""
    owner, other = scenes.creator(), scenes.creator()
    page = scenes.page(owner)
    theirs, mine = scenes.picture(other, "Theirs"), scenes.picture(owner, "Mine")
    client.force_login(owner)
    address = f"/cms/pages/{page.pk}/edit/"
    refused = client.post(address, _edit(page, theirs.pk))
    assert "Choose one of your own pictures." in refused.content.decode()
    kept = RewardCampaignPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert (kept.title, kept.hero_image_id) == (page.title, page.hero_image_id)
    assert client.post(address, _edit(page, mine.pk)).status_code == 302
    taken = RewardCampaignPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert taken.hero_image_id == mine.pk
    # What an editor put there stays when its writer saves again.
    taken.hero_image = theirs
    taken.save_revision()
    assert client.post(address, {**_edit(page, mine.pk), "hero_image": theirs.pk}).status_code == 302
