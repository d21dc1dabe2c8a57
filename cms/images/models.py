"""Images of the CMS."""

import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage

from cms.core import pictures


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


class Rendition(AbstractRendition):
    """One size and format of an image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_unique")
        ]
