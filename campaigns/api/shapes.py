"""What public answers about campaigns look like."""

from collections.abc import Iterable, Iterator
from typing import Any

from rest_framework import serializers

from campaigns.blocks import StoryStreamBlock, UpdateStreamBlock
from campaigns.diffing import Word
from campaigns.models import Category
from campaigns.models.campaign import CampaignKind
from campaigns.models.updates import Audience
from campaigns.services.comparing_submissions import StoryChange
from cms.core.api import Instant, Money, Page, Shape, Stream, instant, money
from cms.images.shapes import Picture, pinned
from cms.users.models import DocumentType
from cms.users.selectors import Badge
from funding.models.escrow import Mode
from funding.models.rewards import RewardKind
from funding.states import EscrowState

PUBLIC_STATES = ["prelaunch", *(str(state) for state in EscrowState)]
LOCALES = ["en", "zh-hans"]


class CategoryData(Shape):
    """A node of the category tree."""

    slug = serializers.SlugField()
    name = serializers.CharField()


class Card(Shape):
    """A campaign as lists show it. `raised` may lag the campaign's own `/funding/` by two seconds."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(CampaignKind.values)
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    creator = serializers.CharField()
    creator_key = serializers.CharField(allow_blank=True)
    creator_verified = serializers.BooleanField()
    category = CategoryData(allow_null=True)
    image = Picture(allow_null=True)
    url = serializers.CharField()
    locale = serializers.ChoiceField(LOCALES)
    state = serializers.ChoiceField(PUBLIC_STATES)
    currency = serializers.CharField()
    goal = Money()
    raised = Money()
    backers = serializers.IntegerField()
    percent_bps = serializers.IntegerField(help_text="Raised of goal, in basis points.")
    deadline = Instant(allow_null=True)


CardPage = Page(Card)


def card(row: Any) -> dict[str, Any]:
    """What `Card` says, of a row of `campaigns.browsing`."""
    return {
        "key": row.key,
        "kind": row.kind,
        "title": row.title,
        "summary": row.summary,
        "creator": row.creator_name,
        "creator_key": row.creator_key,
        "creator_verified": row.creator_verified,
        "category": {"slug": row.category_slug, "name": row.category_name} if row.category_name else None,
        "image": pinned(row.image),
        "url": row.url_path,
        "locale": row.locale,
        "state": row.state,
        "currency": row.currency,
        "goal": money(row.goal, row.currency),
        "raised": money(row.raised, row.currency),
        "backers": row.backers,
        "percent_bps": row.percent_bps,
        "deadline": instant(row.deadline),
    }


def category_data(category: Category | None, locale: str) -> dict[str, str] | None:
    """What `CategoryData` says."""
    return {"slug": category.slug, "name": category.name(locale)} if category else None


class BadgeData(Shape):
    """What was checked, by which role, when, until which day; nothing private, and never without a record of it."""

    type = serializers.ChoiceField(DocumentType.values)
    checked_by = serializers.CharField(help_text="A role of the platform.")
    checked_at = Instant()
    valid_until = serializers.DateField(allow_null=True)


def badge_data(badge: Badge) -> dict[str, Any]:
    """What `BadgeData` says."""
    return {
        "type": badge.type, "checked_by": badge.role, "checked_at": instant(badge.checked_at),
        "valid_until": badge.valid_until.isoformat() if badge.valid_until else None,
    }  # fmt: skip


class Creator(Shape):
    """Who made it, as they present themselves, and what was checked. More at `/creators/{key}/`."""

    key = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    verified = serializers.BooleanField()
    badges = BadgeData(many=True)
    photo = serializers.CharField(allow_null=True)
    bio = serializers.CharField(allow_blank=True)


class Translation(Shape):
    """The campaign in one of its languages."""

    locale = serializers.ChoiceField(LOCALES)
    title = serializers.CharField()
    url = serializers.CharField()


class CampaignData(Shape):
    """One campaign in one language. Live numbers are at `/funding/`.

    `version` is the hash of what is shown: post it with a pledge, and a change in between is told. It is null before
    launch, as is a `deadline` that counts from launch.
    """

    key = serializers.CharField()
    kind = serializers.ChoiceField(CampaignKind.values)
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    creator = Creator()
    category = CategoryData(allow_null=True)
    state = serializers.ChoiceField(PUBLIC_STATES)
    mode = serializers.ChoiceField(Mode.values)
    currency = serializers.CharField()
    goal = Money()
    deadline = Instant(allow_null=True)
    fee_bps = serializers.IntegerField(help_text="The platform's commission in basis points.")
    locale = serializers.ChoiceField(LOCALES)
    translations = Translation(many=True)
    version = serializers.CharField(allow_null=True)
    hero = Picture(allow_null=True)
    story = Stream(StoryStreamBlock())
    risks = serializers.CharField(allow_blank=True)


class RewardWindow(Shape):
    """From when, until when; null is open."""

    start = Instant(allow_null=True)
    end = Instant(allow_null=True)


class VariantData(Shape):
    """A size or colour; `remaining` null is as many as the reward has."""

    key = serializers.CharField()
    name = serializers.CharField()
    quantity = serializers.IntegerField(allow_null=True)
    remaining = serializers.IntegerField(allow_null=True)
    sold_out = serializers.BooleanField()


class RewardData(Shape):
    """A reward. `quantity` and `remaining` null are unlimited; `shipping` by country, `*` is the rest of the world."""

    key = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    image = serializers.CharField(allow_null=True)
    kind = serializers.ChoiceField(RewardKind.values)
    price = Money()
    is_addon = serializers.BooleanField()
    quantity = serializers.IntegerField(allow_null=True)
    remaining = serializers.IntegerField(allow_null=True)
    per_person_limit = serializers.IntegerField(allow_null=True)
    window = RewardWindow()
    variants = VariantData(many=True)
    shipping = serializers.DictField(child=Money())
    delivery_month = serializers.RegexField(r"^\d{4}-\d{2}$", allow_null=True)
    expected_month = serializers.CharField(
        allow_null=True, help_text="Where the creator has moved it; `delivery_month` stays what was promised."
    )
    sold_out = serializers.BooleanField()


class RewardList(Shape):
    """All rewards of a campaign, in the creator's order."""

    items = RewardData(many=True)


class UpdateData(Shape):
    """One piece of news."""

    key = serializers.CharField()
    title = serializers.CharField()
    locale = serializers.ChoiceField(LOCALES)
    audience = serializers.ChoiceField(Audience.values)
    published_at = Instant()
    url = serializers.CharField()
    body = Stream(UpdateStreamBlock())


UpdatePage = Page(UpdateData)


class VersionData(Shape):
    """What the campaign said from `made_at` on, and why it changed. Hashes are those that pledges name."""

    number = serializers.IntegerField()
    hash = serializers.CharField()
    locale = serializers.ChoiceField(LOCALES)
    made_at = Instant()
    reason = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    url = serializers.CharField()


class WordData(Shape):
    """A run of words with one fate; white space included."""

    mark = serializers.ChoiceField(["kept", "added", "removed"])
    text = serializers.CharField()


class ChangeData(Shape):
    """One text that changed. `part` is title, summary, risks, hero or a block's type; `field` is within a block."""

    part = serializers.CharField()
    block = serializers.CharField(allow_blank=True, help_text="The block's id, or a reward's key.")
    kind = serializers.ChoiceField(["changed", "added", "removed", "kept"], help_text="`kept`: only moved.")
    field = serializers.CharField(allow_blank=True)
    words = WordData(many=True)


class VersionChanges(VersionData):
    """A version with all that changed since the one before; nothing for the first."""

    changes = ChangeData(many=True)


VersionPage = Page(VersionData)


def changes(found: StoryChange) -> Iterator[dict[str, Any]]:
    """What `ChangeData` says of each text that changed."""
    for text in found.fields:
        yield {"part": text.key, "block": "", "kind": "changed", "field": "", "words": _words(text.words)}
    for block in found.touched:
        told = [one for one in block.fields if one.changed]
        for one in told:
            yield {
                "part": block.type, "block": block.id, "kind": block.kind, "field": one.path,
                "words": _words(one.words),
            }  # fmt: skip
        if not told:
            yield {"part": block.type, "block": block.id, "kind": block.kind, "field": "", "words": []}


def _words(words: Iterable[Word]) -> list[dict[str, str]]:
    return [{"mark": str(word.mark), "text": word.text} for word in words]
