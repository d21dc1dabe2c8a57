"""Articles, stories and reports: the latest, one in full, and what stands below it."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import get_language
from wagtail.models import Page

from campaigns.models import CampaignListing, CampaignPage
from campaigns.views import cards
from cms.images import streams
from cms.images.serializers import image_sources
from home.models import WRITTEN, ArticleIndexPage, StoryPage, WrittenPage
from home.models.curation import NOT_FEATURED
from home.numbers import campaign_figures

PER_PAGE = 12
BELOW = 3
KIND_OF = {model: kind for kind, model in WRITTEN.items()}


def index_url(locale: str) -> str:
    """Where the magazine of a language is; empty where there is none."""
    page = ArticleIndexPage.objects.live().filter(locale__language_code=locale).order_by("path").first()
    return page.url or "" if page else ""


def latest(locale: str, *, kinds: Iterable[str] = WRITTEN, count: int, skip: int = 0) -> list[WrittenPage]:
    """The newest live public pages of these kinds; two queries a kind."""
    found: list[WrittenPage] = []
    for kind in kinds:
        found += _public(WRITTEN[kind].objects.all(), locale).order_by("-first_published_at", "-pk")[: skip + count]
    found.sort(key=lambda page: (page.first_published_at, page.pk), reverse=True)
    return found[skip : skip + count]


def _public(pages: Any, locale: str) -> QuerySet[Any]:
    shown = pages.live().public().filter(locale__language_code=locale)
    joined = ["hero_image", "category", "locale"] + (["campaign__escrow"] if pages.model is StoryPage else [])
    return shown.select_related(*joined).prefetch_related("hero_image__renditions")


def page_cards(pages: Iterable[WrittenPage]) -> list[dict[str, Any]]:
    """The context of components/page_card.html; a story's numbers are its campaign's of now."""
    return [
        {
            "kind": KIND_OF[type(page)],
            "title": page.title,
            "intro": page.introduction,
            "url": page.url,
            "image": image_sources(page.hero_image, page.hero_alt),
            "category": page.category.name(get_language() or "en") if page.category else "",
            "figures": story_figures(page) if isinstance(page, StoryPage) else [],
        }
        for page in pages
    ]


def story_figures(page: StoryPage) -> list[dict[str, Any]]:
    """What its campaign raised, of its goal, from how many: as the escrow has it at this moment."""
    return campaign_figures(page.campaign.escrow)


def written_context(page: WrittenPage) -> dict[str, Any]:
    """The context of pages/written.html."""
    published = page.first_published_at or timezone.now()
    story = isinstance(page, StoryPage)
    return {
        "kind": KIND_OF[type(page)],
        "title": page.title,
        "intro": page.introduction,
        "byline": page.byline,
        "image": image_sources(page.hero_image, page.hero_alt),
        "category": page.category.name(get_language() or "en") if page.category else "",
        "published": published,
        "published_text": formats.date_format(timezone.localtime(published), "DATE_FORMAT"),
        "index": page.get_parent(),
        "story": streams.render([page.body])[0],
        "figures": story_figures(page) if story else [],
        "campaign": next(iter(cards.cards(_listing(page))), None) if story else None,
        **below(page),
    }


def _listing(page: StoryPage) -> QuerySet[CampaignListing]:
    return CampaignListing.objects.visible(page.locale.language_code).filter(campaign=page.campaign_id)


def below(page: WrittenPage) -> dict[str, Any]:
    """`{pages, cards}` to read next: what editors pinned, in their order, else of the same category, else the latest.

    A pinned page is shown in the reader's language where it exists; what is not public any more falls out.
    """
    locale = page.locale.language_code
    pinned = [block.value.pk for block in page.related if block.value is not None]
    if pinned:
        return _pinned(pinned, locale)
    branch = Q(category=page.category_id) | Q(category__parent=page.category_id) if page.category_id else Q()
    pages = [found for found in _of(branch, locale, page) if found.pk != page.pk][:BELOW]
    rows = CampaignListing.objects.visible(locale).exclude(state__in=NOT_FEATURED)
    if page.category is not None:
        slug = page.category.slug
        rows = rows.filter(Q(category_slug=slug) | Q(category_root=slug)).order_by("-trend", "-pk")[:BELOW]
    else:
        rows = rows.none()
    return {"pages": page_cards(pages), "cards": cards.cards(rows)}


def _of(branch: Q, locale: str, page: WrittenPage) -> list[WrittenPage]:
    found: list[WrittenPage] = []
    for model in WRITTEN.values():
        rows = _public(model.objects.filter(branch), locale).exclude(pk=page.pk)
        found += rows.order_by("-first_published_at", "-pk")[: BELOW + 1]
    return sorted(found, key=lambda one: (one.first_published_at, one.pk), reverse=True)


def _pinned(pks: Sequence[int], locale: str) -> dict[str, Any]:
    keys = dict(Page.objects.filter(pk__in=pks).values_list("pk", "translation_key"))
    order = [keys[pk] for pk in pks if pk in keys]
    pages = [
        page for model in WRITTEN.values() for page in _public(model.objects.filter(translation_key__in=order), locale)
    ]
    pages.sort(key=lambda page: order.index(page.translation_key))
    told = CampaignPage.objects.filter(translation_key__in=order, locale__language_code=locale)
    place = {pk: order.index(key) for pk, key in told.values_list("campaign_id", "translation_key")}
    rows = CampaignListing.objects.visible(locale).exclude(state__in=NOT_FEATURED).filter(campaign__in=place)
    return {"pages": page_cards(pages), "cards": cards.cards(sorted(rows, key=lambda row: place[row.campaign_id]))}


def magazine_context(page: ArticleIndexPage, *, kind: str = "", number: int = 1) -> dict[str, Any]:
    """The context of pages/magazine.html: one screen of it, by kind."""
    locale = page.locale.language_code
    kinds = [kind] if kind in WRITTEN else list(WRITTEN)
    skip = (number - 1) * PER_PAGE
    found = latest(locale, kinds=kinds, count=PER_PAGE + 1, skip=skip)
    query = f"kind={kind}&" if kind in WRITTEN else ""
    return {
        "title": page.title,
        "intro": page.introduction,
        "kind": kind if kind in WRITTEN else "",
        "kinds": list(WRITTEN),
        "pages": page_cards(found[:PER_PAGE]),
        "pager": {
            "previous_url": f"?{query}page={number - 1}" if number > 1 else "",
            "next_url": f"?{query}page={number + 1}" if len(found) > PER_PAGE else "",
        },
    }
