"""The Celery application. Tasks carry ids only and may run twice; the database makes that right."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.dev")

app = Celery("kindling")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

_frames: dict[str, Any] = {}


@task_prerun.connect
def _hold_clock(task_id: str, **_: Any) -> None:
    from cms.core import clock

    _frames[task_id] = held = clock.frame()
    held.__enter__()


@task_postrun.connect
def _release_clock(task_id: str, **_: Any) -> None:
    if held := _frames.pop(task_id, None):
        held.__exit__(None, None, None)
