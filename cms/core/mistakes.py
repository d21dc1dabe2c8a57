"""What is wrong inside a StreamField, in sentences that name the block and the field."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail import blocks
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError


def places(stream: blocks.StreamBlock, value: Any, error: ValidationError) -> list[str]:
    """One sentence for each mistake: "Block 3, Timeline, Steps 2, Month: Enter a month as 2027-06."."""
    found: list[str] = []
    for trail, message in _walk(stream, error, value):
        found.append(f"{', '.join(trail)}: {message}" if trail else message)
    return found


def _walk(block: blocks.Block, error: Any, value: Any) -> Iterator[tuple[list[str], str]]:
    if isinstance(error, list):
        for one in error:
            yield from _walk(block, one, value)
    elif isinstance(error, StreamBlockValidationError):
        for place, inner in (error.block_errors or {}).items():
            child = value[place].block
            here = _("Block %(n)d, %(name)s") % {"n": place + 1, "name": child.label}
            yield from _below(child, inner, value[place].value, here)
        yield from (([], message) for message in _said(error.non_block_errors))
    elif isinstance(error, StructBlockValidationError):
        for name, inner in (error.block_errors or {}).items():
            child = block.child_blocks[name]
            yield from _below(child, inner, value.get(name) if value else None, str(child.label))
        yield from (([], message) for message in _said(error.non_block_errors))
    elif isinstance(error, ListBlockValidationError):
        for place, inner in (error.block_errors or {}).items():
            entry = value[place] if value is not None and place < len(value) else None
            yield from _below(block.child_block, inner, entry, str(place + 1))
        yield from (([], message) for message in _said(error.non_block_errors))
    else:
        yield from (([], message) for message in _said(error))


def _below(block: blocks.Block, error: Any, value: Any, here: str) -> Iterator[tuple[list[str], str]]:
    for trail, message in _walk(block, error, value):
        yield [here, *trail], message


def _said(errors: Any) -> list[str]:
    if not errors:
        return []
    return [str(message) for message in ValidationError(errors if isinstance(errors, list) else [errors]).messages]
