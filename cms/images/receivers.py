"""What Wagtail tells us: a page or snippet was published, so its pictures are rendered before anybody asks."""

from typing import Any

from django.db.models import Model
from wagtail.signals import published

from cms.images import services


def connect() -> None:
    """Called once, when the app is ready."""
    published.connect(render_published, dispatch_uid="images.published")


def render_published(sender: type[Model], instance: Model, **_: Any) -> None:
    """Hand the pictures of what was published to a worker."""
    services.render_later(services.image_ids(instance))
