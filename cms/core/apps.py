"""The ground that knows no domain."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    """Clock, jobs, events and errors that every other package stands on."""

    name = "cms.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Know every task by name, register the ground's own sweeps, and note which tables were made."""
        from django.utils.module_loading import autodiscover_modules

        from cms.core import events, publishing, schema, sweeps

        # Processes that only enqueue must know the tasks, too.
        autodiscover_modules("tasks")
        sweeps.register("core.publish_scheduled", publishing.publish_scheduled, rank=10)
        sweeps.register("core.events", events.sweep_events, rank=90)
        post_migrate.connect(schema.record_after_migrate, sender=self)
