"""Backing through the one road of form and API: what was seen, who may not, and what a repeat gets."""

from typing import Any

import pytest

from campaigns.exceptions import BackerBlocked, StaleVersion
from campaigns.models import Campaign, CampaignPage, CampaignVersion
from campaigns.selectors import latest_version
from campaigns.services import amending, backing, versioning
from cms.core.errors import InvalidInput
from funding.exceptions import CampaignNotOpen
from funding.models import Payment, Pledge
from funding.services import commanding
from funding.services.pledging import LineInput, PledgeResult
from tests.campaigns import scenes
from tests.funding.snapshots import checkout_snapshot

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(launched: Campaign, monkeypatch: pytest.MonkeyPatch) -> Campaign:
    def opened(command: Any, **_more: Any) -> commanding.Outcome:
        command.state = "succeeded"
        Payment.objects.filter(pk=command.payload["payment"]).update(session_id=f"cs_{command.pk}")
        return commanding.Outcome(command, checkout_snapshot(command))

    monkeypatch.setattr(commanding, "carry_out", opened)
    return launched


def _back(campaign: Campaign, **changes: Any) -> PledgeResult:
    values: dict[str, Any] = {
        "campaign_key": campaign.key, "user": None, "email": "a@example.com", "locale": "en", "country": "CN",
        "lines": [LineInput(campaign.reward_drafts.order_by("pk").first().key, 1)], "idempotency_key": "k1",
    }  # fmt: skip
    return backing.back_campaign(**{**values, **changes})


def _seen(campaign: Campaign, locale: str = "en") -> str:
    version = latest_version(campaign, locale)
    assert version is not None
    return version.hash


def _rewrite(campaign: Campaign, locale: str = "en", **fields: str) -> None:
    page = CampaignPage.objects.get(campaign=campaign, locale__language_code=locale).specific
    for name, value in fields.items():
        setattr(page, name, value)
    page.save_revision().publish()


def test_a_pledge_keeps_what_its_backer_saw(campaign: Campaign) -> None:
    assert _back(campaign).pledge.version == _seen(campaign)
    chinese = _back(campaign, locale="zh-hans", idempotency_key="k2").pledge
    assert CampaignVersion.objects.get(campaign=campaign, hash=chinese.version).content["title"] == "盐水灯"


def test_a_change_in_between_is_told_and_nothing_is_placed(campaign: Campaign) -> None:
    seen = _seen(campaign)
    _rewrite(campaign, summary="A lamp that needs no salt.")
    with pytest.raises(StaleVersion) as caught:
        _back(campaign, version=seen)
    assert caught.value.extra == {"version": _seen(campaign), "changes": [{"part": "summary", "reward": ""}]}
    assert not Pledge.objects.exists()
    assert _back(campaign, version=caught.value.extra["version"]).pledge.version == _seen(campaign)


def test_another_language_s_change_concerns_only_its_readers(campaign: Campaign) -> None:
    seen, chinese = _seen(campaign), _seen(campaign, "zh-hans")
    _rewrite(campaign, "zh-hans", summary="不需要盐的灯。")
    assert _back(campaign, version=seen).pledge.version == seen
    with pytest.raises(StaleVersion):
        _back(campaign, version=chinese, locale="zh-hans", idempotency_key="k2")


def test_a_repeat_gets_its_first_answer_whatever_has_changed(campaign: Campaign) -> None:
    seen = _seen(campaign)
    first = _back(campaign, version=seen)
    _rewrite(campaign, summary="A lamp that needs no salt.")
    again = _back(campaign, version=seen)
    assert (again.replayed, again.pledge.pk) == (True, first.pledge.pk)


def test_who_and_what_can_t_back(campaign: Campaign) -> None:
    with pytest.raises(BackerBlocked):
        _back(campaign, user=campaign.creator)
    with pytest.raises(BackerBlocked):
        _back(campaign, user=scenes.person(is_active=False))
    with pytest.raises(InvalidInput) as caught:
        _back(campaign, version="f" * 64)
    assert caught.value.field == "version"
    with pytest.raises(CampaignNotOpen):
        _back(scenes.approved())
    assert not Pledge.objects.exists()


def test_more_of_a_reward_or_another_one_takes_nothing_away(campaign: Campaign) -> None:
    seen = _seen(campaign)
    amending.add_reward(campaign=campaign, actor=campaign.creator, reward=scenes.reward(title_en="Two lamps"))
    assert _seen(campaign) != seen
    assert _back(campaign, version=seen).pledge.version == seen


def test_a_changed_reward_concerns_who_chose_it(campaign: Campaign) -> None:
    added = amending.add_reward(
        campaign=campaign, actor=campaign.creator, reward=scenes.reward(title_en="Two lamps", title_zh="两盏灯")
    )
    before = CampaignVersion.objects.get(hash=_seen(campaign)).content
    dearer = scenes.reward(title_en="Two lamps", title_zh="两盏灯", price=15_000)
    amending.change_unclaimed(campaign=campaign, actor=campaign.creator, key=added.key, data=dearer)
    after = CampaignVersion.objects.get(hash=_seen(campaign)).content
    other = campaign.reward_drafts.order_by("pk").first().key
    assert backing.changes_between(before, after, {added.key}) == [{"part": "reward", "reward": added.key}]
    assert backing.changes_between(before, after, {other}) == []


def test_versions_count_up_and_never_come_back(campaign: Campaign) -> None:
    first, page = _seen(campaign), CampaignPage.objects.get(campaign=campaign, locale__language_code="en").specific
    words = page.summary
    again = versioning.write_version(campaign=campaign, page=page, actor=None)
    assert again.hash == first
    _rewrite(campaign, summary="Other words.")
    _rewrite(campaign, summary=words)
    numbers = CampaignVersion.objects.filter(campaign=campaign, locale="en").order_by("number")
    assert list(numbers.values_list("number", flat=True)) == [1, 2, 3]
    assert len(set(numbers.values_list("hash", flat=True))) == 3
