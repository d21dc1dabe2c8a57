"""Is a campaign complete? Asked at submission and again at launch: drafts are saved without validation."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue

from campaigns import comparing
from campaigns.blocks import REQUIRED_SECTIONS, told_budget
from campaigns.models import Campaign, CampaignPage, RewardDraft
from campaigns.models.campaign import CampaignKind
from campaigns.models.templates import HINT
from campaigns.selectors import story_pages
from cms.core.clock import now
from cms.core.mistakes import places
from cms.images.blocks.pictures import undescribed
from funding.models.rewards import RewardKind

SHORTEST_STORY = 80
_ENDS = re.compile(r"</(?:p|li|h\d)>|<br\s*/?>", re.IGNORECASE)
NAMES = {"en": "English", "zh-hans": "中文"}


@dataclass(frozen=True)
class Problem:
    """What is missing: a stable code, the field, a sentence; and where it is mended: `locale`, `reward`, or terms."""

    code: str
    field: str
    message: str
    locale: str = ""
    reward: str = ""

    def as_dict(self) -> dict[str, str]:
        """For an answer to a machine."""
        return asdict(self)


def problems(campaign: Campaign) -> list[Problem]:
    """Everything that stands between a campaign and its review, all at once; empty when it is complete."""
    pages = [page.get_latest_revision_as_object() for page in story_pages(campaign)]
    found: list[Problem] = []
    if not pages:
        found.append(Problem("no_page", "page", _("Write the story in at least one language.")))
    for page in pages:
        found.extend(_story_problems(page))
    found.extend(_terms_problems(campaign))
    rewards = list(campaign.reward_drafts.prefetch_related("variants"))
    if campaign.kind == CampaignKind.REWARD and all(reward.is_addon or reward.secret for reward in rewards):
        found.append(Problem("no_reward", "rewards", _("Add at least one reward that can be chosen by itself.")))
    for reward in rewards:
        found.extend(_reward_problems(reward))
    found.extend(_disagreements(pages, rewards))
    return found


def story_text(story: StreamValue) -> str:
    """The words of a story or an update, in all its blocks, without markup."""
    parts = [part for block in story for part in block.block.get_searchable_content(block.value)]
    # Paragraphs, items and headings end a word: two prices on neighbouring lines are two.
    return strip_tags(_ENDS.sub("\n", comparing.joined(map(str, parts))))


def _story_problems(page: CampaignPage) -> Iterator[Problem]:
    locale = page.locale.language_code
    name = NAMES.get(locale, locale)

    def problem(code: str, field: str, message: str) -> Problem:
        return Problem(code, field, f"{name}: {message}", locale=locale)

    if len(page.title.strip()) < 2:
        yield problem("title_missing", "title", _("Give the campaign a title."))
    if not page.summary.strip():
        yield problem("summary_missing", "summary", _("Say the promise in one sentence."))
    if page.hero_image is None:
        yield problem("hero_missing", "hero_image", _("Choose a main picture."))
    elif not page.hero_alt.strip():
        yield problem("alt_missing", "hero_alt", _("Describe the main picture for those who can't see it."))
    if (count := comparing.words(story_text(page.story))) < SHORTEST_STORY:
        yield problem(
            "story_short", "story",
            _("Tell the story in at least %(least)d words or characters; there are %(count)d.")
            % {"least": SHORTEST_STORY, "count": count},
        )  # fmt: skip
    yield from _block_problems(page, problem)
    if not page.risks.strip() or HINT in page.risks:
        yield problem("risks_missing", "risks", _("Name the risks and how you meet them."))


def _block_problems(page: CampaignPage, problem: Callable[[str, str, str], Problem]) -> Iterator[Problem]:
    """What the story's blocks lack: drafts are saved without their validation."""
    stream = page.story.stream_block
    if missing := sum(undescribed(block.block, block.block.get_prep_value(block.value)) for block in page.story):
        text = _("Describe each picture of the story for those who can't see it; %(count)d have no description.")
        yield problem("picture_alt_missing", "story", text % {"count": missing})
    if left := json.dumps(page.story.get_prep_value(), ensure_ascii=False, default=str).count(HINT):
        text = _("Replace the template's hints, marked ✎, with your own words, or remove them; %(count)d are left.")
        yield problem("hints_left", "story", text % {"count": left})
    held = {block.block_type for block in page.story}
    for section, code, text in _sections():
        if section not in held:
            yield problem(code, "story", text)
    currencies = {block.value["currency"] for block in page.story if block.block_type == "budget"}
    if currencies - {page.campaign.currency}:
        yield problem("budget_currency", "story", _("The budget is in another currency than the goal."))
    try:
        stream.clean(page.story)
    except ValidationError as error:
        for place in places(stream, page.story, error):
            yield problem("block_invalid", "story", place)


def _sections() -> list[tuple[str, str, str]]:
    """(block, code of the problem, what to do) of the sections that every campaign has."""
    words = {
        "budget": _("Add a budget: what the money is for, line by line."),
        "faq": _("Add questions and answers: what people ask before they back."),
        "ai_use": _("Say what was made with AI, also if nothing was: add the block “Use of AI”."),
    }
    return [(section, f"{section}_missing", words[section]) for section in REQUIRED_SECTIONS]


def _terms_problems(campaign: Campaign) -> Iterator[Problem]:
    if not campaign.goal:
        yield Problem("goal_missing", "goal", _("Set the goal."))
    if campaign.category is None:
        yield Problem("category_missing", "category", _("Choose a category."))
    if campaign.duration_days is None and campaign.deadline is None:
        yield Problem("duration_missing", "duration_days", _("Set how long the campaign lasts, or its deadline."))
    if campaign.deadline is not None and campaign.deadline < now() + timedelta(hours=12):
        yield Problem("deadline_near", "deadline", _("The deadline is over or too near: choose a later one."))


def _reward_problems(reward: RewardDraft) -> Iterator[Problem]:
    def problem(code: str, field: str, message: str) -> Problem:
        return Problem(code, field, _("Reward “%(title)s”: %(message)s") % {"title": reward, "message": message},
                       reward=reward.key)  # fmt: skip

    if not (reward.title_en.strip() and reward.title_zh.strip()):
        yield problem("reward_title_missing", "title_zh", _("give its title in both languages."))
    if bool(reward.description_en.strip()) != bool(reward.description_zh.strip()):
        yield problem("reward_description_missing", "description_zh", _("describe it in both languages, or in none."))
    if any(not (variant.name_en and variant.name_zh) for variant in reward.variants.all()):
        yield problem("variant_name_missing", "variants", _("name each variant in both languages."))
    if reward.kind == RewardKind.PHYSICAL and reward.delivery_month is None:
        yield problem("delivery_month_missing", "delivery_month", _("say in which month it will be delivered."))
    if reward.kind == RewardKind.PHYSICAL and not reward.shipping:
        yield problem("shipping_missing", "shipping", _("say where it ships to and what that costs."))
    if reward.window_end is not None and reward.window_end <= now():
        yield problem("window_over", "window_end", _("its time window is already over."))


def _budgets_differ(pages: list[CampaignPage]) -> Iterator[Problem]:
    """The same amounts in every language, line by line."""
    first: list[list[int]] | None = None
    for page in pages:
        told = [
            told_budget(block.block.get_prep_value(block.value)) for block in page.story if block.block_type == "budget"
        ]
        amounts = [[line["amount"]["amount"] for line in budget["lines"]] for budget in told]
        first = amounts if first is None else first
        if amounts != first:
            locale = page.locale.language_code
            text = _("The budget of %(language)s has other amounts than that of another language.")
            yield Problem("numbers_differ", "story", text % {"language": NAMES.get(locale, locale)}, locale=locale)


def _disagreements(pages: list[CampaignPage], rewards: list[RewardDraft]) -> Iterator[Problem]:
    if len(pages) > 1:
        texts = {
            page.locale.language_code: comparing.joined([page.summary, story_text(page.story), page.risks])
            for page in pages
        }
        for locale, only in comparing.differences(texts).items():
            yield Problem(
                "numbers_differ", "story",
                _("%(language)s names prices, percentages or dates that another language doesn't: %(facts)s.")
                % {"language": NAMES.get(locale, locale), "facts": ", ".join(only)},
                locale=locale,
            )  # fmt: skip
        yield from _budgets_differ(pages)
    for reward in rewards:
        texts = {
            "en": comparing.joined([reward.title_en, reward.description_en]),
            "zh-hans": comparing.joined([reward.title_zh, reward.description_zh]),
        }
        if all(texts.values()) and (found := comparing.differences(texts)):
            facts = ", ".join(sorted({fact for only in found.values() for fact in only}))
            yield Problem(
                "numbers_differ", "description_zh",
                _("Reward “%(title)s”: its two languages name different prices, percentages or dates: %(facts)s.")
                % {"title": reward, "facts": facts},
                reward=reward.key,
            )  # fmt: skip
