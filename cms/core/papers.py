"""Uploaded papers, PDF or picture: told by their bytes, bounded, and with nothing in them that acts.

A scan needs no scripts, attachments or forms that call home: whoever opens it is a reviewer at work.
"""

import re
import zlib
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.template.defaultfilters import filesizeformat
from django.utils.text import get_valid_filename
from django.utils.translation import gettext as _

from cms.core import pictures
from cms.core.polyglots import refuse_polyglot

PDF = "application/pdf"
# Sniffed first bytes → what a scan or photograph may be. GIF and AVIF are none that a scanner makes.
_PICTURES = ((b"\xff\xd8\xff", "image/jpeg", ".jpg"), (b"\x89PNG\r\n\x1a\n", "image/png", ".png"))
_ACTS = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)\b")
# Objects may be packed: what is packed is looked at, too, up to so many bytes of all streams together.
_PACKED = re.compile(rb"/ObjStm\b[^>]{0,400}>>\s{0,4}stream\r?\n(.*?)endstream", re.DOTALL)
_MOST_UNPACKED = 20 * 1024 * 1024
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


class Paper:
    """What was taken: the file to keep, its type and a harmless name."""

    def __init__(self, file: File, content_type: str, name: str) -> None:
        self.file, self.content_type, self.name = file, content_type, name


def clean(upload: File, *, max_bytes: int) -> Paper:
    """The same paper, its type told by its bytes. Raises `ValidationError` naming what is wrong.

    Pictures lose their location and other talk; a PDF with scripts, attachments, actions or a password is refused.
    """
    if upload.size > max_bytes:
        limit = {"limit": filesizeformat(max_bytes)}
        raise ValidationError(_("This file is too big: %(limit)s at most.") % limit, code="file_too_large")
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    stem = get_valid_filename(PurePath(upload.name or "").stem[:80] or "document")
    if data.startswith(b"%PDF-"):
        _check_pdf(data)
        return Paper(ContentFile(data), PDF, f"{stem}.pdf")
    for start, content_type, suffix in _PICTURES:
        if data.startswith(start):
            quiet = pictures.clean(ContentFile(data, name=f"{stem}{suffix}"), max_bytes=max_bytes)
            return Paper(quiet, content_type, f"{stem}{suffix}")
    raise ValidationError(_("Hand in a PDF, or a picture as JPEG or PNG."), code="invalid_document")


def _check_pdf(data: bytes) -> None:
    if b"%%EOF" not in data[-2048:]:
        raise ValidationError(_("This PDF is damaged or not whole."), code="invalid_document")
    refuse_polyglot(data, paper=True)
    # Names may be written with escapes: /J#61vaScript.
    plain = _ESCAPE.sub(lambda match: bytes([int(match[1], 16)]), data)
    plain += _unpacked(data)
    if re.search(rb"/Encrypt\b", plain):
        raise ValidationError(_("This PDF has a password. Hand in one without."), code="encrypted_document")
    if _ACTS.search(plain):
        raise ValidationError(
            _("This PDF contains scripts, attachments or actions. Print it to a plain PDF and hand in that."),
            code="active_document",
        )


def _unpacked(data: bytes) -> bytes:
    found = b""
    for match in _PACKED.finditer(data):
        left = _MOST_UNPACKED - len(found)
        try:
            found += zlib.decompressobj().decompress(match[1], left + 1)
        except zlib.error:
            continue  # packed otherwise, or damaged: no reader runs it either
        if len(found) > _MOST_UNPACKED:
            raise ValidationError(_("This PDF is damaged or not whole."), code="invalid_document")
    return found
