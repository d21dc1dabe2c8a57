"""After launch: rewards are added, raised, and changed only while nobody holds them; versions tell of it."""

import threading

import pytest
from django.db import connections

from campaigns.exceptions import IllegalStep
from campaigns.models import Campaign, CampaignVersion
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
    added = amending.add_reward(campaign=campaign, actor=campaign.creator, reward=scenes.reward(title_en="Late bird"))
    assert campaign.reward_drafts.filter(key=added.key, price=added.price).exists()
    for locale in ("en", "zh-hans"):
        newest = CampaignVersion.objects.filter(campaign=campaign, locale=locale).order_by("-number")[0]
        assert newest.number == 2
        assert "Late bird" in newest.reason
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
