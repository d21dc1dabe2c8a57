"""Hand work to the worker by name, after commit. Services use this and never import tasks."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)

# Seconds for a broker that takes messages but doesn't confirm them, as RabbitMQ does when its disk is full.
PATIENCE = 3


def enqueue(task: str, *args: Any) -> None:
    """Nudge a worker once the transaction has committed. A lost nudge costs a delay: the sweeps find the work."""
    transaction.on_commit(lambda: _send(task, *args), robust=True)


def _send(task: str, *args: Any) -> None:
    try:
        # Looked up by name, so that eager mode applies; plain `send_task` ignores it.
        patience: dict[str, Any] = {"timeout": PATIENCE, "confirm_timeout": PATIENCE}
        current_app.tasks[task].apply_async(args=args, ignore_result=True, retry=False, **patience)
    except Exception:
        logger.warning("Could not enqueue %s; the sweeps will find the work.", task, exc_info=True)
