"""The demo's content agrees with itself: money, time, stock, and the two languages."""

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from campaigns.services.installing import CATEGORIES
from home.demo.illustrations import SUBJECTS
from home.demo.shapes import (
    CampaignPlan,
    EndState,
    FaqBlock,
    HeadingBlock,
    ImageBlock,
    Picture,
    QuoteBlock,
    StoryBlock,
    TextBlock,
    Words,
)
from home.demo.stories import articles, campaigns, home_content, people

CAMPAIGNS = campaigns()
PEOPLE = {person.email: person for person in people()}
FIRST_DAY = -60
CATEGORY_SLUGS = {slug for root, *_, children in CATEGORIES for slug in (root, *(child[0] for child in children))}
each_campaign = pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda campaign: campaign.slug)


def words_of(blocks: tuple[StoryBlock, ...]) -> Iterator[Words]:
    for block in blocks:
        match block:
            case HeadingBlock(text):
                yield text
            case TextBlock(html):
                yield html
            case QuoteBlock(text, by):
                yield from (text, by)
            case ImageBlock(picture, caption):
                yield from (picture.alt, caption) if caption else (picture.alt,)
            case FaqBlock(items):
                for item in items:
                    yield from (item.question, item.answer)


def all_words(campaign: CampaignPlan) -> Iterator[Words]:
    yield from (campaign.title, campaign.summary, campaign.place, campaign.hero.alt, campaign.risks)
    if campaign.reason:
        yield campaign.reason
    yield from words_of(campaign.story)
    for reward in campaign.rewards:
        yield from (reward.title, reward.description, *(variant.name for variant in reward.variants))
    for update in campaign.updates:
        yield update.title
        yield from words_of(update.story)


def page_words() -> Iterator[Words]:
    home = home_content()
    yield from (home.headline, home.intro, *(pick.reason for pick in home.picks))
    for step in home.steps:
        yield from (step.question, step.answer)
    for article in articles():
        yield from (article.title, article.intro, article.hero.alt, *words_of(article.story))


EVERY_WORD = [*(words for campaign in CAMPAIGNS for words in all_words(campaign)), *page_words()]


def numbers(text: str) -> Counter[str]:
    return Counter(number.replace(",", "") for number in re.findall(r"\d+(?:[.,:/]\d+)*", text))


def test_the_cast_is_complete() -> None:
    assert len(CAMPAIGNS) >= 14
    assert {campaign.end_state for campaign in CAMPAIGNS} == set(EndState)
    assert {campaign.currency for campaign in CAMPAIGNS} == {"CNY", "USD", "JPY", "KWD"}
    assert {campaign.mode for campaign in CAMPAIGNS} == {"all_or_nothing", "keep_it_all"}
    assert [campaign.kind for campaign in CAMPAIGNS].count("donation") == 2
    assert 80 <= sum(len(campaign.pledges) for campaign in CAMPAIGNS) <= 110
    slugs = [campaign.slug for campaign in CAMPAIGNS]
    assert len(set(slugs)) == len(slugs)


def test_what_visitors_look_for_is_there() -> None:
    open_now = [campaign for campaign in CAMPAIGNS if campaign.end_state is EndState.OPEN]
    own = [campaign for campaign in CAMPAIGNS if campaign.creator == "creator@example.com"]
    shares = [campaign.raised / campaign.goal for campaign in open_now]
    assert any(share > 1.5 for share in shares)
    assert sum(0.85 < share < 1 for share in shares) >= 2
    assert any(0 < campaign.deadline_hours < 24 for campaign in open_now)
    assert any(len(campaign.pledges) <= 3 for campaign in open_now)
    assert any(reward.quantity for campaign in own if campaign in open_now for reward in campaign.rewards)
    assert any(reward.per_person_limit for campaign in open_now for reward in campaign.rewards)
    assert any(
        (reward.window_end_days or 99) < campaign.duration_days for campaign in open_now for reward in campaign.rewards
    )


def test_search_has_something_to_find() -> None:
    band = next(campaign for campaign in CAMPAIGNS if campaign.slug == "stillband")
    story_zh = "".join(words.zh for words in words_of(band.story))
    story_en = " ".join(words.en for words in words_of(band.story))
    assert re.search(r"[\u4e00-\u9fff]手环[\u4e00-\u9fff，]", story_zh)
    assert re.search(r"\brun\b", story_en)
    assert re.search(r"\brunning\b", story_en)
    assert any("手办" in campaign.title.zh for campaign in CAMPAIGNS)


@each_campaign
def test_end_state_follows_from_money_and_time(campaign: CampaignPlan) -> None:
    reached = campaign.raised >= campaign.goal
    over = campaign.deadline_hours <= 0
    match campaign.end_state:
        case EndState.HOLDING | EndState.RELEASED:
            assert over
            assert reached or (campaign.mode == "keep_it_all" and campaign.raised > 0)
        case EndState.REFUNDED:
            assert over
            assert not reached
            assert campaign.mode == "all_or_nothing"
            assert campaign.pledges
        case EndState.OPEN | EndState.ON_HOLD | EndState.CANCELLED:
            assert not over
            assert campaign.pledges
        case _:
            assert not campaign.pledges
            assert not campaign.updates
            assert campaign.launch_day > 0


@each_campaign
def test_terms_are_allowed(campaign: CampaignPlan) -> None:
    assert campaign.goal > 0
    assert 1 <= campaign.duration_days <= 60
    assert not campaign.end_state.launched or FIRST_DAY + 1 < campaign.launch_day < 0
    assert campaign.category in CATEGORY_SLUGS
    assert PEOPLE[campaign.creator].creator
    assert len(campaign.title.en) <= 80
    assert len(campaign.title.zh) <= 80
    needs_reason = {EndState.ON_HOLD, EndState.CANCELLED, EndState.CHANGES_REQUESTED}
    assert (campaign.reason is not None) == (campaign.end_state in needs_reason)
    assert (campaign.reason_day is not None) == (campaign.end_state in needs_reason)
    assert bool(campaign.rewards) == (campaign.kind == "reward")
    assert bool(campaign.suggested_amounts) == (campaign.kind == "donation")


@each_campaign
def test_rewards_are_valid(campaign: CampaignPlan) -> None:
    keys = [reward.key for reward in campaign.rewards]
    assert len(set(keys)) == len(keys)
    for reward in campaign.rewards:
        assert reward.kind in {"physical", "digital", "service"}
        assert reward.price > 0
        assert reward.delivery_months >= 0
        assert bool(reward.shipping) == (reward.kind == "physical")
        assert all(re.fullmatch(r"[A-Z]{2}|\*", country) and fee >= 0 for country, fee in reward.shipping)
        assert reward.window_end_days is None or 0 < reward.window_end_days <= campaign.duration_days
        assert not reward.early_bird or (reward.quantity and reward.window_end_days)
        stocked = [variant.quantity for variant in reward.variants if variant.quantity is not None]
        assert not reward.quantity or sum(stocked) <= reward.quantity
        assert len(reward.title.en) <= 80
        if campaign.currency == "KWD":  # card networks settle dinars to ten fils
            assert reward.price % 10 == 0
            assert all(fee % 10 == 0 for _, fee in reward.shipping)
    assert campaign.kind == "donation" or not all(reward.is_addon for reward in campaign.rewards)


@each_campaign
def test_pledges_fall_in_the_open_time(campaign: CampaignPlan) -> None:
    end = min(campaign.deadline_hours, 0)
    if campaign.reason_day is not None:
        end = min(end, campaign.reason_day * 24)
    for pledge in campaign.pledges:
        assert campaign.launch_day * 24 < pledge.at_hours < end
        assert pledge.cancel_day is None or pledge.day < pledge.cancel_day < 0
        for line in pledge.lines:
            reward = campaign.reward(line.reward)
            if reward.window_end_days is not None:
                assert pledge.at_hours < (campaign.launch_day + reward.window_end_days) * 24
    for update in campaign.updates:
        assert campaign.launch_day < update.day < 0
        assert update.audience in {"public", "backers"}


@each_campaign
def test_pledges_are_within_stock_limits_and_countries(campaign: CampaignPlan) -> None:
    sold: Counter[tuple[str, str | None]] = Counter()
    taken: Counter[tuple[str, str]] = Counter()
    for pledge in campaign.pledges:
        assert 0 < campaign.total_of(pledge) < 100_000_000
        assert campaign.total_of(pledge) % 10 == 0 or campaign.currency != "KWD"
        assert pledge.lines or campaign.kind == "donation"
        main = [line for line in pledge.lines if not campaign.reward(line.reward).is_addon]
        assert main or not pledge.lines
        for line in pledge.lines:
            reward = campaign.reward(line.reward)
            assert line.quantity > 0
            assert reward.shipping_to(pledge.country) is not None, (pledge.backer, pledge.country)
            assert (line.variant is not None) == bool(reward.variants)
            assert line.variant is None or line.variant in {variant.key for variant in reward.variants}
            sold[line.reward, None] += line.quantity
            if line.variant:
                sold[line.reward, line.variant] += line.quantity
            taken[pledge.backer, line.reward] += line.quantity
    for reward in campaign.rewards:
        assert reward.quantity is None or sold[reward.key, None] <= reward.quantity
        for variant in reward.variants:
            assert variant.quantity is None or sold[reward.key, variant.key] <= variant.quantity
        if reward.per_person_limit:
            assert all(count <= reward.per_person_limit for (_, key), count in taken.items() if key == reward.key)


@each_campaign
def test_pledges_can_be_paid(campaign: CampaignPlan) -> None:
    backers = [pledge.backer for pledge in campaign.pledges]
    assert len(set(backers)) == len(backers)
    assert campaign.creator not in backers
    for pledge in campaign.pledges:
        assert pledge.backer in PEOPLE
        assert pledge.method in {"card", "card_3ds", "alipay", "wechat_pay"}
        assert pledge.outcome in {"succeed", "decline", "abandon"}
        assert campaign.currency == "CNY" or pledge.method in {"card", "card_3ds"}


def test_backer_may_read_a_backers_only_update() -> None:
    readable = [
        campaign.slug
        for campaign in CAMPAIGNS
        if any(update.audience == "backers" for update in campaign.updates)
        and any(pledge.backer == "backer@example.com" and pledge.kept for pledge in campaign.pledges)
    ]
    assert "stillband" in readable


@each_campaign
def test_stories_are_whole(campaign: CampaignPlan) -> None:
    # One of them shows every block that there is.
    assert 5 <= len(campaign.story) <= (30 if campaign.slug == "opera-book" else 12)
    assert any(isinstance(block, QuoteBlock) for block in campaign.story)
    for text in [block.html for block in campaign.story if isinstance(block, TextBlock)]:
        tags = re.findall(r"</?(\w+)", text.en)
        assert set(tags) <= {"p", "b", "i", "ul", "ol", "li"}
        assert Counter(tags) - Counter({"i": 2}) == Counter(re.findall(r"</?(\w+)", text.zh))


@pytest.mark.parametrize("words", EVERY_WORD, ids=lambda words: words.en[:40])
def test_both_languages_say_the_same(words: Words) -> None:
    assert words.en
    assert words.zh
    assert numbers(words.en) == numbers(words.zh)
    assert not re.search(r"[!！]", words.en + words.zh)
    assert not re.search(r"[\u4e00-\u9fff][,;:?]|[,;:?][\u4e00-\u9fff]", words.zh), "half-width punctuation"
    assert "&" not in words.en + words.zh


def test_pictures_are_drawable_and_described() -> None:
    pictures: list[Picture] = [campaign.hero for campaign in CAMPAIGNS]
    pictures += [article.hero for article in articles()]
    pictures += [b.picture for c in CAMPAIGNS for b in c.story if isinstance(b, ImageBlock)]
    pictures += [b.picture for c in CAMPAIGNS for u in c.updates for b in u.story if isinstance(b, ImageBlock)]
    assert {picture.subject for picture in pictures} == set(SUBJECTS)
    heroes = [campaign.hero.subject for campaign in CAMPAIGNS]
    assert len(set(heroes)) == len(heroes)


def test_people_are_fictional_and_known_once() -> None:
    assert len(PEOPLE) == len(people())
    assert all(email.endswith("@example.com") for email in PEOPLE)
    assert sum(person.guest for person in people()) >= 3
    assert all(person.bio for person in people() if person.creator)
    assert any(pledge.anonymous for campaign in CAMPAIGNS for pledge in campaign.pledges)
    backers = {pledge.backer for campaign in CAMPAIGNS for pledge in campaign.pledges}
    assert backers == {person.email for person in people() if not person.creator}


def test_home_page_picks_can_be_backed() -> None:
    states = {campaign.slug: campaign.end_state for campaign in CAMPAIGNS}
    assert all(states[pick.campaign] is EndState.OPEN for pick in home_content().picks)
    assert len(home_content().steps) == 4
