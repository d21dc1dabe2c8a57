"""Pictures."""

from django.apps import AppConfig


class ImagesConfig(AppConfig):
    """Images and renditions."""

    name = "cms.images"
    label = "images"
