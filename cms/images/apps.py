"""Pictures."""

from django.apps import AppConfig


class ImagesConfig(AppConfig):
    """Images and renditions."""

    name = "cms.images"
    label = "images"

    def ready(self) -> None:
        """Hear of what is published."""
        from cms.images import receivers

        receivers.connect()
