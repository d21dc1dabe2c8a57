"""Word, Excel, PowerPoint and OpenDocument: archives with one known content, and pictures inside."""

import tempfile
import zipfile
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext as _

from cms.core import pictures
from cms.images.inspecting.findings import FileKind, Finding, broken, unknown

_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
# By the part that only such a file has.
_KINDS = {
    "word/document.xml": (f"{_OFFICE}.wordprocessingml.document", ".docx"),
    "xl/workbook.xml": (f"{_OFFICE}.spreadsheetml.sheet", ".xlsx"),
    "ppt/presentation.xml": (f"{_OFFICE}.presentationml.presentation", ".pptx"),
}
_OPEN_KINDS = {f"{_OPEN}.text": ".odt", f"{_OPEN}.spreadsheet": ".ods", f"{_OPEN}.presentation": ".odp"}
_PICTURES = (".jpg", ".jpeg", ".png", ".webp")
_MOST_PARTS, _WORST_RATIO = 5_000, 200


def read(file: IO[bytes]) -> tuple[Finding, File | None]:
    """What it is; and, where pictures inside tell where they were taken, a copy in which they don't."""
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            _check(parts)
            found = _kind(archive, {part.filename for part in parts})
            return found, _quiet(archive, parts)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, OSError) as error:
        raise broken("ZIP") from error


def _check(parts: list[zipfile.ZipInfo]) -> None:
    # What the directory says is not trusted blindly: reading stops at what a part claims.
    whole = sum(part.file_size for part in parts)
    steep = any(
        part.file_size > 1_000_000 and part.file_size > _WORST_RATIO * max(1, part.compress_size) for part in parts
    )
    if whole > settings.UPLOAD_MAX_UNPACKED or len(parts) > _MOST_PARTS or steep:
        raise ValidationError(_("This file unpacks to far more than it is: it isn't taken."), code="too_much_inside")
    for part in parts:
        name = part.filename.lower()
        if name.endswith(("vbaproject.bin", ".exe", ".dll", ".js", ".vbs", ".scr")) or name.startswith("basic/"):
            raise ValidationError(
                _("This document holds macros or programs: save it without them, or as PDF."), code="has_macros"
            )


def _kind(archive: zipfile.ZipFile, names: set[str]) -> Finding:
    for part, (media_type, suffix) in _KINDS.items():
        if part in names and "[Content_Types].xml" in names:
            return Finding(FileKind.DOCUMENT, media_type, suffix)
    if "mimetype" in names:
        with archive.open("mimetype") as told:
            media_type = told.read(200).decode("ascii", "replace").strip()
        if media_type in _OPEN_KINDS:
            return Finding(FileKind.DOCUMENT, media_type, _OPEN_KINDS[media_type])
    raise unknown()


def _quiet(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> File | None:
    quieter: dict[str, bytes] = {}
    for part in parts:
        if part.filename.lower().endswith(_PICTURES) and part.file_size <= settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
            data = archive.read(part)
            if (clean := _clean(data)) != data:
                quieter[part.filename] = clean
    if not quieter:
        return None
    copy: Any = tempfile.TemporaryFile()  # noqa: SIM115 — it lives as long as the upload
    with zipfile.ZipFile(copy, "w") as written:
        for part in parts:
            written.writestr(part, quieter.get(part.filename) or archive.read(part), part.compress_type)
    copy.seek(0)
    return File(copy)


def _clean(data: bytes) -> bytes:
    try:
        cleaned: bytes = pictures.clean(ContentFile(data, name="inside")).read()
    except ValidationError as refusal:
        if getattr(refusal, "code", "") == "polyglot":
            raise
        # A drawing in a format of its own stays as it is: nobody opens it but the program that wrote it.
        return data
    return cleaned
