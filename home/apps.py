"""The front door."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """Home page, curation, the demo."""

    name = "home"
