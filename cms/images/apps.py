"""Pictures."""

from django.apps import AppConfig


class ImagesConfig(AppConfig):
    """Images and renditions."""

    name = "cms.images"
    label = "images"

    def ready(self) -> None:
        """Hear of what is published, and encode it quickly."""
        from cms.images import encoding, receivers

        encoding.register()
        receivers.connect()
