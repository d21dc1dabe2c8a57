"""The front door's parts of every page's frame: ways in, categories, languages, footer."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language, gettext

from campaigns.models import Category
from campaigns.views.places import index_url
from cms.core import chrome
from cms.users import roles
from home.models import ContentPage

KEPT_SECONDS = 60


def register() -> None:
    """Called once, when the app is ready."""
    chrome.provide("explore_url", lambda _request: index_url())
    chrome.provide("search_url", lambda _request: reverse("search"))
    chrome.provide("query", lambda request: request.GET.get("q", "")[:200])
    chrome.provide("categories", lambda _request: kept(categories))
    chrome.provide("languages", languages)
    chrome.provide("footer", lambda _request: kept(footer))
    chrome.provide("demo", demo)


def kept(part: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """A part that is the same for everybody, kept for a minute in each language."""
    name = f"chrome:{part.__name__}:{get_language()}"
    found = cache.get(name)
    if found is None:
        found = part()
        cache.set(name, found, KEPT_SECONDS)
    return found


def categories() -> list[dict[str, Any]]:
    """The top of the category tree."""
    locale = get_language() or "en"
    return [
        {"title": category.name(locale), "url": f"{index_url()}?category={category.slug}"}
        for category in Category.objects.filter(parent=None)
    ]


def languages(request: HttpRequest) -> list[dict[str, Any]]:
    """This same place in each language; of a Wagtail page its own translation, whose slug may differ."""
    links = chrome.languages(request)
    route = getattr(request, "_wagtail_route_for_request", None)
    if route is None:
        return links
    translations = route.page.get_translations(inclusive=True).live().select_related("locale")
    urls = {translation.locale.language_code: translation.get_url(request) for translation in translations}
    query = request.META.get("QUERY_STRING", "")
    for link in links:
        url = urls.get(link["code"])
        link["url"] = f"/{link['code']}/" if url is None else f"{url}?{query}" if query else url
    return links


def footer() -> list[dict[str, Any]]:
    """Where else one may go."""
    explore = [
        {"title": gettext("All campaigns"), "url": index_url()},
        {"title": gettext("Ending soon"), "url": f"{index_url()}?order=ending"},
        {"title": gettext("Start a campaign"), "url": reverse("become_creator")},
        {"title": gettext("The books, signed"), "url": reverse("proof")},
    ]
    pages = ContentPage.objects.live().filter(locale__language_code=get_language(), depth=3).order_by("path")
    about = [{"title": page.title, "url": page.url} for page in pages]
    columns = [{"title": gettext("Explore"), "links": explore}]
    return [*columns, {"title": gettext("About"), "links": about}] if about else columns


def demo(request: HttpRequest) -> dict[str, Any] | None:
    """The demo's banner; who holds the finance role may move time."""
    banner = chrome.demo(request)
    user = getattr(request, "user", None)
    if banner is not None and settings.CLOCK_MOVABLE and user is not None and roles.has_role(user, roles.FINANCE):
        banner["advance_url"] = chrome.url("funding_desk:time")
    return banner
