"""The project: wiring on top, shared ground below."""

from cms.celery import app as celery_app

__all__ = ["celery_app"]
