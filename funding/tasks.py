"""Celery tasks of funding: ids in, one service called."""

from celery import shared_task

from funding.services import commanding


@shared_task(name="funding.run_command")
def run_command(command_id: int) -> None:
    """Make one planned call to the provider."""
    commanding.run(command_id)
