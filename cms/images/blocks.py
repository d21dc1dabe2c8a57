"""Blocks that show media."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.embeds.blocks import EmbedBlock, EmbedValue
from wagtail.images.blocks import ImageChooserBlock

from cms.images import films
from cms.images.models import Image
from cms.images.serializers import image_sources

Context = dict[str, Any] | None


class PictureChooserBlock(ImageChooserBlock):
    """Reads the pictures of a whole story with their files in two queries."""

    def bulk_to_python(self, values: list[int]) -> list[Image | None]:
        """As Wagtail's, with the renditions."""
        found = Image.objects.prefetch_related("renditions").in_bulk(values)
        return [found.get(pk) for pk in values]

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Migrations know Wagtail's block: how rows are read is none of their business."""
        return ("wagtail.images.blocks.ImageChooserBlock", *super().deconstruct()[1:])


class PictureBlock(blocks.StructBlock):
    """A picture with its text alternative and a caption."""

    image = PictureChooserBlock(label=_("Image"))
    alt = blocks.CharBlock(label=_("What the picture shows"), max_length=200, required=False)
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "image"
        label = _("Image")
        template = "blocks/image.html"
        description = _("A picture in the width of the text, with a description for those who can't see it.")

    def get_api_representation(
        self, value: blocks.StructValue, context: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """`{image: {alt, width, height, focal_point, src, srcset, sources} | null, caption}`."""
        return {
            "image": image_sources(value.get("image"), value.get("alt") or ""),
            "caption": value.get("caption") or "",
        }


class FilmAddressBlock(EmbedBlock):
    """The address of a film; only of providers that we allow."""

    def clean(self, value: EmbedValue | None) -> EmbedValue | None:
        """Refuse everything else, on this field."""
        if isinstance(value, EmbedValue) and films.find(value.url) is None:
            raise ValidationError(_now("Only films on YouTube, Vimeo and Bilibili: paste the address of the film."))
        return blocks.URLBlock.clean(self, value)

    def deconstruct(self) -> tuple[str, Any, Any]:
        """As above."""
        return ("wagtail.embeds.blocks.EmbedBlock", *super().deconstruct()[1:])


class VideoValue(blocks.StructValue):
    """What the template shows of a film."""

    @property
    def film(self) -> films.Film | None:
        """The film behind the address."""
        address = self.get("url")
        return films.find(address.url) if address else None

    @property
    def embed_url(self) -> str:
        """Its player."""
        return self.film.player if self.film else ""

    @property
    def provider(self) -> str:
        """Who hosts it."""
        return self.film.provider if self.film else ""


class VideoBlock(blocks.StructBlock):
    """A video hosted by an allow-listed provider."""

    url = FilmAddressBlock(label=_("Address of the video"))
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "media"
        label = _("Video")
        template = "blocks/video.html"
        value_class = VideoValue
        preview_value: ClassVar = {"url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "caption": "The lamp in rain"}
        description = _("A film from YouTube, Vimeo or Bilibili, loaded only when a reader asks for it.")

    def get_api_representation(self, value: VideoValue, context: Context = None) -> dict[str, Any]:
        """`{url, provider, embed_url, caption}`."""
        address = value.get("url")
        return {
            "url": address.url if address else "",
            "provider": value.provider,
            "embed_url": value.embed_url,
            "caption": value.get("caption") or "",
        }
