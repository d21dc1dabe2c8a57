"""Request-wide concerns of the ground: one clock reading, and the language of the page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware

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

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Let pages vary by language, and nothing else."""
        if request.path_info.startswith(("/api/", "/webhooks/")):
            return response
        return super().process_response(request, response)
