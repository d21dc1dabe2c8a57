"""The host of documents, where there is one, shows documents and nothing else."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.http.response import HttpResponseBase


class DocumentsHostMiddleware:
    """Nobody is signed in there, and no page of ours runs beside what somebody uploaded."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer for documents only."""
        own = urlsplit(settings.DOCUMENTS_URL).netloc
        if own and request.get_host() == own and not request.path_info.startswith("/documents/"):
            missing: HttpResponse = HttpResponseNotFound()
            return missing
        return self.get_response(request)
