"""Pictures of what was promised, kept for good: a rendition dies with its image, a pinned copy doesn't."""

import hashlib
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from cms.images.models import Image


def pin(image: Image, spec: str, *, alt: str = "") -> dict[str, Any]:
    """A copy of the rendition under its content's hash: `{src, alt, width, height}`. The same picture is one file."""
    rendition = image.get_rendition(f"{spec}|format-webp")
    with rendition.file.open("rb") as file:
        content = file.read()
    name = f"pinned/{hashlib.sha256(content).hexdigest()[:40]}{PurePosixPath(rendition.file.name).suffix}"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return {
        "src": default_storage.url(name),
        "alt": alt or image.description or image.title,
        "width": rendition.width,
        "height": rendition.height,
    }
