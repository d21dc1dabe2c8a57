"""Hangs the demo's pictures in the image library, and turns its stories into StreamField data."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.utils.html import escape
from wagtail.models import Collection

from campaigns.selectors import COLLECTION
from cms.images.models import Image
from cms.users.models import User
from home.demo.drawing import Easel
from home.demo.shapes import (
    FaqBlock,
    HeadingBlock,
    ImageBlock,
    Picture,
    QuoteBlock,
    StoryBlock,
    TextBlock,
)

# Any fixed one: blocks and translations keep their ids from run to run.
NAMESPACE = uuid.UUID("6f0c7e86-3d0e-5f6a-9f39-9b3f6d0d6b0e")


def fixed_id(*parts: object) -> uuid.UUID:
    """The same id for the same parts, always."""
    return uuid.uuid5(NAMESPACE, ":".join(str(part) for part in parts))


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


def pictures(story: Sequence[StoryBlock]) -> list[Picture]:
    """Those that stand within a story."""
    return [block.picture for block in story if isinstance(block, ImageBlock)]


def stream(story: Sequence[StoryBlock], *, locale: str, of: str, images: dict[Picture, Image]) -> list[dict[str, Any]]:
    """A story as a StreamField stores it; `of` names the page, so that its blocks keep their ids."""
    return [
        {"type": kind, "value": value, "id": str(fixed_id(of, locale, position))}
        for position, (kind, value) in enumerate(_raw(block, locale, images) for block in story)
    ]


def _raw(block: StoryBlock, locale: str, images: dict[Picture, Image]) -> tuple[str, Any]:
    match block:
        case HeadingBlock(text):
            return "heading", text.in_(locale)
        case TextBlock(html):
            return "text", html.in_(locale)
        case QuoteBlock(text, by):
            return "quote", {"text": text.in_(locale), "attribution": by.in_(locale)}
        case ImageBlock(picture, caption):
            words = caption.in_(locale) if caption else ""
            return "image", {"image": images[picture].pk, "alt": picture.alt.in_(locale), "caption": words}
        case FaqBlock(items):
            asked = [
                {"question": item.question.in_(locale), "answer": f"<p>{escape(item.answer.in_(locale))}</p>"}
                for item in items
            ]
            return "faq", {"items": asked}
