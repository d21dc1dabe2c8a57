"""The search page."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext

from campaigns.views.cards import cards
from campaigns.views.facets import chosen, facets, request_of
from cms.core.errors import InvalidInput
from search.selectors import MAX_QUERY, search_campaigns


def search(request: HttpRequest) -> HttpResponse:
    """Results for `?q=` within the chosen facets; without a query, only the form."""
    query = request.GET.get("q", "").strip()[:MAX_QUERY]
    choice = chosen(request.GET, names=("category", "kind", "state"))
    try:
        page = max(1, min(int(request.GET.get("page", "1")), 25))
    except ValueError:
        page = 1
    results: dict[str, Any] = {
        "query": query,
        "action": reverse("search"),
        "facets": facets(choice, names=("category", "kind", "state")),
    }
    status = 200
    try:
        found = search_campaigns(query=query, browse=request_of(choice, locale=get_language() or "en"), page=page)
    except InvalidInput as error:
        results["error"], status = str(error), 400
    else:
        here = {"q": query, **choice}
        count = len(found.listings)
        results |= {
            "cards": cards(found.listings),
            "count_text": gettext("More than %(n)d campaigns") % {"n": page * count}
            if found.more
            else ngettext("%(n)d campaign", "%(n)d campaigns", count) % {"n": count},
            "pager": {
                "previous_url": f"?{urlencode({**here, 'page': page - 1})}" if page > 1 else "",
                "next_url": f"?{urlencode({**here, 'page': page + 1})}" if found.more else "",
            },
        }
    return render(request, "pages/search.html", {"results": results}, status=status)
