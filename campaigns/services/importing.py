"""Bringing a text from elsewhere into the draft of a story, its pictures included."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.bringing import Brought, FoundPicture, Unreadable, read_html, read_markdown, read_word
from campaigns.models import Campaign, CampaignPage
from campaigns.services import drafting, editing
from campaigns.services.drafting import StoryChanges
from cms.core.errors import InvalidInput
from cms.core.fetching import NotFetched, fetch
from cms.users import audit
from cms.users.models import User

LARGEST_FILE = 30_000_000
LONGEST_TEXT = 2_000_000
MOST_BLOCKS = 300
MOST_PICTURES = 60
SUFFIXES = {
    ".docx": "word", ".md": "markdown", ".markdown": "markdown", ".txt": "markdown", ".html": "html", ".htm": "html",
}  # fmt: skip
KINDS = ("html", "markdown")


@dataclass
class Imported:
    """What came in: the page's new draft, how many blocks and pictures, and what was left out, by kind."""

    page: CampaignPage
    blocks: int
    pictures: int
    left_out: dict[str, int] = field(default_factory=dict)


def read_file(file: UploadedFile) -> Brought:
    """What a file holds, told by its suffix. Raises `InvalidInput` with the field named."""
    kind = SUFFIXES.get(PurePath(file.name or "").suffix.lower())
    if kind is None:
        raise InvalidInput(_("Choose a Word document (.docx), Markdown (.md) or a web page (.html)."), field="file")
    if (file.size or 0) > LARGEST_FILE:
        raise InvalidInput(_("The file is too large: at most 30 MB."), field="file")
    data = file.read()
    if kind != "word":
        return read_text(_decoded(data), kind, field="file")
    try:
        return read_word(data)
    except Unreadable as error:
        raise InvalidInput(_("This is no Word document that can be read."), field="file") from error


def read_text(text: str, kind: str, *, field: str = "text") -> Brought:
    """What was pasted. Raises `InvalidInput`."""
    if kind not in KINDS:
        raise InvalidInput(_("Say whether it is Markdown or HTML."), field="kind")
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(_("This text is too long."), field=field)
    return read_html(text) if kind == "html" else read_markdown(text)


def bring(
    *, campaign: Campaign, actor: User, locale: str, brought: Brought, replace: bool = False, source: str = ""
) -> Imported:
    """Put a text behind the story's draft in a language, or in its place; nothing is published.

    Pictures that lie elsewhere are fetched first, from public hosts alone; what can't be taken is counted. Raises
    `InvalidInput` where there is nothing to bring, `AlreadyInReview`, `NotAllowed`.
    """
    editing.check_written(campaign, actor)
    if not brought.blocks:
        raise InvalidInput(_("There is no text in it."), field="file")
    fetched = list(_with_bytes(brought))
    return _write(campaign, actor, locale, fetched, brought, replace=replace, source=source)


@transaction.atomic
def _write(
    campaign: Campaign, actor: User, locale: str, parts: list[Any], brought: Brought, *, replace: bool, source: str
) -> Imported:
    page = drafting.page_in(campaign=campaign, actor=actor, locale=locale)
    blocks: list[dict[str, Any]] = []
    for part in parts[:MOST_BLOCKS]:
        block = _picture(campaign, actor, part, brought) if isinstance(part, FoundPicture) else part
        if block is not None:
            blocks.append(block)
    for _part in parts[MOST_BLOCKS:]:
        brought.leave_out("block")
    if not blocks:
        raise InvalidInput(_("There is no text in it."), field="file")
    changes = StoryChanges(story=blocks) if replace else StoryChanges(append=blocks)
    if brought.title and not page.draft_title.strip():
        changes = StoryChanges(title=brought.title, story=changes.story, append=changes.append)
    saved = drafting.edit_story(page=page, actor=actor, changes=changes)
    pictures = sum(block["type"] == "image" for block in blocks)
    audit.record(
        actor=actor, action="campaign.text_brought", subject=f"campaign:{campaign.key}", locale=locale, source=source,
        blocks=len(blocks), pictures=pictures, left_out=brought.left_out,
    )  # fmt: skip
    return Imported(saved, len(blocks), pictures, brought.left_out)


def _with_bytes(brought: Brought) -> Iterator[Any]:
    count = 0
    for part in brought.blocks:
        if not isinstance(part, FoundPicture):
            yield part
            continue
        count += 1
        if count > MOST_PICTURES:
            brought.leave_out("picture")
            continue
        try:
            data = part.data or fetch(part.address, most_bytes=settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE)
        except NotFetched:
            brought.leave_out("picture")
            continue
        yield FoundPicture(data=data, alt=part.alt, caption=part.caption)


def _picture(campaign: Campaign, actor: User, found: FoundPicture, brought: Brought) -> dict[str, Any] | None:
    title = found.alt or found.caption or _("Picture")
    try:
        with transaction.atomic():
            image = drafting.add_picture(
                campaign=campaign, actor=actor, file=ContentFile(found.data, name="brought"),
                title=title, description=found.alt,
            )  # fmt: skip
    except InvalidInput:
        brought.leave_out("picture")
        return None
    return {"type": "image", "value": {"image": image.pk, "alt": found.alt, "caption": found.caption}}


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InvalidInput(_("The file's characters can't be read: save it as UTF-8."), field="file")
