"""What the previews of blocks show in the editor: the house's own art, no row of the library."""

from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _

_SIZE = (900, 600)


def sample_picture(number: int) -> dict[str, Any]:
    """One of three, as `Picture`."""
    words = {1: _("A lamp of cut paper on a table"), 2: _("A valley of cut paper"), 3: _("A kiln of cut paper, lit")}
    return {
        "alt": words[number], "width": _SIZE[0], "height": _SIZE[1], "focal_point": None,
        "src": static(f"img/samples/{number}.webp"), "srcset": "", "sources": [],
    }  # fmt: skip


def _file(title: str, kind: str, size: int, seconds: int | None = None) -> dict[str, Any]:
    return {
        "title": title, "url": "", "type": kind, "size": size, "seconds": seconds, "width": None, "height": None,
        "sha256": "",
    }  # fmt: skip


def sample_film() -> dict[str, Any]:
    """A film that plays nothing."""
    return {**_file(_("The first lamp"), "video/mp4", 12_400_000, 94), "width": 1280, "height": 720}


def sample_sound() -> dict[str, Any]:
    """A sound that plays nothing."""
    return _file(_("The kiln at night"), "audio/mpeg", 1_900_000, 118)


def sample_document() -> dict[str, Any]:
    """A document that leads nowhere."""
    return _file(_("Test report"), "application/pdf", 840_000)
