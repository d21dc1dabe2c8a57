"""Pictures as data, for templates and the API alike."""

from typing import Any

from cms.images import sources
from cms.images.models import Image


def image_sources(image: Image | None, alt: str = "", *, base_url: str = "") -> dict[str, Any] | None:
    """A picture with all files that exist of it; nothing is rendered here. None for no image.

    `{alt, width, height, focal_point: {x, y} | None, src, srcset, sources: [{type, srcset}]}`: `src` and `srcset` are
    in a format that every browser reads; x and y are shares of width and height. `base_url` makes addresses
    absolute. Costs one query, or none after `prefetch_related("renditions")`.

    Example: {"alt": "A lamp", "width": 1440, "height": 960, "focal_point": null, "src": "/media/…-960.jpg",
    "srcset": "/media/…-480.jpg 480w, …", "sources": [{"type": "image/avif", "srcset": "/media/…-480.avif 480w, …"}]}
    """
    if image is None:
        return None
    existing = {rendition.filter_spec: rendition for rendition in image.renditions.all()}
    files: dict[str, list[tuple[int, str]]] = {}
    for form, _, spec in sources.specs(image):
        if rendition := existing.get(spec):
            files.setdefault(form, []).append((rendition.width, base_url + rendition.url))
    fallback = files.get(sources.fallback_format(image), [])
    if fallback:
        src = next((url for width, url in fallback if width >= sources.WIDTHS[1]), fallback[-1][1])
    else:
        original: Any = image.file
        src = base_url + original.url
    return {
        "alt": alt or image.description,
        "width": image.width,
        "height": image.height,
        "focal_point": _focal_point(image),
        "src": src,
        "srcset": _srcset(fallback),
        "sources": [
            {"type": sources.CONTENT_TYPES[form], "srcset": _srcset(files[form])}
            for form in sources.MODERN
            if form in files
        ],
    }


def _srcset(files: list[tuple[int, str]]) -> str:
    return ", ".join(f"{url} {width}w" for width, url in files)


def _focal_point(image: Image) -> dict[str, float] | None:
    if image.focal_point_x is None or image.focal_point_y is None:
        return None
    return {"x": round(image.focal_point_x / image.width, 4), "y": round(image.focal_point_y / image.height, 4)}
