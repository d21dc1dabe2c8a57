"""What the public reads of one campaign, gathered in few queries."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.http import Http404

from campaigns.api.shapes import badge_data, category_data
from campaigns.models import Campaign, CampaignListing, CampaignPage, CampaignVersion, Category
from campaigns.selectors import approved_submission
from campaigns.services.keeping import kept_blocks
from cms.core.api import instant, money
from cms.core.clock import AppNow
from cms.core.prepared import Given, Prepared
from cms.images import streams
from cms.images.serializers import image_sources
from cms.images.shapes import pinned
from cms.users.models import User
from cms.users.selectors import badge_rows, badges_in, is_verified
from funding.models import Escrow, FeeSchedule, Reward
from funding.selectors import FundingNumbers, numbers_of

STORY_SECONDS = 3600


@dataclass(frozen=True)
class Shown:
    """A public campaign, the card of the language that is shown, and those of all its languages."""

    campaign: Campaign
    listing: CampaignListing
    listings: list[CampaignListing]


def shown(key: str, locale: str) -> Shown:
    """The campaign in a language, else in whichever there is; two queries. Raises `Http404` where it isn't public."""
    campaign = Campaign.objects.select_related("escrow", "creator", "category").filter(key=key).first()
    if campaign is None:
        raise Http404
    listings = list(CampaignListing.objects.filter(campaign=campaign, visible=True).order_by("locale"))
    listing = next((row for row in listings if row.locale == locale), next(iter(listings), None))
    if listing is None:
        raise Http404
    return Shown(campaign, listing, listings)


_SHOWN = Exists(CampaignListing.objects.filter(campaign__escrow=OuterRef("pk"), visible=True))
_ESCROW: Prepared[Any] = Prepared(Escrow.objects.filter(_SHOWN, key=Given("key")).annotate(now=AppNow()))


def live_numbers(key: str) -> FundingNumbers | None:
    """A campaign's numbers as they are now, in one query; None unless it is shown to everybody, in any language."""
    escrow = next(iter(_ESCROW.rows(key=key)), None)
    return None if escrow is None else numbers_of(escrow)


def _with_all() -> QuerySet[Any]:
    """The cards of a campaign, each with all that its detail shows."""
    versions = CampaignVersion.objects.filter(campaign=OuterRef("campaign_id"), locale=OuterRef("locale"))
    version = versions.order_by("-number").values(told=JSONObject(hash="hash", content="content"))[:1]
    return (
        CampaignListing.objects.filter(campaign__key=Given("key"), visible=True)
        .annotate(
            creator_display_name=F("campaign__creator__display_name"), creator_photo=F("campaign__creator__photo"),
            creator_bio=F("campaign__creator__bio"), branch_slug=F("campaign__category__slug"),
            branch_en=F("campaign__category__name_en"), branch_zh=F("campaign__category__name_zh"),
            escrow_state=F("campaign__escrow__state"), mode=F("campaign__escrow__mode"),
            promised_goal=F("campaign__escrow__goal"), promised_currency=F("campaign__escrow__currency"),
            ends=F("campaign__escrow__deadline"), fee_bps=F("campaign__escrow__platform_fee_bps"),
            version=Subquery(version), creator_kind=F("campaign__creator__payee_kind"),
            creator_badges=badge_rows(OuterRef("campaign__creator")),
        )
        .order_by("locale")
    )  # fmt: skip


_DETAIL = Prepared(_with_all())


def detail(key: str, locale: str) -> dict[str, Any]:
    """What `CampaignData` says, in a language, else in whichever there is; one query once it is launched.

    Raises `Http404` where it isn't public.
    """
    rows = _DETAIL.rows(key=key)
    row = next((row for row in rows if row.locale == locale), next(iter(rows), None))
    if row is None:
        raise Http404
    badges = badges_in(row.creator_badges)
    creator = User(display_name=row.creator_display_name, photo=row.creator_photo)
    category = Category(slug=row.branch_slug, name_en=row.branch_en, name_zh=row.branch_zh) if row.branch_slug else None
    return {
        "key": key,
        "kind": row.kind,
        "title": row.title,
        "summary": row.summary,
        "creator": {
            "key": row.creator_key or None, "verified": is_verified(row.creator_kind, badges),
            "badges": [badge_data(badge) for badge in badges], "name": creator.public_name,
            "photo": creator.photo.url if creator.photo else None, "bio": row.creator_bio,
        },
        "category": category_data(category, row.locale),
        **(_frozen_terms(row) if row.escrow_state else _approved_terms(row)),
        "locale": row.locale,
        "translations": [{"locale": row.locale, "title": row.title, "url": row.url_path} for row in rows],
        **_story(row),
    }  # fmt: skip


def _frozen_terms(row: Any) -> dict[str, Any]:
    currency = row.promised_currency
    return {
        "state": row.escrow_state, "mode": row.mode, "currency": currency,
        "goal": money(row.promised_goal, currency), "deadline": instant(row.ends), "fee_bps": row.fee_bps,
    }  # fmt: skip


def _approved_terms(row: Any) -> dict[str, Any]:
    terms = _approved(row.campaign)
    fees = FeeSchedule.objects.filter(scope="platform", effective_from__lte=AppNow()).order_by("-effective_from")
    fee = fees.values_list("platform_fee_bps", flat=True).first()
    return {
        "state": "prelaunch", "mode": terms["mode"], "currency": terms["currency"],
        "goal": money(terms["goal"], terms["currency"]), "deadline": _instant(terms["deadline"]), "fee_bps": fee or 0,
    }  # fmt: skip


def _approved(campaign: Campaign) -> dict[str, Any]:
    submission = approved_submission(campaign)
    if submission is None:
        raise Http404
    return submission.terms


def _story(row: Any) -> dict[str, Any]:
    """After launch what backers rely on; before it the published page."""
    if row.escrow_state and row.version:
        return {"version": row.version["hash"], **from_version(row.version["content"])}
    page = CampaignPage.objects.select_related("hero_image").get(pk=row.page_id)
    if page.live_revision_id is None:
        # Published without a revision: nothing would tell that it has changed.
        return {"version": None, **from_page(page)}
    name = f"api:story:{page.pk}:{page.live_revision_id}"
    if (kept := cache.get(name)) is None:
        kept = from_page(page)
        cache.set(name, kept, STORY_SECONDS)
    return {"version": None, **kept}


def from_page(page: CampaignPage) -> dict[str, Any]:
    """Picture, story and risks of a page as data."""
    return {
        "hero": image_sources(page.hero_image, page.hero_alt),
        "story": streams.render([page.story])[0],
        "risks": page.risks,
    }


def from_version(content: dict[str, Any]) -> dict[str, Any]:
    """Picture, story and risks of a version, in the shape that the story's blocks have everywhere else."""
    return {
        "hero": pinned(content["hero"]),
        "story": kept_blocks(content),
        "risks": content["risks"],
    }


def rewards(found: Shown, *, opened: Collection[str] = ()) -> list[dict[str, Any]]:
    """What `RewardData` says of each: as frozen, with their stock; before launch as approved. Two queries.

    Of secret ones, those that are `opened`.
    """
    escrow, locale = found.campaign.escrow, found.listing.locale
    if escrow is None:
        terms = _approved(found.campaign)
        return [planned(reward, terms["currency"], locale) for reward in terms["rewards"]
                if not reward["secret"] or reward["key"] in opened]  # fmt: skip
    seen = Q(secret=False) | Q(key__in=opened)
    rows = Reward.objects.filter(seen, escrow=escrow).prefetch_related("variants")
    return [_frozen(reward, escrow.currency, locale) for reward in rows]


def _frozen(reward: Reward, currency: str, locale: str) -> dict[str, Any]:
    variants = [
        _variant(v.key, v.name(locale), v.quantity, None if v.quantity is None else v.quantity - v.reserved - v.sold)
        for v in reward.variants.all()
    ]
    data = {
        "key": reward.key, "kind": reward.kind, "image": reward.image_url, "price": reward.price,
        "is_addon": reward.is_addon, "quantity": reward.quantity, "per_person_limit": reward.per_person_limit,
        "window_start": reward.window_start, "window_end": reward.window_end, "shipping": reward.shipping,
        "delivery_month": reward.delivery_month, "titles": reward.titles, "descriptions": reward.descriptions,
        "expected_month": reward.expected_month,
    }  # fmt: skip
    return _reward(data, currency, locale, variants=variants, remaining=reward.remaining)


def planned(terms: dict[str, Any], currency: str, locale: str) -> dict[str, Any]:
    """What `RewardData` says of a reward in snapshot terms, an approved one's or a draft's."""
    variants = [_variant(v["key"], _text(v["names"], locale), v["quantity"], v["quantity"]) for v in terms["variants"]]
    data = {
        **terms, "image": (terms["image"] or {}).get("src", ""),
        "window_start": _parsed(terms["window_start"]), "window_end": _parsed(terms["window_end"]),
        "delivery_month": date.fromisoformat(terms["delivery_month"]) if terms["delivery_month"] else None,
    }  # fmt: skip
    return _reward(data, currency, locale, variants=variants, remaining=terms["quantity"])


def _reward(
    data: dict[str, Any], currency: str, locale: str, *, variants: list[dict[str, Any]], remaining: int | None
) -> dict[str, Any]:
    # A reward with variants is gone when each of them is.
    gone = remaining == 0 or (bool(variants) and all(variant["sold_out"] for variant in variants))
    return {
        "key": data["key"],
        "title": _text(data["titles"], locale),
        "description": _text(data["descriptions"], locale),
        "image": data["image"] or None,
        "kind": data["kind"],
        "price": money(data["price"], currency),
        "is_addon": data["is_addon"],
        "quantity": data["quantity"],
        "remaining": remaining,
        "per_person_limit": data["per_person_limit"],
        "window": {"start": instant(data["window_start"]), "end": instant(data["window_end"])},
        "variants": variants,
        "shipping": {country: money(fee, currency) for country, fee in data["shipping"].items()},
        "delivery_month": f"{data['delivery_month']:%Y-%m}" if data["delivery_month"] else None,
        "expected_month": f"{data['expected_month']:%Y-%m}" if data.get("expected_month") else None,
        "sold_out": gone,
    }


def _variant(key: str, name: str, quantity: int | None, remaining: int | None) -> dict[str, Any]:
    return {"key": key, "name": name, "quantity": quantity, "remaining": remaining, "sold_out": remaining == 0}


def _text(texts: dict[str, str], locale: str) -> str:
    return texts.get(locale) or next((text for text in texts.values() if text), "")


def _parsed(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _instant(text: str | None) -> str | None:
    return instant(_parsed(text))
