"""Celery tasks of the ground: deliver one event, run all sweeps."""

from celery import shared_task

from cms.core import events, sweeps


@shared_task(name="core.deliver_event")
def deliver_event(event_id: int) -> None:
    """Deliver one outbox event now."""
    events.deliver(event_id)


@shared_task(name="core.run_sweeps")
def run_sweeps() -> None:
    """Every due sweep, each minute by beat."""
    sweeps.run_all()
