"""Storages of the suite."""

from django.core.files.storage import InMemoryStorage

from cms.core.private import NoAddress


class PrivateMemory(NoAddress, InMemoryStorage):
    """Private files that leave nothing behind."""
