"""Lists of campaigns: browsed by facets, or found by words. (Here, since both are one address and words are ours.)"""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.browsing import CURSOR, FILTERS, LIMIT, LOCALE, browse_of, cards
from campaigns.api.shapes import CardPage
from campaigns.browsing import ORDERS, Browse, browse
from cms.core.api import Anonymous, Throttle, public
from cms.core.errors import InvalidInput
from search.selectors import MAX_QUERY, MAX_RESULTS, PAGE_SIZE, search_campaigns

WORDS = "Chinese or English words; Chinese is found inside sentences."


class SearchThrottle(Throttle.of("search")):  # type: ignore[misc]
    """Only searches count: browsing reads an index and may be cached."""

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count it if it has words."""
        return "q" not in request.GET or super().allow_request(request, view)


class Campaigns(Anonymous):
    """Cards of public campaigns."""

    throttle_classes = (SearchThrottle,)

    @extend_schema(
        operation_id="campaigns", tags=["campaigns"], responses=CardPage,
        parameters=[
            OpenApiParameter("q", str, description=f"{WORDS} Ordered by relevance then."), *FILTERS,
            OpenApiParameter("order", str, enum=list(ORDERS), description="`trending` unless given."),
            LOCALE, CURSOR, LIMIT,
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """A window on the list, one query however long it is."""
        asked = browse_of(request)
        if words := request.GET.get("q", "").strip():
            return _answer(*_search(words, asked))
        found = browse(asked)
        return _answer(found.listings, found.next_cursor or None)


class Search(Anonymous):
    """Campaigns by words."""

    throttle_classes = (SearchThrottle,)

    @extend_schema(
        operation_id="search",
        tags=["campaigns"],
        responses=CardPage,
        parameters=[OpenApiParameter("q", str, required=True, description=WORDS), *FILTERS, LOCALE, CURSOR],
    )
    def get(self, request: Request) -> Response:
        """Most relevant first."""
        words = request.GET.get("q", "").strip()
        if not words:
            raise InvalidInput(_("Give the words to look for."), field="q")
        return _answer(*_search(words, browse_of(request)))


def _search(words: str, asked: Browse) -> tuple[list[Any], str | None]:
    if "\x00" in words:
        raise InvalidInput(_("Give the words to look for."), field="q")
    if len(words) > MAX_QUERY:
        raise InvalidInput(_("Use at most %(most)d characters.") % {"most": MAX_QUERY}, field="q")
    page = _page(asked.cursor)
    found = search_campaigns(query=words, browse=asked, page=page)
    more = found.more and page * PAGE_SIZE < MAX_RESULTS
    return found.listings, str(page + 1) if more else None


def _page(cursor: str) -> int:
    # Relevance has no key to walk by; a search ends after so many results instead.
    if cursor and not (cursor.isascii() and cursor.isdigit() and 1 <= int(cursor[:9]) <= MAX_RESULTS // PAGE_SIZE):
        raise InvalidInput(_("That cursor is damaged. Start again without it."), field="cursor")
    return int(cursor or 1)


def _answer(rows: list[Any], next_cursor: str | None) -> Response:
    data = {"items": cards(rows), "next_cursor": next_cursor}
    return public(Response(data), seconds=5, shared=30)
