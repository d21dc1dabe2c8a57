"""What a creator reads in the studio: times on the campaign's clock, names in their own language."""

import pytest
from django.test import Client
from django.utils import translation
from wagtail.users.models import UserProfile

from campaigns.models import Campaign, RewardDraft
from cms.core.moments import time_text

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


def _read(client: Client, campaign: Campaign, locale: str, path: str = "") -> str:
    profile = UserProfile.get_for_user(campaign.creator)
    profile.preferred_language = locale
    profile.save()
    client.force_login(campaign.creator)
    return client.get(f"/cms/studio/campaigns/{campaign.key}/{path}").content.decode()


@pytest.mark.parametrize(("locale", "place"), [("en", "(Tokyo)"), ("zh-hans", "（东京时间）")])
@pytest.mark.parametrize("path", ["", "terms/"])
def test_a_deadline_is_told_on_the_campaign_s_clock(
    client: Client, campaign: Campaign, locale: str, place: str, path: str
) -> None:
    Campaign.objects.filter(pk=campaign.pk).update(timezone="Asia/Tokyo")
    with translation.override(locale):
        told = time_text(campaign.escrow.deadline, zone="Asia/Tokyo")
    assert told.endswith(place)
    assert told in _read(client, campaign, locale, path)


def test_a_reward_is_called_by_its_name_in_the_reader_s_language(client: Client, campaign: Campaign) -> None:
    reward = campaign.reward_drafts.get()
    variant = reward.variants.create(name_en="Red", name_zh="红")
    for locale, title, other, name in (("en", "One lamp", "一盏灯", "Red"), ("zh-hans", "一盏灯", "One lamp", "红")):
        with translation.override(locale):
            assert (str(reward), reward.other_title, str(variant)) == (title, other, name)
        text = _read(client, campaign, locale, "terms/")
        assert -1 < text.index(title) < text.index(other)
    with translation.override("zh-hans"):
        assert str(RewardDraft(title_en="Lamp")) == "Lamp"
        assert RewardDraft(title_en="Lamp").other_title == ""
