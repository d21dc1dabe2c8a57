"""Uploaded files as data, and what is said where one is of the wrong kind."""

from typing import Any

from django.utils.translation import gettext as _

from cms.images.inspecting import FileKind
from cms.images.models import Document


def file_data(document: Document | None) -> dict[str, Any] | None:
    """A file as `HostedFile`; None for no file. `seconds` is how long a film or sound lasts, `sha256` of its bytes.

    Example: {"title": "Test report", "url": "/documents/7/4fQ…-report.pdf", "type": "application/pdf",
    "size": 840000, "seconds": null, "width": null, "height": null, "sha256": "9f86d0…"}
    """
    if document is None:
        return None
    return {
        "title": document.title,
        "url": document.url,
        "type": document.content_type,
        "size": document.file_size or 0,
        "seconds": document.seconds,
        "width": document.width,
        "height": document.height,
        "sha256": document.sha256,
    }


def wrong_kind(wanted: FileKind) -> str:
    """Which files a field takes, said to somebody who chose another."""
    return {
        FileKind.DOCUMENT: _("Choose a document: PDF, Word, Excel, PowerPoint, OpenDocument, text or CSV."),
        FileKind.FILM: _("Choose a film: MP4 or WebM."),
        FileKind.SOUND: _("Choose a sound: MP3, M4A, Ogg or WAV."),
        FileKind.CAPTIONS: _("Choose captions: a WebVTT file (.vtt)."),
    }[wanted]
