"""Blocks as typed data: what each looks like in an answer, and how what is stored becomes that.

Text, numbers, lists and structs are told by walking them. A block that shows more than it stores says so itself with
`api_schema` and `api_data`; what it has to look up it asks of a `Gatherer`, so that all lookups of all blocks are few.
"""

from typing import Any, Protocol, cast, runtime_checkable

from django.utils.safestring import mark_safe
from wagtail import blocks

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
HTML: Schema = {"type": "string", "contentMediaType": "text/html"}
MAYBE_NUMBER: Schema = {"type": ["integer", "null"]}
MAYBE_DATE: Schema = {"type": ["string", "null"], "format": "date"}
TRUTH: Schema = {"type": "boolean"}
MONEY: Schema = {"$ref": "#/components/schemas/Money"}


class Gatherer(Protocol):
    """Takes orders while a story is walked; all are looked up at once afterwards."""

    def html(self, source: str) -> Any:
        """Stored rich text, with its links resolved."""

    def picture(self, pk: int | None, alt: str = "") -> Any:
        """A picture as `Picture`, null where there is none."""

    def file(self, pk: int | None) -> Any:
        """An uploaded file as `HostedFile`, null where there is none."""


@runtime_checkable
class Shaped(Protocol):
    """A block with a shape of its own."""

    def api_schema(self) -> Schema:
        """Of its value."""

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """Its value, of what is stored."""


def one_of(block: blocks.StreamBlock) -> Schema:
    """`{type, id, value}` of each child."""
    return {
        "oneOf": [
            {
                "type": "object",
                "title": name,
                "properties": {"type": {"const": name}, "id": TEXT, "value": schema_of(child)},
                "required": ["type", "id", "value"],
                "additionalProperties": False,
            }
            for name, child in block.child_blocks.items()
        ]
    }


def schema_of(block: blocks.Block) -> Schema:
    """What a block's value looks like in an answer. Raises `TypeError` for a block that nobody has typed."""
    if isinstance(block, Shaped):
        return block.api_schema()
    if isinstance(block, blocks.StreamBlock):
        return {"type": "array", "items": one_of(block)}
    if isinstance(block, blocks.StructBlock):
        return record({name: schema_of(child) for name, child in block.child_blocks.items()})
    if isinstance(block, blocks.ListBlock):
        return {"type": "array", "items": schema_of(block.child_block)}
    for kind, schema in _LEAVES:
        if isinstance(block, kind):
            return schema
    raise TypeError(f"say how {type(block).__name__} looks in the API")


# The narrower before the wider.
_LEAVES: tuple[tuple[type[blocks.Block], Schema], ...] = (
    (blocks.RichTextBlock, HTML),
    (blocks.BooleanBlock, TRUTH),
    (blocks.IntegerBlock, MAYBE_NUMBER),
    (blocks.DateBlock, MAYBE_DATE),
    (blocks.MultipleChoiceBlock, {"type": "array", "items": TEXT}),
    (blocks.ChoiceBlock, TEXT),
    (blocks.CharBlock, TEXT),
    (blocks.TextBlock, TEXT),
    (blocks.RegexBlock, TEXT),
    (blocks.URLBlock, TEXT),
)


def record(properties: Schema) -> Schema:
    """An object with exactly these."""
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False,
    }  # fmt: skip


def data_of(block: blocks.Block, raw: Any, gather: Gatherer) -> Any:
    """A block's value in the shape of `schema_of`, of what is stored; a child that is gone is left out."""
    if isinstance(block, Shaped):
        return block.api_data(raw, gather)
    if isinstance(block, blocks.StreamBlock):
        return stream_data(block, raw or [], gather)
    if isinstance(block, blocks.StructBlock):
        return {name: data_of(child, (raw or {}).get(name), gather) for name, child in block.child_blocks.items()}
    if isinstance(block, blocks.ListBlock):
        return [data_of(block.child_block, item, gather) for item in entries(raw)]
    if isinstance(block, blocks.RichTextBlock):
        return gather.html(raw or "")
    return _leaf(block, raw)


def stream_data(block: blocks.StreamBlock, raw: list[dict[str, Any]], gather: Gatherer) -> list[dict[str, Any]]:
    """A stream as `[{type, id, value}]`."""
    return [
        {"type": item["type"], "id": item.get("id") or "", "value": data_of(child, item["value"], gather)}
        for item in raw
        if (child := block.child_blocks.get(item["type"])) is not None
    ]


def entries(raw: Any) -> list[Any]:
    """The values of a stored list, with Wagtail's envelopes or without."""
    return [item["value"] if _is_envelope(item) else item for item in raw or []]


def _is_envelope(item: Any) -> bool:
    # An entry may have a field named `value` of its own.
    return isinstance(item, dict) and item.get("type") == "item" and item.keys() <= {"type", "value", "id"}


def _leaf(block: blocks.Block, raw: Any) -> Any:
    if isinstance(block, blocks.BooleanBlock):
        return bool(raw)
    if isinstance(block, blocks.IntegerBlock):
        return None if raw in (None, "") else int(raw)
    if isinstance(block, blocks.DateBlock):
        return str(raw) if raw else None
    if isinstance(block, blocks.MultipleChoiceBlock):
        return list(raw or [])
    return "" if raw is None else raw


def trusted(block: blocks.Block, data: Any) -> Any:
    """Kept data with its rich text marked as what it is: HTML that the editor's whitelist let through when it was
    written and nobody can change since. Everything else stays text, which templates escape."""
    if isinstance(block, blocks.StreamBlock) and isinstance(data, list):
        return [
            {**item, "value": trusted(child, item["value"])}
            for item in data
            if (child := block.child_blocks.get(item["type"])) is not None
        ]
    if isinstance(block, blocks.StructBlock) and isinstance(data, dict):
        kids = cast(dict[str, blocks.Block], block.child_blocks)
        return {name: trusted(kids[name], value) if name in kids else value for name, value in data.items()}
    if isinstance(block, blocks.ListBlock) and isinstance(data, list):
        return [trusted(block.child_block, item) for item in data]
    if isinstance(block, blocks.RichTextBlock) and isinstance(data, str):
        return mark_safe(data)  # noqa: S308
    return data
