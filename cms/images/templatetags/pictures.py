"""Pictures in templates: `{% picture_sources image alt as picture %}`, then `components/picture.html`."""

from typing import Any

from django import template
from django.utils.translation import get_language_info, pgettext
from django.utils.translation import gettext as _

from cms.images.models import Image
from cms.images.serializers import image_sources

register = template.Library()


@register.simple_tag
def picture_sources(image: Image | None, alt: str = "") -> dict[str, Any] | None:
    """What `components/picture.html` takes; renders nothing, so that a GET stays a GET."""
    return image_sources(image, alt or "")


@register.filter
def focus(image: dict[str, Any] | None) -> str:
    """The classes that keep a picture's focal point in sight where it is cropped: in steps of a tenth."""
    point = (image or {}).get("focal_point")
    if not isinstance(point, dict):
        return ""
    return f"focus-x{round(point['x'] * 10)} focus-y{round(point['y'] * 10)}"


@register.filter
def playing_time(seconds: int) -> str:
    """94 as 1:34."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def file_type(media_type: str) -> str:
    """A media type as people call it."""
    names = {"application/pdf": "PDF", "text/plain": pgettext("file", "Text"), "video/mp4": "MP4", "audio/mpeg": "MP3"}
    for part, name in (("wordprocessing", "Word"), ("spreadsheet", _("Spreadsheet")), ("presentation", _("Slides"))):
        if part in media_type:
            return name
    if media_type.endswith("opendocument.text"):
        return "OpenDocument"
    return names.get(media_type, media_type.rpartition("/")[2].upper())


@register.filter
def language_name(code: str) -> str:
    """A language in its own words."""
    return str(get_language_info(code)["name_local"]) if code else ""
