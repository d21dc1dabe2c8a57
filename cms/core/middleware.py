"""Request-wide concerns of the ground: one clock reading, and the language of the page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from cms.core import clock

GetResponse = Callable[[HttpRequest], HttpResponse]


class ClockMiddleware:
    """Read the clock's offset once per request, so that one request sees one present."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within one frame of the clock."""
        with clock.frame():
            return self.get_response(request)


class SiteLocaleMiddleware(LocaleMiddleware):
    """Django's, kept away from the API: its `Vary: Accept-Language` shreds shared caches."""

    def process_request(self, request: HttpRequest) -> None:
        """Choose the language of a page; an API answer has none."""
        if not request.path_info.startswith(("/api/", "/webhooks/")):
            super().process_request(request)
            self._asked_for(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Let pages vary by language, and nothing else."""
        if request.path_info.startswith(("/api/", "/webhooks/")):
            return response
        if chosen := getattr(request, "_chosen_language", None):
            response.set_cookie(
                settings.LANGUAGE_COOKIE_NAME, chosen, max_age=365 * 86400, samesite="Lax",
                secure=request.is_secure(), httponly=True,
            )  # fmt: skip
        if response.status_code == 404 and request.resolver_match is not None:
            return response  # that address exists, it shows nothing: no other language has it either
        return super().process_response(request, response)

    def _asked_for(self, request: HttpRequest) -> None:
        # `?lang=` on addresses that carry no language, such as those of the account; remembered in the cookie.
        asked = request.GET.get("lang", "")
        if asked in dict(settings.LANGUAGES) and not translation.get_language_from_path(request.path_info):
            translation.activate(asked)
            request.LANGUAGE_CODE = asked
            request._chosen_language = asked  # type: ignore[attr-defined]
