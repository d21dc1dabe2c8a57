"""Where stock views of the admin don't ask enough of a campaign's page.

Another creator's doesn't exist, whichever view is asked for it: policies close listings, but some stock views name a
page before they ask for permission (moving, choosing several). What is refused is told, and one form makes one page.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import resolve, reverse
from wagtail.admin import messages
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Page

from campaigns.models import CampaignPage
from campaigns.models.pages import PageBegunAlready
from campaigns.permitting import only_own_pages
from campaigns.querysets import oversees
from cms.core.errors import Refusal

_PAGE_ARGUMENTS = ("page_id", "page_to_move_id", "destination_id", "parent_page_id")
_PAGE_VIEWS = ("wagtailadmin_pages", "wagtailadmin_explore", "wagtailadmin_choose_page")


class OwnPagesMiddleware:
    """404 for addresses in the admin that name somebody else's campaign page, or a template."""

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
            named = Page.objects.filter(pk__in=asked)
            if only_own_pages(named, request.user).count() < named.count():
                raise Http404


class AdminRefusalsMiddleware:
    """What a stock view of the admin didn't expect a model or a service to refuse is told in a sentence."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Nothing here; only refusals are taken up."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The sentence above the page that it is about, however it was asked for."""
        if not isinstance(exception, Refusal) or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        if isinstance(exception, PageBegunAlready):
            return _saved_there(request, exception.page)
        if not request.accepts("text/html"):
            told = {"success": False, "error_code": exception.code, "error_message": str(exception)}
            return JsonResponse(told, status=exception.status)
        messages.error(request, str(exception))
        page = request.resolver_match.kwargs.get("page_id") if request.resolver_match else None
        address = reverse("wagtailadmin_pages:edit", args=[page]) if page else reverse("wagtailadmin_home")
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            done = {"step": "success", "redirect": address}
            answer: HttpResponse = render_modal_workflow(request, "", None, {}, json_data=done)
            return answer
        return redirect(address)


def _saved_there(request: HttpRequest, page: CampaignPage) -> HttpResponse:
    """The form of a new page that was sent already, by autosave: the same request, at the address of what it made."""
    request.resolver_match = match = resolve(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
    return answer


def _asked(request: HttpRequest, name: str, kwargs: dict[str, Any]) -> Iterator[int]:
    yield from (int(kwargs[key]) for key in _PAGE_ARGUMENTS if str(kwargs.get(key, "")).isdigit())
    if name.startswith("wagtailadmin_choose_page"):
        yield from (int(pk) for pk in request.GET.getlist("id") if pk.isdigit())
