"""What the front door shows: featured campaigns, what ends soon, what is new; and the frame of every page."""

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from campaigns.models import CampaignListing, Category
from campaigns.views import cards, places
from cms.core.clock import AppNow
from home.models import FeaturedSlot, HomePage

SECTION_SIZE = 6


def featured_listings(locale: str) -> list[CampaignListing]:
    """What editors chose for now, in their order; suspended and hidden campaigns fall out."""
    order = list(FeaturedSlot.objects.current().values_list("campaign_id", flat=True))
    shown = (
        CampaignListing.objects.visible(locale)
        .exclude(state__in=["on_hold", "cancelling"])
        .filter(campaign_id__in=order)
    )
    return sorted(shown, key=lambda listing: order.index(listing.campaign_id))


def home_context(*, page: HomePage) -> dict[str, Any]:
    """The context of pages/home.html."""
    locale = get_language() or "en"
    featured = featured_listings(locale)
    everything = CampaignListing.objects.visible(locale)
    open_now = everything.filter(state="open", deadline__gt=AppNow())
    ending = list(open_now.order_by("deadline", "pk")[:3])
    shown = {listing.pk for listing in [*featured, *ending]}
    newest = everything.exclude(pk__in=shown).exclude(launched_at=None).order_by("-launched_at", "-pk")[:SECTION_SIZE]
    index_url = places.index_url()
    picks = cards.cards(featured)
    return {
        "title": page.headline or page.title,
        "text": page.introduction,
        "lead": picks[0] if picks else None,
        "sections": [
            {"title": gettext("Chosen by our editors"), "cards": picks[1:]},
            {
                "title": gettext("Ending soon"),
                "url": f"{index_url}?order=ending",
                "url_label": gettext("All by deadline"),
                "cards": cards.cards(ending),
            },
            {
                "title": gettext("New"),
                "url": f"{index_url}?order=newest",
                "url_label": gettext("All by date"),
                "cards": cards.cards(newest),
            },
        ],
        "categories": category_links(locale),
        "path": [
            {"text": gettext("You pay, and the money waits with us. The creator can't touch it yet."), "state": "now"},
            {"text": gettext("Goal reached: after a cooling-off time it goes to the creator."), "state": "ahead"},
            {"text": gettext("Goal missed: all of it goes back to you, by itself."), "state": "ahead"},
        ],
        "start_url": reverse("become_creator"),
    }


def category_links(locale: str) -> list[dict[str, Any]]:
    """The top of the category tree with how many campaigns each branch holds."""
    counted = CampaignListing.objects.visible(locale).values_list("category_root").annotate(n=Count("pk"))
    counts = dict(counted)
    return [
        {
            "title": category.name(locale),
            "url": f"{places.index_url()}?category={category.slug}",
            "count_text": ngettext("%(n)d campaign", "%(n)d campaigns", counts.get(category.slug, 0))
            % {"n": counts.get(category.slug, 0)},
        }
        for category in Category.objects.filter(parent=None)
    ]
