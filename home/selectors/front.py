"""What the home page shows, section by section, in the editors' order."""

from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from wagtail.models import Page

from campaigns.browsing import ORDERS
from campaigns.models import CampaignListing, Category
from campaigns.views import cards, places
from cms.core.clock import AppNow
from cms.images import streams
from home.blocks import USUAL
from home.models import HomePage
from home.models.curation import SlotKind
from home.selectors import magazine
from home.selectors.featured import featured_now

Section = dict[str, Any]


class _Page:
    """A home page being laid out: a campaign that a row before has shown is not shown by the next."""

    def __init__(self, locale: str) -> None:
        self.locale = locale
        self.shown: set[int] = set()

    def featured(self, value: Section) -> Section:
        """The slots of now; the first one large where it is wanted."""
        found = featured_now(self.locale)
        self.shown |= {row.listing.campaign_id for row in found if row.listing}
        told = [
            {**card, "paid": row.slot.kind == SlotKind.PAID}
            for row, card in zip(found, cards.cards([row.listing for row in found if row.listing]), strict=True)
        ]
        lead = told.pop(0) if told and value.get("lead") else None
        return {"title": value["title"] or gettext("Chosen by our editors"), "lead": lead, "cards": told}

    def campaigns(self, value: Section) -> Section:
        """A row in one of the index's orders, with the way to all of it."""
        order, category = value["order"], value["category"]
        rows = CampaignListing.objects.visible(self.locale).exclude(campaign__in=self.shown)
        if category:
            rows = rows.filter(category_root=category)
        rows = rows.filter(**_OPEN) if ORDERS[order].open_only else rows
        rows = rows.exclude(launched_at=None) if order == "newest" else rows
        found = list(rows.order_by(*_ORDERED[order])[: value["count"] or 3])
        self.shown |= {row.campaign_id for row in found}
        query = f"order={order}" + (f"&category={category}" if category else "")
        title, label = _row_words(order)
        url = f"{places.index_url()}?{query}"
        return {"title": value["title"] or title, "url": url, "url_label": label, "cards": cards.cards(found)}

    def categories(self, value: Section) -> Section:
        """The top of the tree."""
        return {"title": value["title"] or gettext("By category"), "categories": category_links(self.locale)}

    def stories(self, value: Section) -> Section:
        """The latest, each with its campaign's numbers."""
        pages = magazine.latest(self.locale, kinds=["story"], count=value["count"] or 3)
        return {"title": value["title"] or gettext("What came of it"), "pages": magazine.page_cards(pages)}

    def articles(self, value: Section) -> Section:
        """The latest articles and reports, or one kind of them."""
        kinds = [value["kind"]] if value["kind"] else ["article", "report"]
        pages = magazine.latest(self.locale, kinds=kinds, count=value["count"] or 3)
        told = {"title": value["title"] or gettext("From the magazine"), "pages": magazine.page_cards(pages)}
        return {**told, "url": magazine.index_url(self.locale), "url_label": gettext("All of it")}

    def hero(self, value: Section) -> Section:
        """With the address that its button leads to."""
        page = Page.objects.live().filter(pk=value["page"]).first() if value["page"] else None
        return {**value, "url": page.url if page else ""}

    def money(self, value: Section) -> Section:
        """Three lines on where the money waits."""
        path = [
            {"text": gettext("You pay, and the money waits with us. The creator can't touch it yet."), "state": "now"},
            {"text": gettext("Goal reached: after a cooling-off time it goes to the creator."), "state": "ahead"},
            {"text": gettext("Goal missed: all of it goes back to you, by itself."), "state": "ahead"},
        ]
        title = value["title"] or gettext("What happens to your money")
        return {"title": title, "path": path, "start_url": reverse("become_creator")}

    def section(self, block: Section) -> Section:
        """One block with what it shows; those that need nothing more stay as they are."""
        build = getattr(self, block["type"], None)
        return {**block, "value": build(block["value"]) if build else block["value"]}


_ORDERED = {
    "ending": ("deadline", "pk"), "newest": ("-launched_at", "-pk"), "trending": ("-trend", "-pk"),
    "most_funded": ("-percent_bps", "-pk"),
}  # fmt: skip
_OPEN = {"state": "open", "deadline__gt": AppNow()}


def _row_words(order: str) -> tuple[str, str]:
    return {
        "ending": (gettext("Ending soon"), gettext("All by deadline")),
        "newest": (gettext("New"), gettext("All by date")),
        "trending": (gettext("Trending"), gettext("All that move")),
        "most_funded": (gettext("Beyond their goal"), gettext("All by success")),
    }[order]


def home_context(*, page: HomePage) -> dict[str, Any]:
    """The context of pages/home.html."""
    layout = _Page(get_language() or "en")
    chosen = streams.render([page.body])[0] if page.body else list(USUAL)
    opened = bool(chosen) and chosen[0]["type"] == "hero"
    return {
        "title": page.headline or page.title,
        "text": page.introduction,
        "opened": opened,
        "sections": [layout.section(block) for block in chosen],
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
