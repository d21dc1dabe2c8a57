"""Terms as data: the snapshot that is reviewed, its hash, and what funding freezes at launch."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from campaigns.models import Campaign, RewardDraft, Submission
from campaigns.services import pinning
from cms.core.clock import now
from funding.services.opening import EscrowTerms, RewardTerms, VariantTerms


def digest(data: Any) -> str:
    """SHA-256 of the canonical JSON: keys sorted, no spaces, UTF-8."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def terms_of(campaign: Campaign) -> dict[str, Any]:
    """The draft terms with all rewards as JSON. Amounts in minor units; times UTC ISO 8601."""
    rewards = campaign.reward_drafts.select_related("image").prefetch_related("variants")
    return {
        "kind": campaign.kind,
        "category": campaign.category.slug if campaign.category else "",
        "currency": campaign.currency,
        "goal": campaign.goal,
        "mode": campaign.mode,
        "duration_days": campaign.duration_days,
        "deadline": _iso(campaign.deadline),
        "timezone": campaign.timezone,
        "rewards": [reward_data(reward) for reward in rewards],
    }


def _alt(reward: RewardDraft) -> str:
    # The same whoever freezes it: the terms have a hash.
    return reward.title_en or reward.title_zh or reward.key


def reward_data(reward: RewardDraft) -> dict[str, Any]:
    """One reward as JSON."""
    return {
        "key": reward.key,
        "kind": reward.kind,
        "titles": {"en": reward.title_en, "zh-hans": reward.title_zh},
        "descriptions": {"en": reward.description_en, "zh-hans": reward.description_zh},
        "image": pinning.pin(reward.image, pinning.REWARD, alt=_alt(reward)) if reward.image else None,
        "price": reward.price,
        "is_addon": reward.is_addon,
        "quantity": reward.quantity,
        "per_person_limit": reward.per_person_limit,
        "shipping": reward.shipping,
        "delivery_month": _iso(reward.delivery_month),
        "window_start": _iso(reward.window_start),
        "window_end": _iso(reward.window_end),
        "secret": reward.secret,
        "variants": [
            {"key": v.key, "names": {"en": v.name_en, "zh-hans": v.name_zh}, "quantity": v.quantity}
            for v in reward.variants.all()
        ],
    }


def reward_terms(data: dict[str, Any]) -> RewardTerms:
    """What funding freezes of one reward snapshot."""
    return RewardTerms(
        key=data["key"], kind=data["kind"], titles=data["titles"], descriptions=data["descriptions"],
        price=data["price"], is_addon=data["is_addon"], quantity=data["quantity"],
        per_person_limit=data["per_person_limit"], shipping=data["shipping"],
        delivery_month=date.fromisoformat(data["delivery_month"]) if data["delivery_month"] else None,
        window_start=_instant(data["window_start"]), window_end=_instant(data["window_end"]),
        variants=[VariantTerms(key=v["key"], names=v["names"], quantity=v["quantity"]) for v in data["variants"]],
        image_url=(data["image"] or {}).get("src", ""), secret=data["secret"],
    )  # fmt: skip


def escrow_terms(
    campaign: Campaign, submission: Submission, *, names: dict[str, str], deadline: datetime
) -> EscrowTerms:
    """What funding freezes of an approved submission; never of the draft beside it."""
    terms, creator = submission.terms, campaign.creator
    return EscrowTerms(
        key=campaign.key, creator=creator, kind=terms["kind"], names=names, currency=terms["currency"],
        goal=terms["goal"], mode=terms["mode"], deadline=deadline,
        payee_kind=creator.payee_kind or "person", jurisdiction=creator.country or "CN",
        rewards=[reward_terms(reward) for reward in terms["rewards"]],
    )  # fmt: skip


def deadline_of(terms: dict[str, Any]) -> datetime:
    """The instant at which pledging would end if it were launched now."""
    fixed = _instant(terms["deadline"])
    return fixed if fixed is not None else now() + timedelta(days=terms["duration_days"])


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
