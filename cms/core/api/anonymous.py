"""Answers that are the same for everybody, and conditional requests for them."""

import hashlib
import time
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from cms.core.api.views import ApiView

# No answer allows a browser to keep it for less.
FRESH = 1.0  # seconds
# Of addresses and headers together; whoever makes up long ones doesn't fill the memory.
MOST_BYTES = 4_000_000
LONGEST_ADDRESS = 2_000
ENTRY = 500  # what one takes besides its texts
KEPT = ("ETag", "Cache-Control", "Content-Language")


class Recent:
    """The validators that addresses answered with within the last second.

    Each process remembers its own: there is no shared cache to be down, nothing to invalidate, and nothing older than
    browsers were allowed to keep. Only headers are kept; bodies are always read anew.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Mapping[str, str]]] = {}
        self._bytes = 0

    def headers(self, address: str) -> Mapping[str, str] | None:
        """What an address answered with, if that is fresh."""
        until, headers = self._kept.get(address, (0.0, None))
        return headers if time.monotonic() < until else None

    def remember(self, address: str, response: HttpResponse) -> None:
        """Keep the validator of an answer for a second."""
        if len(address) > LONGEST_ADDRESS:
            return
        headers = {name: response.headers[name] for name in KEPT if name in response.headers}
        size = 0 if address in self._kept else ENTRY + len(address) + sum(map(len, headers.values()))
        if self._bytes + size > MOST_BYTES:
            self.forget()
        self._kept[address] = (time.monotonic() + FRESH, headers)
        self._bytes += size

    def forget(self) -> None:
        """Start anew."""
        self._kept.clear()
        self._bytes = 0


recent = Recent()


class Anonymous(ApiView):
    """The same for everybody: nobody is asked who they are, so every cache may keep it.

    A 200 carries a strong ETag, made of its own bytes unless the view knows better. Whoever sends it back within a
    second of anybody's asking has the 304 before any work; later the answer is worked out again and only its body
    is saved.
    """

    authentication_classes = ()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer 304 where nothing has changed."""
        if request.method not in ("GET", "HEAD"):
            return super().dispatch(request, *args, **kwargs)
        address = f"{request.headers.get('Host', '')}{request.get_full_path()}"
        asked = "If-None-Match" in request.headers
        if asked and (headers := recent.headers(address)) is not None:
            known = HttpResponse(headers=dict(headers))
            if (same := _conditional(request, known)) is not known:
                return same
        response = super().dispatch(request, *args, **kwargs)
        if not isinstance(response, HttpResponse) or response.status_code != 200:
            return response
        if "ETag" not in response.headers:
            if isinstance(response, SimpleTemplateResponse):
                response.render()
            response["ETag"] = tag(response.content)
        recent.remember(address, response)
        return _conditional(request, response)


def tag(content: bytes) -> str:
    """A strong ETag of what it stands for."""
    return quote_etag(hashlib.blake2b(content, digest_size=16).hexdigest())


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    return response if answer is None else answer
