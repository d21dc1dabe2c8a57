"""Rendering pictures ahead of their readers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import ForeignKey, Model

from cms.core import jobs
from cms.images import sources
from cms.images.models import Document, Image, Rendition


def render_sources(image: Image) -> list[Rendition]:
    """Make every size and format of a picture that is still missing; again costs one query."""
    return list(image.get_renditions(*(spec for _, _, spec in sources.specs(image))).values())


def render_later(ids: Iterable[int]) -> None:
    """Leave it to a worker, after commit."""
    if wanted := sorted(set(ids)):
        jobs.enqueue("images.render_sources", wanted)


def image_ids(instance: Model) -> set[int]:
    """The pictures that an instance points to, by its own fields and inside its StreamFields."""
    found: set[int] = set()
    for field in instance._meta.concrete_fields:
        found |= images_in(field, field.value_from_object(instance))
    return found


def images_in(field: Any, value: Any) -> set[int]:
    """The pictures in one field's value: a picture or its id, or whatever stands in a StreamField."""
    return uploads_in(Image, field, value)


def uploads_in(kind: type[Image] | type[Document], field: Any, value: Any) -> set[int]:
    """The same for pictures or files."""
    if isinstance(field, ForeignKey) and field.related_model is kind:
        pk = getattr(value, "pk", value)
        return set() if pk is None else {pk}
    if value is not None and hasattr(field, "extract_references"):
        return {int(pk) for model, pk, *_ in field.extract_references(value) if model is kind and pk}
    return set()
