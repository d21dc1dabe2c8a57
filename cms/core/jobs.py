"""Hand work to the worker by name, after commit. Services use this and never import tasks."""

import logging
from typing import Any

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def enqueue(task: str, *args: Any) -> None:
    """Nudge a worker once the transaction has committed. A lost nudge costs a delay: the sweeps find the work."""
    transaction.on_commit(lambda: _send(task, *args), robust=True)


def _send(task: str, *args: Any) -> None:
    try:
        if current_app.conf.task_always_eager:
            # `send_task` ignores eager mode.
            current_app.loader.import_default_modules()
            current_app.tasks[task].apply(args=args)
        else:
            # By name only: a web process has not imported the tasks.
            current_app.send_task(task, args=args, ignore_result=True, retry=False)
    except Exception:
        logger.warning("Could not enqueue %s; the sweeps will find the work.", task, exc_info=True)
