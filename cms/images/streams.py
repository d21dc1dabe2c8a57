"""StreamFields as data, many at once: pictures, files and links of all of them take a fixed number of queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import mark_safe
from wagtail import blocks
from wagtail.rich_text import expand_db_html

from cms.core import shaping
from cms.images.files import file_data
from cms.images.models import Document, Image
from cms.images.serializers import image_sources

# Between texts that are expanded in one go. Stored rich text holds no comments.
_BETWEEN = "<!--next-->"
# How a picture is told, with its text alternative.
Teller = Callable[[Image | None, str], dict[str, Any] | None]


@dataclass(frozen=True)
class _Html:
    index: int


@dataclass(frozen=True)
class _Picture:
    pk: int
    alt: str


@dataclass(frozen=True)
class _File:
    pk: int


@dataclass
class _Found:
    """What has to be looked up."""

    texts: list[str] = field(default_factory=list)
    images: set[int] = field(default_factory=set)
    files: set[int] = field(default_factory=set)

    def html(self, source: str) -> _Html:
        """Order a text."""
        self.texts.append(source)
        return _Html(len(self.texts) - 1)

    def picture(self, pk: int | None, alt: str = "") -> _Picture | None:
        """Order a picture."""
        if pk is None:
            return None
        self.images.add(pk)
        return _Picture(pk, alt)

    def file(self, pk: int | None) -> _File | None:
        """Order a file."""
        if pk is None:
            return None
        self.files.add(pk)
        return _File(pk)


def render(streams: Sequence[Any], *, picture: Teller = image_sources) -> list[list[dict[str, Any]]]:
    """Each StreamValue as `[{type, id, value}]`: rich text as HTML with its links resolved, pictures as `Picture`,
    files as `HostedFile`. `picture` tells a picture in another way, such as from pinned files."""
    found = _Found()
    trees = [shaping.stream_data(stream.stream_block, stream.get_prep_value(), found) for stream in streams]
    return list(_filled(trees, found, picture))


def told(block: blocks.Block, value: Any) -> Any:
    """One block's value by itself, as `render` has it."""
    found = _Found()
    return _filled(shaping.data_of(block, block.get_prep_value(value), found), found, image_sources)


def _filled(tree: Any, found: _Found, picture: Teller) -> Any:
    texts = expand_db_html(_BETWEEN.join(found.texts)).split(_BETWEEN) if found.texts else []
    images = Image.objects.prefetch_related("renditions").in_bulk(found.images) if found.images else {}
    files = Document.objects.in_bulk(found.files) if found.files else {}

    def fill(part: Any) -> Any:
        if isinstance(part, _Html):
            # The editor's whitelist let it through when it was written.
            return mark_safe(texts[part.index])  # noqa: S308
        if isinstance(part, _Picture):
            return picture(images.get(part.pk), part.alt)
        if isinstance(part, _File):
            return file_data(files.get(part.pk))
        if isinstance(part, list):
            return [fill(item) for item in part]
        if isinstance(part, dict):
            return {name: fill(item) for name, item in part.items()}
        return part

    return fill(tree)


class ToldBlock(blocks.StructBlock):
    """A struct whose template is given its data, as the API has it, instead of its stored value.

    `Meta.sample` is such data for the preview in the editor's list of blocks.
    """

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Wagtail's, with `value` as data."""
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        sample = getattr(value, "sample", None)
        return {**context, "kind": self.name, "value": told(self, value) if sample is None else sample}

    def get_api_representation(self, value: Any, context: dict[str, Any] | None = None) -> Any:
        """The same data for Wagtail's own API."""
        return told(self, value)

    def get_preview_value(self) -> Any:
        """An empty value that carries the sample."""
        value = self.normalize({})
        sample = getattr(self.meta, "sample", None)
        value.sample = sample() if callable(sample) else sample
        return value
