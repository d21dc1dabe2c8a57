"""Hangs the demo's pictures and files in the library, and turns its stories into StreamField data."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.utils.html import escape
from wagtail.models import Collection

from campaigns.selectors import COLLECTION
from cms.images.models import Document, Image
from cms.users.models import User
from home.demo.art import sounds
from home.demo.drawing import Easel
from home.demo.shapes import (
    Enclosure,
    FaqBlock,
    FreeBlock,
    HeadingBlock,
    ImageBlock,
    Picture,
    QuoteBlock,
    StoryBlock,
    TextBlock,
    Words,
)

# Any fixed one: blocks and translations keep their ids from run to run.
NAMESPACE = uuid.UUID("6f0c7e86-3d0e-5f6a-9f39-9b3f6d0d6b0e")
FILES = Path(__file__).parent / "files"


@dataclass(frozen=True)
class Hung:
    """What a story shows: its pictures and files in the library, and the keys of its campaign's rewards."""

    images: Mapping[Picture, Image] = field(default_factory=dict)
    files: Mapping[Enclosure, Document] = field(default_factory=dict)
    rewards: Mapping[str, str] = field(default_factory=dict)


def fixed_id(*parts: object) -> uuid.UUID:
    """The same id for the same parts, always."""
    return uuid.uuid5(NAMESPACE, ":".join(str(part) for part in parts))


def hang(story: Sequence[StoryBlock], *more: Picture, owner: User, easel: Easel) -> Hung:
    """All that a story shows, uploaded by its owner; twice is once."""
    images = {picture: image(picture, owner=owner, easel=easel) for picture in (*more, *pictures(story))}
    return Hung(images, {enclosure: document(enclosure, owner=owner) for enclosure in enclosures(story)})


def image(picture: Picture, *, owner: User, easel: Easel) -> Image:
    """The picture in the library, uploaded by its owner; twice is once."""
    title = f"{picture.subject.replace('-', ' ').capitalize()} {picture.seed}"
    found = Image.objects.filter(title=title, uploaded_by_user=owner).first()
    if found is not None:
        return found
    content = easel.file(picture).read_bytes()
    created = Image(
        title=title, description=picture.alt.en[:255], uploaded_by_user=owner,
        collection=Collection.objects.get(name=COLLECTION),
        file=ContentFile(content, name=f"{picture.subject}-{picture.seed}.jpg"),
    )  # fmt: skip
    created._set_image_file_metadata()
    created.save()
    return created


def document(enclosure: Enclosure, *, owner: User) -> Document:
    """The file in the library, uploaded by its owner; twice is once. Sounds are made, the others lie beside."""
    found = Document.objects.filter(title=enclosure.title.en, uploaded_by_user=owner).first()
    if found is not None:
        return found
    made = sounds.gong() if enclosure.name.endswith(".wav") else (FILES / enclosure.name).read_bytes()
    return Document.objects.create(
        title=enclosure.title.en, uploaded_by_user=owner, collection=Collection.objects.get(name=COLLECTION),
        file=ContentFile(made, name=enclosure.name),
    )  # fmt: skip


def pictures(story: Sequence[StoryBlock]) -> list[Picture]:
    """Those that stand within a story."""
    found = [block.picture for block in story if isinstance(block, ImageBlock)]
    return [*found, *(part for part in _parts(story) if isinstance(part, Picture))]


def enclosures(story: Sequence[StoryBlock]) -> list[Enclosure]:
    """The files within a story."""
    return [part for part in _parts(story) if isinstance(part, Enclosure)]


def _parts(story: Sequence[StoryBlock]) -> Iterator[object]:
    for block in story:
        if isinstance(block, FreeBlock):
            yield from _leaves(block.fields)


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value


def stream(story: Sequence[StoryBlock], *, locale: str, of: str, hung: Hung) -> list[dict[str, Any]]:
    """A story as a StreamField stores it; `of` names the page, so that its blocks keep their ids."""
    return [
        {"type": kind, "value": value, "id": str(fixed_id(of, locale, position))}
        for position, (kind, value) in enumerate(_raw(block, locale, hung) for block in story)
    ]


def _raw(block: StoryBlock, locale: str, hung: Hung) -> tuple[str, Any]:
    match block:
        case HeadingBlock(text):
            return "heading", text.in_(locale)
        case TextBlock(html):
            return "text", html.in_(locale)
        case QuoteBlock(text, by):
            return "quote", {"text": text.in_(locale), "attribution": by.in_(locale)}
        case ImageBlock(picture, caption):
            words = caption.in_(locale) if caption else ""
            return "image", {"image": hung.images[picture].pk, "alt": picture.alt.in_(locale), "caption": words}
        case FaqBlock(items):
            asked = [
                {"question": item.question.in_(locale), "answer": f"<p>{escape(item.answer.in_(locale))}</p>"}
                for item in items
            ]
            return "faq", {"items": asked}
        case FreeBlock(kind, fields):
            value = _told(fields, locale, hung)
            if kind == "reward":
                value["reward"] = hung.rewards.get(value["reward"], value["reward"])
            return kind, value


def _told(value: Any, locale: str, hung: Hung) -> Any:
    match value:
        case Words():
            return value.in_(locale)
        case Picture():
            return hung.images[value].pk
        case Enclosure():
            return hung.files[value].pk
        case list():
            return [_told(item, locale, hung) for item in value]
        case dict():
            alts = {_alt(name): inner.alt.in_(locale) for name, inner in value.items() if _described(name, inner)}
            return {name: _told(inner, locale, hung) for name, inner in value.items()} | alts
    return value


def _described(name: str, value: object) -> bool:
    """Stills of films have no description of their own."""
    return isinstance(value, Picture) and name != "poster"


def _alt(name: str) -> str:
    return "alt" if name == "image" else f"{name}_alt"
