"""Handing out uploaded files: papers to download, films and sounds to play, in ranges; never a page of our own."""

import re
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail import hooks

from cms.images.inspecting import FileKind
from cms.images.models import Document

_RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")
_CHUNK = 256 * 1024


@require_safe
def serve(request: HttpRequest, document_id: int, document_filename: str) -> HttpResponseBase:
    """A file at its unguessable address. Wagtail's collection restrictions hold; its name must be right."""
    document = get_object_or_404(Document, pk=document_id)
    if document.filename != document_filename:
        raise Http404
    if (elsewhere := _elsewhere(request, document)) is not None:
        return elsewhere
    for hook in hooks.get_hooks("before_serve_document"):
        if isinstance(answer := hook(document, request), HttpResponse):
            return answer
    response = _conditional(request, document) or _ranged(request, document)
    return _guarded(response, document)


def _elsewhere(request: HttpRequest, document: Document) -> HttpResponse | None:
    """Papers have a host of their own, where there is one, and that host has nothing else."""
    own = urlsplit(settings.DOCUMENTS_URL).netloc
    if not own:
        return None
    is_paper, is_there = document.kind == FileKind.DOCUMENT, request.get_host() == own
    if is_paper and not is_there:
        return HttpResponseRedirect(document.url)
    if is_there and not is_paper:
        raise Http404
    return None


def _conditional(request: HttpRequest, document: Document) -> HttpResponse | None:
    return HttpResponse(status=304) if request.headers.get("If-None-Match") == _tag(document) else None


def _tag(document: Document) -> str:
    return f'"{document.sha256}"'


def _ranged(request: HttpRequest, document: Document) -> HttpResponseBase:
    size = document.file.size
    asked = request.headers.get("Range", "")
    if asked and request.headers.get("If-Range", _tag(document)) == _tag(document) and (found := _RANGE.match(asked)):
        begin, end = _bounds(found[1], found[2], size)
        if begin is None:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        return _part(request, document, begin, end, status=206, of=size)
    return _part(request, document, 0, size - 1, status=200, of=size)


def _bounds(first: str, last: str, size: int) -> tuple[int | None, int]:
    """The first and the last byte that were asked for; None where there are none such."""
    if not first:
        length = int(last or 0)
        return (max(0, size - length), size - 1) if length else (None, 0)
    begin, end = int(first), min(int(last), size - 1) if last else size - 1
    return (begin, end) if begin <= end else (None, 0)


def _part(
    request: HttpRequest, document: Document, begin: int, end: int, *, status: int, of: int
) -> HttpResponseBase:  # fmt: skip
    body: Any = () if request.method == "HEAD" else _read(document.file.storage.open(document.file.name), begin, end)
    response = StreamingHttpResponse(body, status=status, content_type=document.media_type)
    response["Content-Length"] = str(end - begin + 1)
    if status == 206:
        response["Content-Range"] = f"bytes {begin}-{end}/{of}"
    return response


def _read(file: IO[bytes], begin: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(begin)
        left = end - begin + 1
        while left > 0 and (data := file.read(min(_CHUNK, left))):
            left -= len(data)
            yield data


def _guarded(response: HttpResponseBase, document: Document) -> HttpResponseBase:
    """Whatever it is, browsers neither guess nor run it, and save what isn't there to be played."""
    kept = "attachment" if document.kind == FileKind.DOCUMENT else "inline"
    response["Content-Disposition"] = f"{kept}; filename*=UTF-8''{quote(document.download_name)}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; media-src 'self'; sandbox"
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _tag(document)
    response["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, private=True, max_age=3600)
    return response
