"""The campaigns index: facets, cards, a cursor."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest
from django.utils.translation import get_language

from campaigns.browsing import browse
from campaigns.models import Category
from campaigns.views.cards import cards
from campaigns.views.facets import chosen, facets, request_of
from cms.core.errors import InvalidInput


def index_context(request: HttpRequest, *, title: str, text: str) -> dict[str, Any]:
    """The context of pages/campaign_index.html. An unknown category or a damaged address is a 404."""
    choice = chosen(request.GET)
    locale = get_language() or "en"
    category = Category.objects.filter(slug=choice["category"]).first() if "category" in choice else None
    if "category" in choice and category is None:
        raise Http404
    try:
        found = browse(request_of(choice, locale=locale, cursor=request.GET.get("cursor", "")))
    except InvalidInput as error:
        raise Http404 from error
    following = urlencode({**choice, "cursor": found.next_cursor})
    return {
        "title": category.name(locale) if category else title,
        "text": text,
        "action": request.path,
        "facets": facets(choice),
        "cards": cards(found.listings),
        "reset_url": request.path if choice else "",
        "pager": {
            "previous_url": f"?{urlencode(choice)}" if "cursor" in request.GET else "",
            "next_url": f"?{following}" if found.next_cursor else "",
        },
    }
