"""Finding things."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The CJK-aware search backend, page and API."""

    name = "search"
