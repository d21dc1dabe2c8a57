"""The ground that knows no domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Clock, jobs, events and errors that every other package stands on."""

    name = "cms.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register what the ground itself looks for every minute, and note which tables were made."""
        from cms.core import events, publishing, schema, sweeps

        sweeps.register("core.publish_scheduled", publishing.publish_scheduled, rank=10)
        sweeps.register("core.events", events.sweep_events, rank=90)
        post_migrate.connect(schema.record_after_migrate, sender=self)

    def ready(self) -> None:
        """Know every task by name also in processes that only enqueue."""
        from django.utils.module_loading import autodiscover_modules

        autodiscover_modules("tasks")
