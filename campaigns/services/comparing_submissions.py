"""What changed between two submissions of a campaign: stories block by block, terms and rewards, in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from wagtail.models import Revision

from campaigns.diffing import BlockChange, Word, diff_story, diff_text
from campaigns.models import CampaignPage, Submission
from campaigns.models.review import Outcome
from cms.core.countries import country_name
from cms.images.models import Image
from funding.money import format_money


@dataclass(frozen=True)
class TextChange:
    """A field outside the blocks: title, promise, risks."""

    name: str
    words: tuple[Word, ...]
    key: str = ""

    @property
    def changed(self) -> bool:
        """Whether any word came or went."""
        return any(word.mark != "kept" for word in self.words)


@dataclass(frozen=True)
class StoryChange:
    """One language: its fields, its blocks in the order of reading, and how many of them stayed as they were."""

    locale: str
    new: bool
    fields: list[TextChange]
    blocks: list[BlockChange]

    @property
    def touched(self) -> list[BlockChange]:
        """The blocks that there is something to read of."""
        return [block for block in self.blocks if not block.untouched]

    @property
    def untouched(self) -> int:
        """How many blocks stayed as and where they were."""
        return len(self.blocks) - len(self.touched)

    @property
    def changed(self) -> bool:
        """Whether there is anything to read."""
        return bool(self.touched) or any(field.changed for field in self.fields)


@dataclass(frozen=True)
class Comparison:
    """All that changed since `before`."""

    before: Submission
    stories: list[StoryChange]
    terms: list[TextChange]
    rewards: list[BlockChange]

    @property
    def changed(self) -> bool:
        """Whether anything did."""
        return bool(self.rewards or self.terms) or any(story.changed for story in self.stories)


def last_read(submission: Submission) -> Submission | None:
    """The attempt before, as a reviewer knows it: one that was withdrawn was never decided."""
    earlier = Submission.objects.filter(campaign=submission.campaign_id, number__lt=submission.number)
    return earlier.exclude(decision__outcome=Outcome.WITHDRAWN).order_by("-number").first()


def compare(before: Submission, after: Submission, pages: dict[str, CampaignPage]) -> Comparison:
    """`pages`: those of `after` by locale, read already."""
    earlier = {
        locale: page.as_object() for locale, pk in before.revisions.items() for page in Revision.objects.filter(pk=pk)
    }
    names = _names([*earlier.values(), *pages.values()])
    return Comparison(
        before=before,
        stories=[_story(locale, earlier.get(locale), page, names) for locale, page in pages.items()],
        terms=_terms(before.terms, after.terms),
        rewards=[
            change
            for change in diff_story(reward_blocks(before.terms), reward_blocks(after.terms), "")
            if not change.untouched
        ],
    )


def _story(locale: str, before: CampaignPage | None, after: CampaignPage, names: dict[int, str]) -> StoryChange:
    fields = [
        TextChange(str(name), diff_text(getattr(before, field, "") or "", getattr(after, field) or "", locale))
        for field, name in (("title", _("Title")), ("summary", _("Promise")), ("risks", _("Risks")))
    ]
    old, new = (names.get(page.hero_image_id or 0, "") if page else "" for page in (before, after))
    fields.append(TextChange(_("Main picture"), diff_text(old, new, locale)))
    blocks = diff_story(_data(before, names), _data(after, names), locale)
    return StoryChange(locale, before is None, [field for field in fields if field.changed], blocks)


def _data(page: CampaignPage | None, names: dict[int, str]) -> list[dict[str, Any]]:
    """The story with its pictures named: a number tells nobody which picture it was."""
    return [_named(block, names) for block in page.story.get_prep_value()] if page else []


def _named(value: Any, names: dict[int, str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: inner if name == "id" else _named(inner, names, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_named(inner, names, key) for inner in value]
    if isinstance(value, int) and not isinstance(value, bool) and _shows(key):
        return names.get(value, f"#{value}")
    return value


def _shows(key: str) -> bool:
    return key in {"image", "images", "picture", "photo", "before", "after", "poster"}


def _names(pages: Iterable[CampaignPage]) -> dict[int, str]:
    wanted: set[int] = set()
    for page in pages:
        wanted |= {page.hero_image_id} if page.hero_image_id else set()
        references = page.story.stream_block.extract_references(page.story)
        wanted |= {int(pk) for model, pk, *_path in references if issubclass(model, Image)}
    return {image.pk: f"{image.title} (#{image.pk})" for image in Image.objects.filter(pk__in=wanted)}


def _terms(before: dict[str, Any], after: dict[str, Any]) -> list[TextChange]:
    def said(terms: dict[str, Any]) -> dict[str, str]:
        return {
            _("Goal"): format_money(terms["goal"], terms["currency"]),
            _("If the goal is missed"): terms["mode"],
            _("Duration"): str(terms["duration_days"] or ""),
            _("Deadline"): terms["deadline"] or "",
            _("Category"): terms["category"],
            _("Kind"): terms["kind"],
        }

    old, new = said(before), said(after)
    changes = [TextChange(name, diff_text(old[name], new[name], "")) for name in new]
    return [change for change in changes if change.changed]


def reward_blocks(terms: dict[str, Any]) -> list[dict[str, Any]]:
    """Rewards in words, as blocks whose id is their key. What has no words isn't there."""
    return [
        {"type": "reward", "id": reward["key"], "value": _reward(reward, terms["currency"])}
        for reward in terms["rewards"]
    ]


def _reward(reward: dict[str, Any], currency: str) -> dict[str, Any]:
    picture = (reward["image"] or {}).get("src", "")
    return {
        "title": reward["titles"].get("en", ""),
        "title_zh": reward["titles"].get("zh-hans", ""),
        "price": format_money(reward["price"], currency),
        "kind": reward["kind"],
        "description": reward["descriptions"].get("en", ""),
        "description_zh": reward["descriptions"].get("zh-hans", ""),
        "addon": reward["is_addon"],
        "secret": reward["secret"],
        "quantity": reward["quantity"],
        "per_person": reward["per_person_limit"],
        "delivery": (reward["delivery_month"] or "")[:7],
        **({"expected": reward["expected_month"][:7]} if reward.get("expected_month") else {}),
        "from": reward["window_start"],
        "until": reward["window_end"],
        "picture": picture.rpartition("/")[2],
        "shipping": [
            f"{_('Everywhere else') if code == '*' else country_name(code)} {format_money(fee, currency)}"
            for code, fee in (reward["shipping"] or {}).items()
        ],
        "variants": [
            " / ".join([*variant["names"].values(), str(variant["quantity"] or "")]).strip(" /")
            for variant in reward["variants"]
        ],
    }
