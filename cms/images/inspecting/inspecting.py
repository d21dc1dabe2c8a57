"""One door for every file that isn't a picture."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from cms.core.polyglots import refuse_polyglot_film
from cms.images.inspecting import archives, films, papers, sounds
from cms.images.inspecting.findings import FileKind, Finding, unknown

__all__ = ["FileKind", "Inspected", "inspect"]
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Inspected:
    """A file that may be stored: `file` is the one given, or a copy without places and people."""

    file: Any
    kind: FileKind
    media_type: str
    size: int
    sha256: str
    seconds: int | None
    width: int | None
    height: int | None


def inspect(file: Any, *, name: str) -> Inspected:
    """Look into an upload. Raises `ValidationError` with a code: `unknown_type`, `damaged`, `polyglot`, `wrong_codec`,
    `file_too_large`, `too_long`, `too_much_inside`, `has_macros`, `active_content`."""
    size = file.size if hasattr(file, "size") else file.seek(0, 2)
    if size > max(settings.UPLOAD_MAX_BYTES.values()):
        raise _too_large(max(settings.UPLOAD_MAX_BYTES.values()))
    file.seek(0)
    found, cleaned = _look(file, size)
    if size > (limit := settings.UPLOAD_MAX_BYTES[found.kind]):
        raise _too_large(limit)
    longest = settings.UPLOAD_MAX_SECONDS.get(found.kind)
    if longest is not None and (found.seconds or 0) > longest:
        text = _("This recording is too long: %(minutes)d minutes at most.")
        raise ValidationError(text % {"minutes": longest // 60}, code="too_long")
    kept = cleaned if cleaned is not None else _blanked(file, found.blank)
    named = str(PurePosixPath(name).with_suffix(found.suffix)) if _misnamed(name, found) else name
    if kept is not file or named != name:
        kept = File(kept.file if isinstance(kept, File) else kept, name=named)
    sha256, length = _digest(kept)
    return Inspected(
        kept, found.kind, found.media_type, length, sha256, None if found.seconds is None else round(found.seconds),
        found.width, found.height,
    )  # fmt: skip


def _look(file: IO[bytes], size: int) -> tuple[Finding, File | None]:
    head = file.read(64)
    if head.startswith(b"PK\x03\x04"):
        return archives.read(file)
    if head[4:8] == b"ftyp" or head.startswith(b"\x1aE\xdf\xa3"):
        refuse_polyglot_film(file, size)
        return (films.read_mp4 if head[4:8] == b"ftyp" else films.read_webm)(file, size), None
    if sounds.begins(head):
        refuse_polyglot_film(file, size)
        return sounds.read(file, size), None
    if size > settings.UPLOAD_MAX_BYTES[FileKind.DOCUMENT]:
        raise unknown()
    file.seek(0)
    return papers.read(file.read()), None


def _misnamed(name: str, found: Finding) -> bool:
    ending = PurePosixPath(name).suffix.lower()
    alike = {".m4v": ".mp4", ".oga": ".ogg", ".opus": ".ogg", ".csv": ".txt"}
    return alike.get(ending, ending) != found.suffix


def _blanked(file: Any, places: list[tuple[int, bytes]]) -> Any:
    if not places:
        return file
    copy = tempfile.TemporaryFile()  # noqa: SIM115 — it lives as long as the upload
    file.seek(0)
    while part := file.read(_CHUNK):
        copy.write(part)
    for offset, instead in places:
        copy.seek(offset)
        copy.write(instead)
    copy.seek(0)
    return copy


def _digest(file: Any) -> tuple[str, int]:
    digest, length = hashlib.sha256(), 0
    file.seek(0)
    while part := file.read(_CHUNK):
        digest.update(part)
        length += len(part)
    file.seek(0)
    return digest.hexdigest(), length


def _too_large(limit: int) -> ValidationError:
    return ValidationError(
        _("This file is too big: %(limit)s at most.") % {"limit": filesizeformat(limit)}, code="file_too_large"
    )
