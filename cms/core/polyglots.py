"""Files that are two things at once: a picture that is also a script, an archive or a page. They are refused.

Each check is for bytes that no honest file of the kind has, so that chance doesn't refuse one in a million.
"""

import re
import zipfile
from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# Long enough that compressed pixels never look like it.
_MARKUP = re.compile(rb"<script[\s>/]|<!doctype\s+html|<html[\s>]|<\?php\s|<iframe[\s>]|javascript:", re.IGNORECASE)
# A picture whose size or first segment reads as the beginning of a comment or an assignment is a script, too.
_SCRIPT_HEADS = re.compile(
    rb"GIF8[79]a(?:/[*/]|=[\x20-\x7e])|\xff\xd8\xff[\xe0-\xef\xfe](?:/\*|//)|RIFF(?:/\*|=[\x20-\x7e])"
)
_TAIL = 70_000


def refuse_polyglot(data: bytes, *, archive: bool = False, paper: bool = False) -> None:
    """Raise `ValidationError` (code `polyglot`) for bytes that can be read as something else, too.

    `archive` says that the file is an archive by right, `paper` that it is a PDF.
    """
    if not paper and b"%PDF-" in data[:1024]:
        raise _two_things(_("a PDF"))
    if _SCRIPT_HEADS.match(data[:16]):
        raise _two_things(_("a script"))
    if not archive and _MARKUP.search(data):
        raise _two_things(_("a web page"))
    if not archive and _is_archive(BytesIO(data)):
        raise _two_things(_("an archive"))


def refuse_polyglot_film(file: IO[bytes], size: int) -> None:
    """The same for a large file: its head and its tail, where the other thing would have to be."""
    file.seek(0)
    head = file.read(_TAIL)
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    if _MARKUP.search(head) or _MARKUP.search(tail):
        raise _two_things(_("a web page"))
    if _is_archive(file):
        raise _two_things(_("an archive"))


def _is_archive(file: IO[bytes]) -> bool:
    # An end-of-directory mark by itself may be chance; one that leads to entries is not.
    try:
        with zipfile.ZipFile(file) as archive:
            return bool(archive.infolist())
    except Exception:
        return False


def _two_things(other: str) -> ValidationError:
    text = _("This file is two things at once: it can also be read as %(other)s. Export it anew and upload that.")
    return ValidationError(text % {"other": other}, code="polyglot")


def tail_of(data: bytes, form: str) -> bytes:
    """What stands behind the end of a picture (JPEG, PNG, GIF, WebP), without padding; empty where nothing does."""
    end = {"JPEG": _jpeg_end, "PNG": _png_end, "GIF": _gif_end, "WEBP": _webp_end}.get(form, len)(data)
    return data[end:].strip(b"\x00\r\n ")


def _jpeg_end(data: bytes) -> int:
    place = 2
    while 0 <= place < len(data) - 1:
        place = data.find(b"\xff", place)
        if place < 0 or place + 1 >= len(data):
            break
        mark = data[place + 1]
        if mark == 0xD9:
            return place + 2
        if mark in (0x00, 0x01, 0xFF) or 0xD0 <= mark <= 0xD8:
            place += 1 if mark == 0xFF else 2
        else:
            place += 2 + int.from_bytes(data[place + 2 : place + 4], "big")
    return len(data)


def _png_end(data: bytes) -> int:
    place = 8
    while place + 12 <= len(data):
        length, kind = int.from_bytes(data[place : place + 4], "big"), data[place + 4 : place + 8]
        place += 12 + length
        if kind == b"IEND":
            return place
    return len(data)


def _gif_end(data: bytes) -> int:
    place = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    while place < len(data):
        mark = data[place]
        if mark == 0x3B:
            return place + 1
        if mark == 0x21:
            place += 2
        elif mark == 0x2C:
            flags = data[place + 9] if place + 9 < len(data) else 0
            place += 11 + (3 << ((flags & 7) + 1) if flags & 0x80 else 0)
        else:
            break
        while place < len(data) and data[place]:
            place += 1 + data[place]
        place += 1
    return len(data)


def _webp_end(data: bytes) -> int:
    size = int.from_bytes(data[4:8], "little")
    return 8 + size + size % 2
