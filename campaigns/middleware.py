"""A page of another creator doesn't exist in the admin, whichever view is asked for it.

Policies close listings; some stock views name a page before they ask for permission (moving, choosing several).
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from wagtail.models import Page

from campaigns.models import CampaignPage
from campaigns.policies import only_own_pages
from campaigns.querysets import oversees

_PAGE_ARGUMENTS = ("page_id", "page_to_move_id", "destination_id", "parent_page_id")
_PAGE_VIEWS = ("wagtailadmin_pages", "wagtailadmin_choose_page")


class OwnPagesMiddleware:
    """404 for addresses in the admin that name somebody else's campaign page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing here; the view's arguments decide."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: dict[str, Any]) -> None:
        """Before the view runs."""
        match = request.resolver_match
        if match is None:
            return
        name = match.namespaces[0] if match.namespaces else match.url_name or ""
        asked = set(_asked(request, name, kwargs)) if name.startswith(_PAGE_VIEWS) else set()
        # Only then who asks: to read it marks an answer as differing by cookie, which the API's caches need not be.
        if asked and request.user.is_authenticated and not oversees(request.user):
            named = CampaignPage.objects.filter(pk__in=asked)
            if only_own_pages(Page.objects.filter(pk__in=named.values("pk")), request.user).count() < named.count():
                raise Http404


def _asked(request: HttpRequest, name: str, kwargs: dict[str, Any]) -> Iterator[int]:
    yield from (int(kwargs[key]) for key in _PAGE_ARGUMENTS if str(kwargs.get(key, "")).isdigit())
    if name.startswith("wagtailadmin_choose_page"):
        yield from (int(pk) for pk in request.GET.getlist("id") if pk.isdigit())
