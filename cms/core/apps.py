"""The ground that knows no domain."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Clock, jobs, events and errors that every other package stands on."""

    name = "cms.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Know every task by name also in processes that only enqueue."""
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("tasks")
