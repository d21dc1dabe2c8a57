"""Images of the CMS."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage


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
        # Collections grant it: without the row in the table nobody could choose a picture.
        permissions: ClassVar = [("choose_image", "Can choose image")]


class Rendition(AbstractRendition):
    """One size and format of an image."""

    image = models.ForeignKey(Image, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["image", "filter_spec", "focal_point_key"], name="rendition_unique")
        ]
