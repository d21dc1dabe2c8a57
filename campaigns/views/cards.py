"""Cards: what a list shows of a campaign, from its listing row alone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, get_language_info

from campaigns.models import CampaignListing, Category
from campaigns.views import wording
from cms.core import clock
from funding.money import format_money


def card(listing: CampaignListing, *, now: datetime, categories: dict[str, Category]) -> dict[str, Any]:
    """The context of components/card.html."""
    category = categories.get(listing.category_slug)
    language = get_language() or "en"
    return {
        "url": listing.url_path,
        "title": listing.title,
        "summary": listing.summary,
        "creator_name": listing.creator_name,
        "verified": listing.creator_verified,
        "category": category.name(language) if category else "",
        "image": listing.image,
        "raised": format_money(listing.raised, listing.currency),
        "goal": format_money(listing.goal, listing.currency),
        "percent": listing.percent_bps // 100,
        "days_left_text": wording.listing_left_text(listing, now),
        "state": listing.state,
        "state_label": wording.state_label(listing.state, reached=listing.raised >= listing.goal),
        "lang": "" if listing.locale == language else listing.locale,
        "language": "" if listing.locale == language else get_language_info(listing.locale)["name_local"],
    }


def cards(listings: Iterable[CampaignListing]) -> list[dict[str, Any]]:
    """Cards of several listings; two queries however many there are."""
    now = clock.now()
    categories = {category.slug: category for category in Category.objects.all()}
    return [card(listing, now=now, categories=categories) for listing in listings]
