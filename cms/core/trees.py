"""Deleting from Wagtail's tree of pages."""

from typing import Any

from django.db import models, transaction
from wagtail.models import PageManager
from wagtail.query import PageQuerySet


class WholeQuerySet(PageQuerySet):
    """Pages that are deleted whole or not at all."""

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """The tree counts a parent's children down first; when the rows may not go, that is undone."""
        with transaction.atomic():
            return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class WholeDeletion(models.Model):
    """Before `Page` in the bases: a refused deletion leaves the tree's counts and Wagtail's log as they were."""

    objects = PageManager.from_queryset(WholeQuerySet)()

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """As Wagtail's, in one transaction."""
        with transaction.atomic():
            return super().delete(*args, **kwargs)
