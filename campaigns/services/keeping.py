"""A kept version's story, in the shape that blocks have today, whenever it was kept."""

from typing import Any

from campaigns.blocks import StoryStreamBlock
from cms.core.shaping import trusted
from cms.images import films
from cms.images.shapes import pinned

_BLOCK = StoryStreamBlock()


def kept_blocks(content: dict[str, Any]) -> list[dict[str, Any]]:
    """`[{type, id, value}]` of a version's content, as the API describes it, rich text marked as HTML."""
    blocks = [{**block, "value": _today(block["type"], block["value"])} for block in content["story"]]
    found: list[dict[str, Any]] = trusted(_BLOCK, blocks)
    return found


def _today(kind: str, value: Any) -> Any:
    """The first versions kept questions as a list, pictures flat and films without their players."""
    if kind == "faq" and isinstance(value, list):
        return {"items": value}
    if kind == "image" and "image" not in value:
        return {"image": pinned(value), "caption": value["caption"]}
    if kind == "video" and "embed_url" not in value:
        film = films.find(value["url"])
        told = {"provider": film.provider if film else "", "embed_url": film.player if film else ""}
        return {"title": "", "poster": None, **value, **told}
    return value
