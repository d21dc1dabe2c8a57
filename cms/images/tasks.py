"""Celery tasks of pictures."""

from celery import shared_task

from cms.images import services
from cms.images.models import Image


@shared_task(name="images.render_sources")
def render_sources(ids: list[int]) -> None:
    """Make the missing sizes of some pictures."""
    for image in Image.objects.filter(pk__in=ids):
        services.render_sources(image)
