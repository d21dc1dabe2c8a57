"""Celery tasks of funding: ids in, one service called."""

from celery import shared_task

from funding.services import commanding, sealing, settling
from funding.webhooks import handlers


@shared_task(name="funding.run_command")
def run_command(command_id: int) -> None:
    """Make one planned call to the provider."""
    commanding.run(command_id)


@shared_task(name="funding.handle_webhook")
def handle_webhook(event_id: int) -> None:
    """Do what one stored event asks for."""
    handlers.handle(event_id)


@shared_task(name="funding.settle_escrow")
def settle_escrow(escrow_id: int) -> None:
    """Move one escrow on."""
    settling.settle_escrow(escrow_id=escrow_id)


@shared_task(name="funding.seal_escrow")
def seal_escrow(escrow_id: int) -> None:
    """Seal what one escrow's chain has waiting."""
    sealing.seal_escrow(escrow_id=escrow_id)
