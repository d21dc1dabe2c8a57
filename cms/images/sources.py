"""The sizes and formats in which every picture is served: one fixed list, so that pages and API agree."""

from collections.abc import Iterator

from cms.images.models import Image

WIDTHS = (480, 960, 1440)
MODERN = ("avif", "webp")
CONTENT_TYPES = {"avif": "image/avif", "webp": "image/webp", "jpeg": "image/jpeg", "png": "image/png"}
# Formats that may be see-through keep that in the format that every browser reads.
_LOSSLESS = (".png", ".gif", ".webp", ".avif")


def widths(image: Image) -> list[int]:
    """Never wider than the original, and at least one."""
    return [width for width in WIDTHS if width <= image.width] or [WIDTHS[0]]


def fallback_format(image: Image) -> str:
    """For browsers that read neither AVIF nor WebP."""
    return "png" if str(image.file.name).lower().endswith(_LOSSLESS) else "jpeg"


def specs(image: Image) -> Iterator[tuple[str, int, str]]:
    """(format, width, Wagtail's filter spec) of each file that a picture is served from, in the order of preference."""
    for form in (*MODERN, fallback_format(image)):
        for width in widths(image):
            yield form, width, f"width-{width}|format-{form}"
