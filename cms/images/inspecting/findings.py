"""What the readers of formats report, and how they refuse."""

from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class FileKind(models.TextChoices):
    """What a file is for."""

    DOCUMENT = "document", gettext_lazy("Document")
    FILM = "film", gettext_lazy("Film")
    SOUND = "sound", gettext_lazy("Sound")
    CAPTIONS = "captions", gettext_lazy("Captions")


@dataclass(frozen=True)
class Finding:
    """A file's kind, its media type and the ending that names it; `seconds` of what plays, `blank` are places (offset,
    bytes) to overwrite because they tell where it was recorded."""

    kind: FileKind
    media_type: str
    suffix: str
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    blank: list[tuple[int, bytes]] = field(default_factory=list)


def broken(what: str = "") -> ValidationError:
    """The bytes begin as one thing and don't go on as it."""
    text = _("This file is damaged: it could not be read to its end. Export it anew.")
    return ValidationError(text if not what else f"{text} ({what})", code="damaged")


def unknown() -> ValidationError:
    """No kind that we take."""
    text = _("This kind of file isn't taken: use PDF, Word, Excel, PowerPoint, OpenDocument, text, CSV, MP4, WebM, "
             "MP3, M4A, Ogg, WAV or WebVTT.")  # fmt: skip
    return ValidationError(text, code="unknown_type")


def wrong_codec(name: str) -> ValidationError:
    """A film or sound that many browsers could not play."""
    text = _("This recording is encoded as %(codec)s, which many browsers don't play: export it as MP4 with H.264 and "
             "AAC, or as WebM.")  # fmt: skip
    return ValidationError(text % {"codec": name}, code="wrong_codec")
