"""StreamFields as data, many at once: pictures and links of all of them take a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wagtail import blocks
from wagtail.rich_text import expand_db_html

from cms.images import films
from cms.images.blocks import PictureBlock, VideoBlock
from cms.images.models import Image
from cms.images.serializers import image_sources

# Between texts that are expanded in one go. Stored rich text holds no comments.
_BETWEEN = "<!--next-->"


@dataclass(frozen=True)
class _Html:
    index: int


@dataclass(frozen=True)
class _Picture:
    pk: int
    alt: str


@dataclass
class _Found:
    """What has to be looked up."""

    texts: list[str] = field(default_factory=list)
    images: list[int] = field(default_factory=list)


def render(streams: Sequence[Any]) -> list[list[dict[str, Any]]]:
    """Each StreamValue as `[{type, id, value}]`: rich text as HTML with its links resolved, pictures as `Picture`."""
    found = _Found()
    trees = [_stream(stream.stream_block, stream.get_prep_value(), found) for stream in streams]
    texts = expand_db_html(_BETWEEN.join(found.texts)).split(_BETWEEN) if found.texts else []
    images = Image.objects.prefetch_related("renditions").in_bulk(set(found.images)) if found.images else {}
    return [_fill(tree, texts, images) for tree in trees]


def _stream(block: blocks.StreamBlock, raw: list[dict[str, Any]], found: _Found) -> list[dict[str, Any]]:
    return [
        {"type": item["type"], "id": item.get("id") or "", "value": _value(child, item["value"], found)}
        for item in raw
        if (child := block.child_blocks.get(item["type"])) is not None
    ]


def _value(block: blocks.Block, raw: Any, found: _Found) -> Any:
    if isinstance(block, PictureBlock):
        return {"image": _image(raw, found), "caption": raw.get("caption") or ""}
    if isinstance(block, VideoBlock):
        return _film(raw)
    if isinstance(block, blocks.StreamBlock):
        return _stream(block, raw or [], found)
    if isinstance(block, blocks.StructBlock):
        return {name: _value(child, (raw or {}).get(name), found) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        items = [item["value"] if isinstance(item, dict) and "value" in item else item for item in raw or []]
        return [_value(block.child_block, item, found) for item in items]
    if isinstance(block, blocks.RichTextBlock):
        found.texts.append(raw or "")
        return _Html(len(found.texts) - 1)
    return "" if raw is None else raw


def _film(raw: dict[str, Any]) -> dict[str, Any]:
    film = films.find(raw.get("url") or "")
    return {
        "url": raw.get("url") or "",
        "provider": film.provider if film else "",
        "embed_url": film.player if film else "",
        "caption": raw.get("caption") or "",
    }


def _image(raw: dict[str, Any], found: _Found) -> _Picture | None:
    if (pk := raw.get("image")) is None:
        return None
    found.images.append(pk)
    return _Picture(pk, raw.get("alt") or "")


def _fill(tree: Any, texts: list[str], images: dict[int, Image]) -> Any:
    if isinstance(tree, _Html):
        return texts[tree.index]
    if isinstance(tree, _Picture):
        return image_sources(images.get(tree.pk), tree.alt)
    if isinstance(tree, list):
        return [_fill(item, texts, images) for item in tree]
    if isinstance(tree, dict):
        return {name: _fill(item, texts, images) for name, item in tree.items()}
    return tree
