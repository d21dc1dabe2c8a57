"""After launch: rewards are added, raised, and changed only while nobody holds them; versions tell of it."""

import re
import threading

import pytest
from django.db import connections
from django.test import Client

from campaigns.exceptions import IllegalStep
from campaigns.models import Campaign, CampaignPage, CampaignVersion
from campaigns.services import amending, launching, rewarding
from cms.core.errors import NotAllowed
from funding.exceptions import RewardLocked, UnknownReward
from funding.models import Escrow, Reward
from tests.campaigns import scenes


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


def _first(campaign: Campaign) -> Reward:
    return Reward.objects.filter(escrow=campaign.escrow).order_by("pk")[0]


def test_an_added_reward_is_frozen_drafted_and_told(campaign: Campaign) -> None:
    added = amending.add_reward(
        campaign=campaign, actor=campaign.creator, reward=scenes.reward(title_en="Late bird", title_zh="晚鸟")
    )
    assert campaign.reward_drafts.filter(key=added.key, price=added.price).exists()
    for locale, title in (("en", "Late bird"), ("zh-hans", "晚鸟")):
        newest = CampaignVersion.objects.filter(campaign=campaign, locale=locale).order_by("-number")[0]
        assert newest.number == 2
        assert title in newest.reason
        assert added.key in {reward["key"] for reward in newest.content["terms"]["rewards"]}


def test_a_quantity_only_grows(campaign: Campaign) -> None:
    added = amending.add_reward(campaign=campaign, actor=campaign.creator, reward=scenes.reward(quantity=5))
    amending.raise_quantity(campaign=campaign, actor=campaign.creator, key=added.key, quantity=9)
    assert Reward.objects.get(pk=added.pk).quantity == campaign.reward_drafts.get(key=added.key).quantity == 9
    versions = CampaignVersion.objects.count()
    with pytest.raises(RewardLocked):
        amending.raise_quantity(campaign=campaign, actor=campaign.creator, key=added.key, quantity=3)
    assert campaign.reward_drafts.get(key=added.key).quantity == 9
    assert CampaignVersion.objects.count() == versions
    with pytest.raises(UnknownReward):
        amending.raise_quantity(campaign=campaign, actor=campaign.creator, key="nope", quantity=9)


def test_what_somebody_holds_stays_as_it_was(campaign: Campaign) -> None:
    reward = _first(campaign)
    Reward.objects.filter(pk=reward.pk).update(reserved=1)
    with pytest.raises(RewardLocked):
        amending.change_unclaimed(
            campaign=campaign, actor=campaign.creator, key=reward.key, data=scenes.reward(price=1)
        )
    # The draft beside it was rolled back, too.
    assert campaign.reward_drafts.get(key=reward.key).price == _first(campaign).price == reward.price


def test_the_public_history_tells_every_word_in_both_languages(campaign: Campaign, client: Client) -> None:
    """With the creator's reason; of a claimed reward each refused field is explained."""
    page = CampaignPage.objects.get(campaign=campaign, locale__language_code="en").specific
    page.summary = "A lamp that runs on sea water."
    page.save_revision().publish()
    new = scenes.reward(title_en="Late bird", title_zh="晚鸟")
    added = amending.add_reward(campaign=campaign, actor=campaign.creator, reward=new, reason="You asked for it <b>!")
    shown = client.get(f"/en/history/{campaign.key}/").content.decode()
    assert re.search(r"<del>salt\s*</del><ins>sea\s*</ins>", shown)
    assert "A reward was added: Late bird. You asked for it &lt;b&gt;!" in shown
    assert "<ins>Late bird</ins>" in shown
    chinese = client.get(f"/zh-hans/history/{campaign.key}/").content.decode()
    assert "晚鸟" in CampaignVersion.objects.get(campaign=campaign, locale="zh-hans", number=2).reason
    assert "<ins>晚鸟</ins>" in chinese
    assert "Version 3" not in client.get(f"/en/history/{campaign.key}/?below=3").content.decode()
    told = client.get(f"/api/v2/campaigns/{campaign.key}/history/2/").json()
    assert [change["part"] for change in told["changes"]] == ["summary"]
    assert {"mark": "added", "text": "sea "} in told["changes"][0]["words"]
    rewards = client.get(f"/api/v2/campaigns/{campaign.key}/history/3/").json()["changes"]
    assert {change["block"] for change in rewards} == {added.key}
    assert client.get(f"/api/v2/campaigns/{campaign.key}/history/9/").status_code == 404

    Reward.objects.filter(pk=added.pk).update(reserved=1)
    client.force_login(campaign.creator)
    locked = client.get(f"/cms/studio/campaigns/{campaign.key}/rewards/{added.key}/").content.decode()
    assert "Backers have paid it" in locked
    refused = client.patch(
        f"/api/v2/creator/campaigns/{campaign.key}/terms/rewards/{added.key}/",
        {"price": {"amount": 1_000, "currency": "CNY"}}, content_type="application/json",
    )  # fmt: skip
    assert refused.status_code == 409
    assert refused.json()["field"] == "price"
    assert "Backers have paid it" in refused.json()["frozen"]["price"]


def test_only_its_creator_and_only_once_launched(campaign: Campaign) -> None:
    with pytest.raises(NotAllowed):
        amending.add_reward(campaign=campaign, actor=scenes.creator(), reward=scenes.reward())
    with pytest.raises(IllegalStep):
        waiting = scenes.approved()
        amending.add_reward(campaign=waiting, actor=waiting.creator, reward=scenes.reward())
    # The road of drafts is closed from here on.
    with pytest.raises(Exception, match="can't be changed now"):
        rewarding.add_reward_draft(campaign=campaign, actor=campaign.creator, reward=scenes.reward(), revision=None)


@pytest.mark.django_db(transaction=True)
def test_two_launches_at_once_make_one_escrow(site: None) -> None:
    campaign = scenes.approved()
    start, results = threading.Barrier(2), []

    def launch() -> None:
        try:
            start.wait(60)
            row = Campaign.objects.get(pk=campaign.pk)
            results.append(launching.launch_campaign(campaign=row, actor=campaign.creator).escrow_id)
        except Exception as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=launch) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [Escrow.objects.get(key=campaign.key).pk] * 2
    assert CampaignVersion.objects.filter(campaign=campaign).count() == 2
