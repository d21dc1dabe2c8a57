"""Images and files of the CMS."""

import hashlib
import secrets
from pathlib import PurePosixPath
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

from cms.core import pictures
from cms.images.inspecting import FileKind, inspect


def unguessable(name: str) -> str:
    """The name with 128 random bits before it: an address that nobody was given, nobody finds."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{secrets.token_urlsafe(16)}-{path.name}"))


class Image(AbstractImage):
    """A picture; `description` is its default text alternative."""

    # Wagtail's own table of images stands unused beside ours: reverse names must differ.
    tags = TaggableManager(blank=True, verbose_name=_("tags"), related_name="kindling_images")
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL,
        related_name="uploaded_images", verbose_name=_("uploaded by"),
    )  # fmt: skip

    admin_form_fields: ClassVar = WagtailImage.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        # Collections grant it: without the row in the table nobody could choose a picture.
        permissions: ClassVar = [("choose_image", "Can choose image")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new file only after it was checked and freed of location and camera, whoever brings it.

        Raises `ValidationError` for what is no picture or too large.
        """
        given: Any = self.file  # type: ignore[has-type]
        if given and not given._committed:
            file = pictures.clean(given.file)
            if file is not given.file:
                self.file = file
            file.seek(0)
            data = file.read()
            file.seek(0)
            self.file_size, self.file_hash = len(data), hashlib.sha1(data, usedforsecurity=False).hexdigest()
        super().save(*args, **kwargs)

    def get_upload_to(self, filename: str) -> str:
        """Wagtail's, unguessable: drafts hold pictures that nobody may see yet."""
        return unguessable(super().get_upload_to(filename))


class Rendition(AbstractRendition):
    """One size and format of an image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_unique")
        ]


def document_path(_document: models.Model, name: str) -> str:
    """Where a file goes."""
    return unguessable(f"documents/{PurePosixPath(name).name}")


class Document(AbstractDocument):
    """An uploaded file: a paper to download, a film or a sound to play, captions of a film.

    What it is, its bytes say, never its name.
    """

    file = models.FileField(_("file"), upload_to=document_path)
    # Wagtail's own table of documents stands unused beside ours: reverse names must differ.
    tags = TaggableManager(blank=True, verbose_name=_("tags"), related_name="kindling_documents")
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, editable=False, on_delete=models.SET_NULL,
        related_name="uploaded_documents", verbose_name=_("uploaded by"),
    )  # fmt: skip
    kind = models.CharField(
        _("kind"), max_length=10, choices=FileKind.choices, default=FileKind.DOCUMENT, editable=False
    )
    media_type = models.CharField(max_length=100, editable=False, default="application/octet-stream")
    sha256 = models.CharField(max_length=64, editable=False, blank=True)
    seconds = models.PositiveIntegerField(null=True, editable=False)
    width = models.PositiveIntegerField(null=True, editable=False)
    height = models.PositiveIntegerField(null=True, editable=False)

    admin_form_fields: ClassVar = WagtailDocument.admin_form_fields
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]

    class Meta(AbstractDocument.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        permissions: ClassVar = [("choose_document", "Can choose document")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store a new file only after it was looked into, whoever brings it.

        Raises `ValidationError` for what is of no kind that we take, too large, or two things at once.
        """
        if self.file and not self.file._committed:
            found = inspect(self.file.file, name=self.file.name)
            if found.file is not self.file.file:
                self.file = found.file
            self.kind, self.media_type, self.sha256 = found.kind, found.media_type, found.sha256
            self.seconds, self.width, self.height = found.seconds, found.width, found.height
            self.file_size, self.file_hash = found.size, found.sha256[:40]
        super().save(*args, **kwargs)

    @property
    def content_type(self) -> str:
        """What its bytes are."""
        return self.media_type

    @property
    def url(self) -> str:
        """Papers from a host of their own where there is one; what pages play, from this one."""
        host = settings.DOCUMENTS_URL if self.kind == FileKind.DOCUMENT else ""
        return f"{host}{super().url}"

    @property
    def download_name(self) -> str:
        """The name that it is saved under: its own, without what makes its address unguessable."""
        return self.filename[23:] or self.filename
