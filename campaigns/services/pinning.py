"""Pictures of what was promised, kept for good: a rendition dies with its image, a pinned copy doesn't."""

import hashlib
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cms.images.models import Image

HERO = ("fill-800x450", "fill-1600x900")
CARD = ("fill-480x320", "fill-960x640")
STORY = ("width-600", "width-1200")
REWARD = ("fill-480x320",)
# Best first, as browsers choose; the last is what `src` names.
_FORMATS = (("avif", "image/avif"), ("webp", "image/webp"))


def pin(image: Image, specs: Sequence[str], *, alt: str = "") -> dict[str, Any]:
    """Copies of the renditions under their content's hash: `{src, sources, alt, width, height, focal_point}`.

    `specs` go from small to large. The same picture is stored once, however often it is pinned.
    """
    renditions = image.get_renditions(*[f"{spec}|format-{name}" for name, _type in _FORMATS for spec in specs])
    sources, largest = [], None
    for name, type_ in _FORMATS:
        files = [renditions[f"{spec}|format-{name}"] for spec in specs]
        sources.append({"type": type_, "srcset": ", ".join(f"{_keep(file)} {file.width}w" for file in files)})
        largest = files[-1]
    assert largest is not None
    return {
        "src": _keep(largest),
        "sources": sources,
        "alt": alt or image.description or image.title,
        "width": largest.width,
        "height": largest.height,
        "focal_point": [image.focal_point_x, image.focal_point_y] if image.has_focal_point() else None,
    }


def _keep(rendition: Any) -> str:
    with rendition.file.open("rb") as file:
        content = file.read()
    name = f"pinned/{hashlib.sha256(content).hexdigest()[:40]}.{rendition.file.name.rpartition('.')[2]}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return default_storage.url(name)
