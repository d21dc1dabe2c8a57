"""PDF, plain text and captions."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cms.core.polyglots import refuse_polyglot
from cms.images.inspecting.findings import FileKind, Finding, broken, unknown

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
# What runs or starts something when a PDF is opened.
_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia)[\s/<(\[]")
_CUE = re.compile(r"^(?:\d{2,}:)?\d{2}:\d{2}\.\d{3} --> (?:\d{2,}:)?\d{2}:\d{2}\.\d{3}", re.MULTILINE)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def read(data: bytes) -> Finding:
    """What a small file is."""
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    if data.startswith(_PICTURES) or data[8:12] == b"WEBP":
        raise ValidationError(_("This is a picture: upload it under Pictures."), code="unknown_type")
    if b"%PDF-" in data[:1024]:
        refuse_polyglot(data)
    return _text(data)


def _pdf(data: bytes) -> Finding:
    end = data.rfind(b"%%EOF")
    if end < 0:
        raise broken("PDF")
    refuse_polyglot(data, paper=True)
    if data[end + 5 :].strip(b"\x00\r\n\t "):
        raise broken("PDF")
    if _ACTIVE.search(data):
        raise ValidationError(
            _("This PDF holds scripts or files that open by themselves: print it to a new PDF and upload that."),
            code="active_content",
        )
    return Finding(FileKind.DOCUMENT, "application/pdf", ".pdf")


def _text(data: bytes) -> Finding:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unknown() from error
    if not text.strip() or _CONTROLS.search(text) or text.lstrip().startswith(("<", "#!")):
        raise unknown()
    refuse_polyglot(data)
    if text.startswith("WEBVTT"):
        if not _CUE.search(text):
            raise broken("WebVTT")
        return Finding(FileKind.CAPTIONS, "text/vtt", ".vtt")
    return Finding(FileKind.DOCUMENT, "text/plain", ".txt")
