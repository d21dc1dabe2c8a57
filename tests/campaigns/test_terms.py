"""Draft terms: bounds, clocks, stale forms, rewards, completeness."""

from datetime import UTC, datetime, timedelta

import pytest

from campaigns import comparing
from campaigns.exceptions import IncompleteCampaign, InvalidTerms, StaleTerms, TermsLocked
from campaigns.models import Campaign
from campaigns.services import checking, revising, rewarding, submitting
from campaigns.services.revising import resolve_local
from cms.core.clock import now
from cms.core.errors import NotAllowed
from funding.money import BadAmount
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(site: None) -> Campaign:
    return scenes.complete()


def _revise(campaign: Campaign, revision: int | None = None, **changes: object) -> Campaign:
    return revising.revise_terms(
        campaign=campaign, actor=campaign.creator, terms=scenes.terms(**changes), revision=revision
    )


@pytest.mark.parametrize(("changes", "field"), [
    ({"goal": 0}, "goal"), ({"goal": -5}, "goal"), ({"goal": 10**18}, "goal"), ({"goal": 1.5}, "goal"),
    ({"currency": "XXX"}, "currency"), ({"currency": "JPY"}, "currency"), ({"mode": "maybe"}, "mode"),
    ({"duration_days": 61}, "duration_days"), ({"duration_days": 0}, "duration_days"),
    ({"timezone": "Mars/Base"}, "timezone"),
])  # fmt: skip
def test_bad_terms_name_their_field(campaign: Campaign, changes: dict[str, object], field: str) -> None:
    with pytest.raises((InvalidTerms, BadAmount)) as caught:
        _revise(campaign, **changes)
    assert caught.value.field == field
    assert Campaign.objects.get(pk=campaign.pk).goal == 100_000


def test_a_deadline_lies_within_bounds(campaign: Campaign) -> None:
    for at in (now() - timedelta(days=1), now() + timedelta(hours=2), now() + timedelta(days=61)):
        with pytest.raises(InvalidTerms) as caught:
            _revise(campaign, duration_days=None, deadline=at)
        assert caught.value.field == "deadline"
    with pytest.raises(InvalidTerms):
        _revise(campaign, deadline=now() + timedelta(days=5))
    _revise(campaign, duration_days=None, deadline=now() + timedelta(days=59))


def test_clocks_that_jump() -> None:
    with pytest.raises(InvalidTerms, match="does not exist"):
        resolve_local(datetime(2027, 3, 28, 2, 30), "Europe/Berlin")
    with pytest.raises(InvalidTerms, match="twice"):
        resolve_local(datetime(2027, 10, 31, 2, 30), "Europe/Berlin")
    assert resolve_local(datetime(2027, 3, 28, 3, 30), "Europe/Berlin") == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)


def test_a_stale_form_is_told_so(campaign: Campaign) -> None:
    seen = campaign.terms_revision
    _revise(campaign, seen)
    with pytest.raises(StaleTerms):
        _revise(campaign, seen, goal=5_000_00)


def test_only_the_creator_and_only_while_drafting(campaign: Campaign) -> None:
    with pytest.raises(NotAllowed):
        revising.revise_terms(campaign=campaign, actor=scenes.creator(), terms=scenes.terms(), revision=None)
    submitting.submit_campaign(campaign=campaign, actor=campaign.creator)
    with pytest.raises(TermsLocked):
        _revise(campaign)
    with pytest.raises(TermsLocked):
        rewarding.remove_reward_draft(reward=campaign.reward_drafts.get(), actor=campaign.creator, revision=None)


@pytest.mark.parametrize(("changes", "field"), [
    ({"price": 0}, "price"), ({"price": 10**18}, "price"), ({"quantity": 0}, "quantity"),
    ({"quantity": 2, "per_person_limit": 3}, "per_person_limit"), ({"kind": "digital"}, "shipping"),
    ({"shipping": {"CN": -1}}, "shipping"), ({"shipping": {"China": 1}}, "shipping"),
    ({"title_en": "", "title_zh": " "}, "title_en"), ({"variants": scenes.variants()[:1]}, "variants"),
    ({"variants": scenes.variants() * 2}, "variants"), ({"quantity": 3, "variants": scenes.variants()}, "variants"),
])  # fmt: skip
def test_bad_rewards_name_their_field(campaign: Campaign, changes: dict[str, object], field: str) -> None:
    with pytest.raises((InvalidTerms, BadAmount)) as caught:
        rewarding.add_reward_draft(
            campaign=campaign, actor=campaign.creator, reward=scenes.reward(**changes), revision=None
        )
    assert caught.value.field == field
    assert campaign.reward_drafts.count() == 1


def test_variants_keep_their_keys(campaign: Campaign) -> None:
    reward = rewarding.add_reward_draft(
        campaign=campaign, actor=campaign.creator, reward=scenes.reward(variants=scenes.variants()), revision=None
    )
    keys = [variant.key for variant in reward.variants.all()]
    kept = [rewarding.VariantInput("Crimson", "绯红", None, keys[0]), rewarding.VariantInput("Green", "绿")]
    rewarding.revise_reward(reward=reward, actor=campaign.creator, data=scenes.reward(variants=kept), revision=None)
    assert reward.variants.get(name_en="Crimson").key == keys[0]
    assert not reward.variants.filter(key=keys[1]).exists()


def test_rewards_are_put_in_order(campaign: Campaign) -> None:
    second = rewarding.add_reward_draft(
        campaign=campaign, actor=campaign.creator, reward=scenes.reward(title_en="Two"), revision=None
    )
    first = campaign.reward_drafts.exclude(pk=second.pk).get()
    rewarding.reorder_rewards(campaign=campaign, actor=campaign.creator, keys=[second.key, first.key], revision=None)
    assert list(campaign.reward_drafts.values_list("key", flat=True)) == [second.key, first.key]


def test_everything_missing_is_said_at_once(site: None) -> None:
    page = scenes.page(scenes.creator(), summary="", risks="", hero_image=None, story=[])
    codes = {problem.code for problem in checking.problems(page.campaign)}
    assert codes == {
        "summary_missing", "hero_missing", "story_short", "risks_missing", "goal_missing", "category_missing",
        "duration_missing", "no_reward", "budget_missing", "faq_missing", "ai_use_missing",
    }  # fmt: skip
    with pytest.raises(IncompleteCampaign) as caught:
        submitting.submit_campaign(campaign=page.campaign, actor=page.owner)
    assert {problem["code"] for problem in caught.value.extra["problems"]} == codes
    assert page.campaign.submissions.count() == 0


def test_languages_must_agree_on_numbers(campaign: Campaign) -> None:
    assert not checking.problems(campaign)
    english, chinese = campaign.pages.order_by("pk").specific()
    english.summary, chinese.summary = "It costs $30 until 12 March, 20% less.", "售价 30 美元,截止 3月12日,优惠 20%。"
    english.save_revision()
    chinese.save_revision()
    assert not checking.problems(campaign)
    chinese.summary = "售价 35 美元,截止 3月12日,优惠 20%。"
    chinese.save_revision()
    assert "numbers_differ" in {problem.code for problem in checking.problems(campaign)}


def test_words_count_characters_and_words() -> None:
    assert comparing.words("salt lamp 盐水灯") == 5
