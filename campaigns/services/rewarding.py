"""Drafting rewards, before launch. What may change afterwards is in `amending`."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from campaigns.exceptions import InvalidTerms
from campaigns.models import Campaign, RewardDraft
from campaigns.models.campaign import CampaignKind, RewardVariantDraft
from campaigns.services import editing
from cms.core.errors import InvalidInput
from cms.core.keys import new_secret
from cms.images.models import Image
from cms.users import audit
from cms.users.models import User
from funding.models.rewards import RewardKind
from funding.money import check_amount

MAX_REWARDS = 50
MAX_VARIANTS = 30
MAX_QUANTITY = 1_000_000
REST_OF_WORLD = "*"


@dataclass(frozen=True)
class VariantInput:
    """A size or colour; `key` names an existing one. `quantity` None shares the reward's."""

    name_en: str
    name_zh: str
    quantity: int | None = None
    key: str = ""


@dataclass(frozen=True)
class RewardInput:
    """A reward as its creator typed it. Amounts in minor units of the campaign's currency.

    `shipping` maps ISO 3166 countries, or "*" for the rest of the world, to a fee per unit.
    """

    kind: str
    title_en: str
    title_zh: str
    price: int
    description_en: str = ""
    description_zh: str = ""
    image: Image | None = None
    is_addon: bool = False
    quantity: int | None = None
    per_person_limit: int | None = None
    shipping: dict[str, int] = field(default_factory=dict)
    delivery_month: date | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    secret: bool = False
    variants: list[VariantInput] = field(default_factory=list)


@transaction.atomic
def add_reward_draft(*, campaign: Campaign, actor: User, reward: RewardInput, revision: int | None) -> RewardDraft:
    """Append a reward to the draft terms. Raises as `revise_reward`; at most 50 rewards."""
    row = editing.draft(campaign, actor, revision)
    created = create_draft(row, reward)
    editing.touch_terms(row)
    audit.record(actor=actor, action="campaign.reward_added", subject=f"campaign:{row.key}", reward=created.key)
    return created


@transaction.atomic
def revise_reward(*, reward: RewardDraft, actor: User, data: RewardInput, revision: int | None) -> RewardDraft:
    """Replace a drafted reward and its variants; keys stay.

    Raises `InvalidTerms` or `BadAmount` with the field named, `TermsLocked`, `StaleTerms`, `NotAllowed`.
    """
    row = editing.draft(reward.campaign, actor, revision)
    check(data, row.currency)
    write(reward, data)
    editing.touch_terms(row)
    audit.record(actor=actor, action="campaign.reward_revised", subject=f"campaign:{row.key}", reward=reward.key)
    return reward


@transaction.atomic
def describe(*, reward: RewardDraft, actor: User, locale: str, text: str) -> RewardDraft:
    """Put one language's description in place of what was there. Raises as `revise_reward`."""
    row = editing.draft(reward.campaign, actor, None)
    name = "description_zh" if locale == "zh-hans" else "description_en"
    if len(text) > 1000:
        raise InvalidTerms(_("At most %(count)d characters.") % {"count": 1000}, field=name)
    setattr(reward, name, text.strip())
    reward.save(update_fields=[name])
    editing.touch_terms(row)
    audit.record(actor=actor, action="campaign.reward_revised", subject=f"campaign:{row.key}", reward=reward.key)
    return reward


@transaction.atomic
def remove_reward_draft(*, reward: RewardDraft, actor: User, revision: int | None) -> None:
    """Take a reward out of the draft terms."""
    row = editing.draft(reward.campaign, actor, revision)
    audit.record(actor=actor, action="campaign.reward_removed", subject=f"campaign:{row.key}", reward=reward.key)
    reward.delete()
    editing.touch_terms(row)


@transaction.atomic
def renew_secret(*, reward: RewardDraft, actor: User) -> RewardDraft:
    """Give a secret reward another link; the one before opens nothing from now on. Before launch and after.

    Raises `InvalidTerms` for a reward that everybody sees, `NotAllowed`.
    """
    row = editing.owned(reward.campaign, actor)
    if not reward.secret:
        raise InvalidTerms(_("Everybody sees this reward: it has no link of its own."), field="secret")
    reward.secret_token = new_secret()
    reward.save(update_fields=["secret_token"])
    audit.record(actor=actor, action="campaign.secret_renewed", subject=f"campaign:{row.key}", reward=reward.key)
    return reward


@transaction.atomic
def reorder_rewards(*, campaign: Campaign, actor: User, keys: list[str], revision: int | None) -> None:
    """Put the rewards in the order of `keys`, which must name each of them once."""
    row = editing.draft(campaign, actor, revision)
    rewards = {reward.key: reward for reward in row.reward_drafts.all()}
    if sorted(keys) != sorted(rewards):
        raise InvalidTerms(_("The order must name every reward once."), field="keys")
    for position, key in enumerate(keys):
        rewards[key].position = position
    RewardDraft.objects.bulk_update(rewards.values(), ["position"])
    editing.touch_terms(row)


def create_draft(campaign: Campaign, data: RewardInput) -> RewardDraft:
    """The row of a new reward, checked; for this module and `amending`."""
    check(data, campaign.currency)
    if campaign.kind == CampaignKind.DONATION:
        raise InvalidTerms(_("A donation has no rewards."), field="rewards")
    drafts = campaign.reward_drafts
    if drafts.count() >= MAX_REWARDS:
        raise InvalidTerms(_("A campaign has %(count)d rewards at most.") % {"count": MAX_REWARDS}, field="rewards")
    last = drafts.aggregate(last=Max("position"))["last"]
    reward = RewardDraft(campaign=campaign, price=data.price, position=0 if last is None else last + 1)
    write(reward, data)
    return reward


def check(data: RewardInput, currency: str) -> None:
    """What is wrong with one reward by itself. Raises `InvalidTerms` or `BadAmount`, with the field named."""
    check_amount(data.price, field="price", minimum=1, currency=currency)
    if data.kind not in RewardKind.values:
        raise InvalidTerms(_("Choose what backers get."), field="kind")
    if not (data.title_en.strip() or data.title_zh.strip()):
        raise InvalidTerms(_("Give the reward a title."), field="title_en")
    for name, longest in (("title_en", 80), ("title_zh", 80), ("description_en", 1000), ("description_zh", 1000)):
        if len(getattr(data, name)) > longest:
            raise InvalidTerms(_("At most %(count)d characters.") % {"count": longest}, field=name)
    _check_count(data.quantity, "quantity")
    _check_count(data.per_person_limit, "per_person_limit")
    if data.quantity and data.per_person_limit and data.per_person_limit > data.quantity:
        raise InvalidTerms(_("One person can't have more than there are."), field="per_person_limit")
    if data.window_start and data.window_end and data.window_start >= data.window_end:
        raise InvalidTerms(_("The reward's time must end after it begins."), field="window_end")
    if data.delivery_month and data.delivery_month.day != 1:
        raise InvalidTerms(_("Give the month of delivery by its first day."), field="delivery_month")
    _check_shipping(data)
    _check_variants(data)


def _check_count(value: Any, name: str) -> None:
    if value is not None and (type(value) is not int or not 1 <= value <= MAX_QUANTITY):
        raise InvalidTerms(
            _("Enter a whole number from 1 to %(count)d, or leave it empty.") % {"count": MAX_QUANTITY}, field=name
        )


def _check_shipping(data: RewardInput) -> None:
    if data.shipping and data.kind != RewardKind.PHYSICAL:
        raise InvalidTerms(_("Only physical rewards are shipped."), field="shipping")
    for country, fee in data.shipping.items():
        if country != REST_OF_WORLD and not (len(country) == 2 and country.isascii() and country.isupper()):
            raise InvalidTerms(_("Name countries by their two-letter codes."), field="shipping")
        check_amount(fee, field="shipping")


def _check_variants(data: RewardInput) -> None:
    if len(data.variants) > MAX_VARIANTS:
        raise InvalidTerms(_("A reward has %(count)d variants at most.") % {"count": MAX_VARIANTS}, field="variants")
    if len(data.variants) == 1:
        raise InvalidTerms(_("One variant is no choice: add another, or leave them out."), field="variants")
    names = [(variant.name_en.strip(), variant.name_zh.strip()) for variant in data.variants]
    if any(not (en or zh) for en, zh in names) or len(set(names)) < len(names):
        raise InvalidTerms(_("Give each variant a name of its own."), field="variants")
    for variant in data.variants:
        _check_count(variant.quantity, "variants")
    counts = [variant.quantity for variant in data.variants if variant.quantity is not None]
    if data.quantity is not None and counts and max(counts) > data.quantity:
        raise InvalidTerms(_("A variant can't have more than the reward itself."), field="variants")


def write(reward: RewardDraft, data: RewardInput) -> None:
    """Store what was checked, for this module and `amending`; variants keep their keys."""
    for name in (
        "kind", "price", "description_en", "description_zh", "image", "is_addon", "quantity", "per_person_limit",
        "shipping", "delivery_month", "window_start", "window_end", "secret",
    ):  # fmt: skip
        setattr(reward, name, getattr(data, name))
    reward.title_en, reward.title_zh = data.title_en.strip(), data.title_zh.strip()
    reward.save()
    kept = {variant.key: variant for variant in reward.variants.all()}
    wanted = {variant.key for variant in data.variants if variant.key}
    if unknown := wanted - kept.keys():
        raise InvalidInput(_("No such variant: %(keys)s.") % {"keys": ", ".join(sorted(unknown))}, field="variants")
    reward.variants.exclude(key__in=wanted).delete()
    for position, variant in enumerate(data.variants):
        row = kept[variant.key] if variant.key else RewardVariantDraft(reward=reward)
        row.position, row.quantity = position, variant.quantity
        row.name_en, row.name_zh = variant.name_en.strip(), variant.name_zh.strip()
        row.save()
    # Read again where they were prefetched.
    getattr(reward, "_prefetched_objects_cache", {}).pop("variants", None)
