"""How far a draft has come: the one list of what a campaign needs, done or not, with the place where it is mended.

The editor's panel, the overview, the page before submission and the API show this list; what is needed comes from
`checking`, the rest from the template that the campaign began with.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.blocks import REQUIRED_SECTIONS
from campaigns.models import Campaign, CampaignPage
from campaigns.models.campaign import CampaignKind
from campaigns.selectors import story_pages
from campaigns.services.checking import Problem, problems

STORY, TERMS, REWARDS, TEMPLATE = "story", "terms", "rewards", "template"


@dataclass(frozen=True)
class Item:
    """One line: what to do or what is done, and where. `needed` stands in the way of submission until done."""

    code: str
    group: str
    done: bool
    words: str
    url: str
    needed: bool = True


@dataclass(frozen=True)
class Progress:
    """All lines of a campaign."""

    items: list[Item]

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(item.done for item in self.items)

    @property
    def total(self) -> int:
        """How many there are."""
        return len(self.items)

    @property
    def percent(self) -> int:
        """For the bar; 100 only when all is done."""
        return self.done * 100 // self.total if self.total else 100

    @property
    def missing(self) -> list[Item]:
        """What stands in the way of the submission."""
        return [item for item in self.items if item.needed and not item.done]

    @property
    def finished(self) -> list[Item]:
        """What is needed and done."""
        return [item for item in self.items if item.needed and item.done]

    @property
    def own(self) -> list[Item]:
        """What came from the template: its creator ticks it."""
        return [item for item in self.items if item.group == TEMPLATE]


@dataclass(frozen=True)
class _Need:
    code: str
    group: str
    words: str
    # Codes of the problems that keep it from being done.
    unmet: tuple[str, ...]


def progress(campaign: Campaign, found: list[Problem] | None = None) -> Progress:
    """The list as it is now; `found` are the campaign's problems, where somebody has asked for them already."""
    found = problems(campaign) if found is None else found
    pages = {page.locale.language_code: page for page in story_pages(campaign)}
    left = list(found)
    items: list[Item] = []
    for need in _needs(campaign):
        unmet = [problem for problem in left if problem.code in need.unmet]
        left = [problem for problem in left if problem not in unmet]
        items += [Item(problem.code, need.group, False, problem.message, _place(campaign, problem, pages))
                  for problem in unmet]  # fmt: skip
        # Without any page nothing of a story is done.
        if not unmet and (pages or need.group != STORY):
            items.append(Item(need.code, need.group, True, need.words, _home(campaign, need.group, pages)))
    # A problem that no line knows must not be lost.
    items += [Item(problem.code, STORY if problem.locale else TERMS, False, problem.message,
                   _place(campaign, problem, pages)) for problem in left]  # fmt: skip
    return Progress([*items, *_own(campaign)])


def places(campaign: Campaign, found: list[Problem]) -> list[Item]:
    """Only these problems, each with its place."""
    pages = {page.locale.language_code: page for page in story_pages(campaign)}
    return [
        Item(problem.code, STORY, False, problem.message, _place(campaign, problem, pages)) for problem in found
    ]  # fmt: skip


def _needs(campaign: Campaign) -> Iterator[_Need]:
    sections = {"budget": _("Budget"), "faq": _("Questions and answers"), "ai_use": _("Use of AI")}
    yield _Need("title", STORY, _("Title"), ("no_page", "title_missing"))
    yield _Need("summary", STORY, _("The promise in one sentence"), ("summary_missing",))
    yield _Need("picture", STORY, _("Main picture with its description"), ("hero_missing", "alt_missing"))
    yield _Need(
        "story", STORY, _("Story"),
        ("story_short", "hints_left", "picture_alt_missing", "block_invalid", "budget_currency"),
    )  # fmt: skip
    for section in REQUIRED_SECTIONS:
        yield _Need(section, STORY, sections[section], (f"{section}_missing",))
    yield _Need("risks", STORY, _("Risks and how you meet them"), ("risks_missing",))
    yield _Need("goal", TERMS, _("Goal"), ("goal_missing",))
    yield _Need("category", TERMS, _("Category"), ("category_missing",))
    yield _Need("duration", TERMS, _("How long it lasts"), ("duration_missing", "deadline_near"))
    if campaign.kind == CampaignKind.REWARD:
        unmet = ("no_reward", "reward_title_missing", "reward_description_missing", "variant_name_missing",
                 "delivery_month_missing", "shipping_missing", "window_over")  # fmt: skip
        yield _Need("rewards", REWARDS, _("Rewards"), unmet)
    yield _Need("languages", STORY, _("Both languages say the same numbers"), ("numbers_differ",))


def _own(campaign: Campaign) -> Iterator[Item]:
    url = reverse("studio:campaign", args=[campaign.key])
    for row in campaign.checklist_items.all():
        yield Item(row.code, TEMPLATE, row.done_at is not None, str(row), f"{url}#checklist", needed=False)


def _home(campaign: Campaign, group: str, pages: dict[str, CampaignPage]) -> str:
    if group == STORY and pages:
        return reverse("wagtailadmin_pages:edit", args=[next(iter(pages.values())).pk])
    return reverse("studio:terms", args=[campaign.key])


def _place(campaign: Campaign, problem: Problem, pages: dict[str, CampaignPage]) -> str:
    if problem.reward:
        return reverse("studio:reward_edit", args=[campaign.key, problem.reward])
    if problem.locale in pages:
        return reverse("wagtailadmin_pages:edit", args=[pages[problem.locale].pk])
    if problem.code == "no_reward":
        return reverse("studio:reward_add", args=[campaign.key])
    return reverse("studio:terms", args=[campaign.key])
