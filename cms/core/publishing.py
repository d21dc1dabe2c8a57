"""Wagtail's scheduled publishing, as one of the sweeps: it runs on real time."""

from django.apps import apps
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import DraftStateMixin, Revision


def publish_scheduled() -> int:
    """Publish and expire what is due, through Wagtail's own command; returns how many things that were."""
    now = timezone.now()
    due = Revision.objects.filter(approved_go_live_at__lt=now).count()
    # Multi-table children would count a page twice.
    drafts = [m for m in apps.get_models() if issubclass(m, DraftStateMixin) and not m._meta.parents]
    due += sum(model._default_manager.filter(live=True, expire_at__lt=now).count() for model in drafts)
    if due:
        call_command("publish_scheduled")
    return due
