"""Films of other hosts, films and sounds of our own."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.embeds.blocks import EmbedBlock, EmbedValue

from cms.core.blocks import TextBlock
from cms.core.shaping import HTML, TEXT, Gatherer, Schema, entries, record
from cms.images import films
from cms.images.blocks.choosing import MAYBE_FILE, MAYBE_PICTURE, FileChooserBlock, PictureChooserBlock
from cms.images.blocks.pictures import MEDIA
from cms.images.inspecting import FileKind
from cms.images.samples import sample_film, sample_picture, sample_sound
from cms.images.streams import ToldBlock


class FilmAddressBlock(EmbedBlock):
    """The address of a film; only of providers that we allow."""

    def clean(self, value: EmbedValue | None) -> EmbedValue | None:
        """Refuse everything else, on this field."""
        if isinstance(value, EmbedValue) and films.find(value.url) is None:
            raise ValidationError(gettext("Only films on YouTube, Vimeo and Bilibili: paste the address of the film."))
        return blocks.URLBlock.clean(self, value)

    def deconstruct(self) -> tuple[str, Any, Any]:
        """Migrations know Wagtail's block."""
        return ("wagtail.embeds.blocks.EmbedBlock", *super().deconstruct()[1:])


def _poster() -> PictureChooserBlock:
    return PictureChooserBlock(
        label=_("Still"), required=False, help_text=_("Shown until the film plays; it needs no description of its own.")
    )


def _title() -> blocks.CharBlock:
    return blocks.CharBlock(
        label=_("Title"), max_length=120, required=False, help_text=_("What it is called, for those who can't see it.")
    )


class VideoBlock(ToldBlock):
    """A film hosted by an allow-listed provider."""

    url = FilmAddressBlock(
        label=_("Address of the video"),
        help_text=_("As it stands in the browser's address bar on YouTube, Vimeo or Bilibili."),
    )
    title = _title()
    poster = _poster()
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "media"
        group = MEDIA
        label = _("Video")
        template = "blocks/video.html"
        description = _("A film from YouTube, Vimeo or Bilibili, loaded only when a reader asks for it.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {
                "url": "https://www.youtube.com/watch?v=aqz-KE-bpKQ", "provider": "YouTube", "embed_url": "",
                "title": str(_("The lamp in rain")), "poster": sample_picture(3), "caption": "",
            }  # fmt: skip

    def api_schema(self) -> Schema:
        """`{url, provider, embed_url, title, poster, caption}`."""
        return record(
            {**dict.fromkeys(("url", "provider", "embed_url", "title", "caption"), TEXT), "poster": MAYBE_PICTURE}
        )

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The player is told from the address."""
        raw = raw or {}
        film = films.find(raw.get("url") or "")
        return {
            "url": raw.get("url") or "",
            "provider": film.provider if film else "",
            "embed_url": film.player if film else "",
            "title": raw.get("title") or "",
            "poster": gather.picture(raw.get("poster")),
            "caption": raw.get("caption") or "",
        }


class CaptionsBlock(blocks.StructBlock):
    """What is said in a film, in one language."""

    file = FileChooserBlock(kind=FileKind.CAPTIONS, label=_("Captions"), help_text=_("A WebVTT file (.vtt)."))
    language = blocks.ChoiceBlock(choices=settings.LANGUAGES, label=_("Language"), default="en")

    class Meta:
        icon = "openquote"
        label = _("Captions")


class FilmBlock(ToldBlock):
    """A film that we host."""

    film = FileChooserBlock(
        kind=FileKind.FILM, label=_("Film"), help_text=_("MP4 with H.264, or WebM; up to ten minutes and 200 MB.")
    )
    title = _title()
    poster = _poster()
    captions = blocks.ListBlock(
        CaptionsBlock(), label=_("Captions"), default=[], max_num=4,
        help_text=_("What is said and heard, for those who can't hear it and those who watch without sound."),
    )  # fmt: skip
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "media"
        group = MEDIA
        label = _("Film of your own")
        template = "blocks/film.html"
        description = _("A film that you upload, with a still and captions; nothing is asked of another site.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {
                "film": sample_film(), "title": "", "poster": sample_picture(2), "captions": [],
                "caption": str(_("The first lamp, after dark")),
            }  # fmt: skip

    def api_schema(self) -> Schema:
        """`{film: HostedFile | null, title, poster, captions: [{file, language}], caption}`."""
        captions = {"type": "array", "items": record({"file": MAYBE_FILE, "language": TEXT})}
        return record({
            "film": MAYBE_FILE, "title": TEXT, "poster": MAYBE_PICTURE, "captions": captions, "caption": TEXT,
        })  # fmt: skip

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """Files by their address."""
        raw = raw or {}
        return {
            "film": gather.file(raw.get("film")),
            "title": raw.get("title") or "",
            "poster": gather.picture(raw.get("poster")),
            "captions": [
                {"file": gather.file(track.get("file")), "language": track.get("language") or ""}
                for track in entries(raw.get("captions"))
            ],
            "caption": raw.get("caption") or "",
        }


class AudioBlock(ToldBlock):
    """A sound that we host, with its words."""

    sound = FileChooserBlock(
        kind=FileKind.SOUND, label=_("Sound"), help_text=_("MP3, M4A, Ogg or WAV; up to thirty minutes and 50 MB.")
    )
    title = blocks.CharBlock(label=_("Title"), max_length=120, help_text=_("What one hears."))
    transcript = TextBlock(
        label=_("What is said"), required=False, help_text=_("Word for word, for those who can't hear it.")
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=200, required=False)

    class Meta:
        icon = "media"
        group = MEDIA
        label = _("Sound")
        template = "blocks/audio.html"
        description = _("A recording that readers play in the page, with its words to read.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"sound": sample_sound(), "title": str(_("The kiln at night")), "transcript": "", "caption": ""}

    def api_schema(self) -> Schema:
        """`{sound: HostedFile | null, title, transcript, caption}`."""
        return record({"sound": MAYBE_FILE, "title": TEXT, "transcript": HTML, "caption": TEXT})

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The file by its address."""
        raw = raw or {}
        return {
            "sound": gather.file(raw.get("sound")),
            "title": raw.get("title") or "",
            "transcript": gather.html(raw.get("transcript") or ""),
            "caption": raw.get("caption") or "",
        }
