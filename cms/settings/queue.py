"""Celery: on what CELERY_BROKER_URL or BROKER_URL names (amqp:// for RabbitMQ, redis://), else on Redis when REDIS_URL
is set, else on kombu's filesystem transport. The cache is on Redis when REDIS_URL is set.

The filesystem broker removes a message when it is taken, so a killed worker loses it: the sweeps give
at-least-once there.
"""

import os
from pathlib import Path
from typing import Any


def broker_url() -> str:
    """Where messages go; empty for the filesystem."""
    names = ("CELERY_BROKER_URL", "BROKER_URL", "REDIS_URL")
    return next((url for name in names if (url := os.environ.get(name, ""))), "")


def celery(var: Path) -> dict[str, Any]:
    """The settings named CELERY_…; `var` is the folder that a run may write."""
    settings: dict[str, Any] = {
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TIMEZONE": "UTC",
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_BEAT_SCHEDULE_FILENAME": str(var / "beat-schedule"),
        # A sweep that waited for a minute is the next one's business: they never queue up behind a slow provider.
        "CELERY_BEAT_SCHEDULE": {
            "sweeps": {"task": "core.run_sweeps", "schedule": 60.0, "options": {"expires": 55}},
        },
    }
    # A request never waits for a broker that is down: the nudge is lost, and a sweep finds the work.
    if (broker := broker_url()).startswith(("amqp", "pyamqp")):
        # A publisher hears that its message is safe; a broker that has gone silent is noticed by its heartbeat.
        return settings | {
            "CELERY_BROKER_URL": broker,
            "CELERY_BROKER_CONNECTION_TIMEOUT": 1,
            "CELERY_BROKER_HEARTBEAT": 20,
            "CELERY_BROKER_TRANSPORT_OPTIONS": {"confirm_publish": True},
        }
    if broker:
        impatience = {"max_retries": 1, "interval_start": 0, "socket_connect_timeout": 1, "socket_timeout": 5}
        return settings | {"CELERY_BROKER_URL": broker, "CELERY_BROKER_TRANSPORT_OPTIONS": impatience}
    queue = var / "queue"
    folders = {"in": queue / "messages", "control": queue / "control", "processed": queue / "processed"}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return settings | {
        "CELERY_BROKER_URL": "filesystem://localhost",
        "CELERY_WORKER_ENABLE_REMOTE_CONTROL": False,
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "data_folder_in": str(folders["in"]),
            "data_folder_out": str(folders["in"]),
            "control_folder": str(folders["control"]),
            "processed_folder": str(folders["processed"]),
            "store_processed": False,
        },
    }


def caches() -> dict[str, Any]:
    """Redis when REDIS_URL is set, else a table of the database. Never a source for decisions about money."""
    if redis := os.environ.get("REDIS_URL"):
        # A cache that is slow to answer is worse than none.
        impatience = {"socket_connect_timeout": 1, "socket_timeout": 1}
        backend = "cms.core.caching.ForgivingRedisCache"
        return {"default": {"BACKEND": backend, "LOCATION": redis, "OPTIONS": impatience}}
    return {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}
