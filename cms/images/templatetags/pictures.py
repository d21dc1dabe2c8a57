"""Pictures in templates: `{% picture_sources image alt as picture %}`, then `components/picture.html`."""

from typing import Any

from django import template

from cms.images.models import Image
from cms.images.serializers import image_sources

register = template.Library()


@register.simple_tag
def picture_sources(image: Image | None, alt: str = "") -> dict[str, Any] | None:
    """What `components/picture.html` takes; renders nothing, so that a GET stays a GET."""
    return image_sources(image, alt or "")
