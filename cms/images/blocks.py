"""Blocks that show media."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.embeds.blocks import EmbedBlock
from wagtail.images.blocks import ImageChooserBlock


class PictureBlock(blocks.StructBlock):
    """A picture with its text alternative and a caption."""

    image = ImageChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=200, required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "blocks/image.html"
        description = _("A picture in the width of the text, with a description for those who can't see it.")


class VideoBlock(blocks.StructBlock):
    """A video hosted by an allow-listed provider."""

    url = EmbedBlock(label=_("Address of the video"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blocks/video.html"
        preview_value: ClassVar = {"caption": "The lamp in rain"}
        description = _("A film from YouTube, Vimeo or Bilibili, loaded only when a reader asks for it.")
