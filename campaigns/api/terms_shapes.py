"""Terms and rewards as creators send and get them."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from rest_framework import serializers

from campaigns.models import Campaign, RewardDraft
from campaigns.services import addresses
from campaigns.services.rewarding import RewardInput, VariantInput
from cms.core.api import Choice, Instant, Money, Shape, Strict, Text, Truth, WholeNumber, instant, money
from cms.core.errors import InvalidInput
from funding.api.shapes import CURRENCIES, MoneyInput
from funding.models.escrow import Mode
from funding.models.rewards import RewardKind


class TextsIn(Strict):
    """A text in both languages."""

    def get_fields(self) -> dict[str, Any]:
        """One each; a language's code is no name of Python's."""
        return {code: Text(required=False, allow_blank=True, max_length=1000) for code in ("en", "zh-hans")}


class Texts(Shape):
    """A text in both languages."""

    def get_fields(self) -> dict[str, Any]:
        """One each."""
        return {code: serializers.CharField(allow_blank=True) for code in ("en", "zh-hans")}


class TermsIn(Strict):
    """Terms; of `duration_days` and local `deadline` (`2027-03-01T20:00`, in `timezone`) the given one counts.

    `revision`, from the answer before, refuses to overwrite what somebody else has saved since.
    """

    goal = MoneyInput(required=False, allow_null=True)
    currency = Choice(CURRENCIES, required=False)
    mode = Choice(Mode.values, required=False)
    category = Text(required=False, allow_null=True, max_length=60)
    duration_days = WholeNumber(required=False, allow_null=True)
    deadline = Text(required=False, allow_null=True, max_length=32)
    timezone = Text(required=False, max_length=64)
    revision = WholeNumber(required=False, allow_null=True)


class VariantIn(Strict):
    """A size or colour; `key` names one that exists."""

    key = Text(required=False, allow_blank=True, max_length=20)
    names = TextsIn()
    quantity = WholeNumber(required=False, allow_null=True)


class WindowIn(Strict):
    """From when, until when."""

    start = Instant(required=False, allow_null=True)
    end = Instant(required=False, allow_null=True)


class RewardIn(Strict):
    """A reward; a new one needs `kind`, `titles` and `price`. `image` is a picture's id."""

    kind = Choice(RewardKind.values, required=False)
    titles = TextsIn(required=False)
    descriptions = TextsIn(required=False)
    price = MoneyInput(required=False)
    is_addon = Truth(required=False)
    quantity = WholeNumber(required=False, allow_null=True)
    per_person_limit = WholeNumber(required=False, allow_null=True)
    shipping = serializers.DictField(child=MoneyInput(), required=False)
    delivery_month = Text(required=False, allow_null=True, max_length=7)
    window = WindowIn(required=False, allow_null=True)
    variants = serializers.ListField(child=VariantIn(), required=False, max_length=30)
    image = WholeNumber(required=False, allow_null=True)
    reason = Text(required=False, allow_blank=True, max_length=500, help_text="After launch: for the public history.")
    secret = Truth(required=False, help_text="Absent from every public answer; only its link leads to it.")


class DeliveryIn(Strict):
    """Where a delivery moves: `2027-09`, and why. Backers read the reason."""

    month = Text(max_length=7)
    reason = Text(max_length=1000)


class DeliveryMoved(Shape):
    """What backers were told; `leave_until` where they may leave because of it."""

    reward = serializers.CharField()
    promised = serializers.CharField()
    month = serializers.CharField()
    reason = serializers.CharField()
    leave_until = Instant(allow_null=True)


class VariantDraftData(Shape):
    """A size or colour."""

    key = serializers.CharField()
    names = Texts()
    quantity = serializers.IntegerField(allow_null=True)


class DraftWindow(Shape):
    """From when, until when; null is open."""

    start = Instant(allow_null=True)
    end = Instant(allow_null=True)


class RewardDraftData(Shape):
    """A reward as drafted."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(RewardKind.values)
    titles = Texts()
    descriptions = Texts()
    price = Money()
    is_addon = serializers.BooleanField()
    quantity = serializers.IntegerField(allow_null=True)
    per_person_limit = serializers.IntegerField(allow_null=True)
    shipping = serializers.DictField(child=Money())
    delivery_month = serializers.CharField(allow_null=True)
    window = DraftWindow()
    variants = VariantDraftData(many=True)
    image = serializers.IntegerField(allow_null=True)
    secret = serializers.BooleanField()
    secret_url = serializers.CharField(allow_null=True, help_text="Whoever has it may choose the reward.")


class RewardDraftList(Shape):
    """All of them."""

    items = RewardDraftData(many=True)


class TermsData(Shape):
    """The draft terms. `deadline` is local to `timezone`, `deadline_utc` the instant."""

    goal = Money(allow_null=True)
    currency = serializers.ChoiceField(CURRENCIES)
    mode = serializers.ChoiceField(Mode.values)
    category = serializers.CharField(allow_null=True)
    duration_days = serializers.IntegerField(allow_null=True)
    deadline = serializers.CharField(allow_null=True)
    deadline_utc = Instant(allow_null=True)
    timezone = serializers.CharField()
    revision = serializers.IntegerField()
    editable = serializers.BooleanField()
    rewards = RewardDraftData(many=True)


def terms(row: Campaign) -> dict[str, Any]:
    """What `TermsData` says."""
    rewards = row.reward_drafts.select_related("campaign").prefetch_related("variants")
    local = row.deadline.astimezone(ZoneInfo(row.timezone)).replace(tzinfo=None) if row.deadline else None
    return {
        "goal": money(row.goal, row.currency) if row.goal else None,
        "currency": row.currency,
        "mode": row.mode,
        "category": row.category.slug if row.category else None,
        "duration_days": row.duration_days,
        "deadline": local.isoformat() if local else None,
        "deadline_utc": instant(row.deadline),
        "timezone": row.timezone,
        "revision": row.terms_revision,
        "editable": row.terms_editable,
        "rewards": [reward(drafted) for drafted in rewards],
    }


def reward(row: RewardDraft) -> dict[str, Any]:
    """What `RewardDraftData` says."""
    currency = row.campaign.currency
    return {
        "key": row.key,
        "kind": row.kind,
        "titles": {"en": row.title_en, "zh-hans": row.title_zh},
        "descriptions": {"en": row.description_en, "zh-hans": row.description_zh},
        "price": money(row.price, currency),
        "is_addon": row.is_addon,
        "quantity": row.quantity,
        "per_person_limit": row.per_person_limit,
        "shipping": {country: money(fee, currency) for country, fee in row.shipping.items()},
        "delivery_month": f"{row.delivery_month:%Y-%m}" if row.delivery_month else None,
        "window": {"start": instant(row.window_start), "end": instant(row.window_end)},
        "variants": [
            {"key": v.key, "names": {"en": v.name_en, "zh-hans": v.name_zh}, "quantity": v.quantity}
            for v in row.variants.all()
        ],
        "image": row.image_id,
        "secret": row.secret,
        "secret_url": addresses.secret(row.campaign.key, row.secret_token) if row.secret else None,
    }


def as_input(row: RewardDraft) -> RewardInput:
    """A drafted reward as its creator would type it."""
    variants = [VariantInput(v.name_en, v.name_zh, v.quantity, v.key) for v in row.variants.all()]
    names = [field for field in RewardInput.__dataclass_fields__ if field != "variants"]
    return RewardInput(**{name: getattr(row, name) for name in names}, variants=variants)


def variant_input(data: dict[str, Any]) -> VariantInput:
    """A validated `VariantIn`."""
    names = data["names"]
    return VariantInput(names.get("en", ""), names.get("zh-hans", ""), data.get("quantity"), data.get("key", ""))


def first_of(month: str) -> date:
    """The first day of `2027-09`. Raises `InvalidInput`."""
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError as error:
        raise InvalidInput(_("Enter the month like 2027-09."), field="delivery_month") from error
