"""Writing a campaign from outside the admin: edit its story, bring pictures. Always as drafts."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection, Locale

from campaigns.exceptions import AlreadyInReview, IllegalStep
from campaigns.models import (
    Campaign,
    CampaignIndexPage,
    CampaignPage,
    CampaignPicture,
)
from campaigns.selectors import COLLECTION, LOCALES, files_of, pictures_of, story_pages
from campaigns.services import editing
from campaigns.states import CampaignState
from cms.core import pictures
from cms.core.errors import InvalidInput
from cms.images import incoming
from cms.images.models import Document, Image
from cms.users import audit
from cms.users.models import User


@dataclass(frozen=True)
class StoryChanges:
    """What an editor typed; None leaves a part as it is. `hero_image` 0 takes the picture away."""

    title: str | None = None
    summary: str | None = None
    risks: str | None = None
    hero_alt: str | None = None
    hero_image: int | None = None
    story: list[Any] | None = None
    # Blocks behind those that are there.
    append: list[Any] | None = None


@transaction.atomic
def page_in(*, campaign: Campaign, actor: User, locale: str) -> CampaignPage:
    """The campaign's own page in a language, made as a translation where there is none. Raises `NotAllowed`."""
    row = editing.written(campaign, actor)
    pages = story_pages(row)
    found = next((page for page in pages if page.locale.language_code == locale), None)
    if found is not None:
        return found
    _check_open(row)
    if locale not in LOCALES or not pages:
        raise InvalidInput(_("There is no such language here."), field="locale")
    index_in(locale)
    copy = pages[0].copy_for_translation(Locale.objects.get(language_code=locale))
    return CampaignPage.objects.select_related("locale").get(pk=copy.pk).specific


@transaction.atomic
def edit_story(*, page: CampaignPage, actor: User, changes: StoryChanges) -> CampaignPage:
    """Save a draft of the story; what is live stays live until a review approves the draft.

    Raises `InvalidInput` with the field named, `AlreadyInReview`, `IllegalStep`, `NotAllowed`.
    """
    row = editing.written(page.campaign, actor)
    _check_open(row)
    draft = page.get_latest_revision_as_object()
    for name in ("title", "summary", "risks", "hero_alt"):
        if (text := getattr(changes, name)) is not None:
            write_text(draft, name, text)
    if changes.hero_image is not None:
        draft.hero_image = _picture(row, changes.hero_image, actor)
    if changes.story is not None:
        block = draft._meta.get_field("story").stream_block
        draft.story = block.to_python(_read(block, changes.story, row, actor))
    if changes.append:
        block = draft._meta.get_field("story").stream_block
        draft.story = block.to_python([*draft.story.get_prep_value(), *_read(block, changes.append, row, actor)])
    if not page.live:
        draft.save()
    draft.save_revision(user=actor, log_action=True, changed=True)
    return draft


@transaction.atomic
def add_picture(*, campaign: Campaign, actor: User, file: File, title: str, description: str) -> Image:
    """Put a picture into the creators' collection. Raises `InvalidInput` for what is no picture or too large."""
    row = editing.written(campaign, actor)
    collection = Collection.objects.filter(name=COLLECTION).first() or Collection.get_first_root_node()
    try:
        # Before a model sees it: reading the size of what is no picture fails in its own ways.
        quiet = pictures.clean(file)
    except ValidationError as error:
        raise InvalidInput("; ".join(error.messages), field="file") from error
    image = Image.objects.create(
        title=(title.strip() or file.name or "picture")[:255], description=description.strip()[:255], file=quiet,
        uploaded_by_user=actor, collection=collection,
    )  # fmt: skip
    CampaignPicture.objects.create(campaign=row, image=image)
    audit.record(actor=actor, action="campaign.picture_added", subject=f"campaign:{row.key}", image=image.pk)
    return image


@transaction.atomic
def add_file(*, campaign: Campaign, actor: User, file: UploadedFile, title: str) -> Document:
    """Put a document, film, sound or captions into the creators' collection. Raises `InvalidInput` saying why not."""
    row = editing.written(campaign, actor)
    collection = Collection.objects.filter(name=COLLECTION).first() or Collection.get_first_root_node()
    name = file.name or "file"
    made = Document(title=(title.strip() or name)[:255], uploaded_by_user=actor, collection=collection, file=file)
    try:
        made.save()
    except ValidationError as error:
        raise InvalidInput("; ".join(error.messages), field="file") from error
    audit.record(actor=actor, action="campaign.file_added", subject=f"campaign:{row.key}", file=made.pk)
    return made


def _read(block: Any, story: list[Any], row: Campaign, actor: User) -> list[dict[str, Any]]:
    return incoming.read(block, story, images=pictures_of(row, actor), files=files_of(row, actor), field="story")


def _check_open(row: Campaign) -> None:
    if row.under_review:
        raise AlreadyInReview(_("This campaign is in review: its story stays as it was submitted."))
    if row.state == CampaignState.REJECTED:
        raise IllegalStep(_("The campaign's state doesn't allow this."), state=row.state)


def write_text(page: CampaignPage, name: str, text: str) -> None:
    """Set one text of a page. Raises `InvalidInput`: too long, or a title of nothing."""
    longest = getattr(page._meta.get_field(name), "max_length", None) or 0
    if len(text.strip()) > longest:
        raise InvalidInput(_("At most %(count)d characters.") % {"count": longest}, field=name)
    if name == "title" and not text.strip():
        raise InvalidInput(_("Give the campaign a title."), field=name)
    setattr(page, name, text.strip())
    if name == "title":
        page.draft_title = text.strip()


def _picture(row: Campaign, pk: int, actor: User) -> Image | None:
    if pk == 0:
        return None
    image = pictures_of(row, actor).filter(pk=pk).first() if 0 < pk < 2**31 else None
    if image is None:
        raise InvalidInput(_("There is no such picture of yours."), field="hero_image")
    return image


def index_in(locale: str) -> CampaignIndexPage:
    """Where a language's campaigns are. Raises `InvalidInput`."""
    found = CampaignIndexPage.objects.filter(locale__language_code=locale).first()
    if found is None:
        raise InvalidInput(_("There is no such language here."), field="locale")
    return found
