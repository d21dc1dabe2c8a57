"""A picture, many, and two of the same place."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.core.shaping import TEXT, Gatherer, Schema, entries, record
from cms.images.blocks.choosing import MAYBE_PICTURE, PictureChooserBlock
from cms.images.samples import sample_picture
from cms.images.streams import ToldBlock

MEDIA = _("Pictures, film and sound")
_ALT = _("What the picture shows")
_ALT_HELP = _("One sentence, read aloud to those who can't see it. A campaign can't be submitted without.")


def _caption() -> blocks.CharBlock:
    return blocks.CharBlock(label=_("Caption"), max_length=200, required=False)


def _alt(label: Any = _ALT) -> blocks.CharBlock:
    return blocks.CharBlock(label=label, max_length=200, required=False, help_text=_ALT_HELP)


class PictureBlock(ToldBlock):
    """A picture with its text alternative and a caption."""

    image = PictureChooserBlock(
        label=_("Image"),
        help_text=_("Its focal point, set in the picture's own form, stays in sight when it is cropped."),
    )
    alt = _alt()
    caption = _caption()

    class Meta:
        icon = "image"
        group = MEDIA
        label = _("Image")
        template = "blocks/image.html"
        description = _("A picture in the width of the text, with a description for those who can't see it.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {"image": sample_picture(1), "caption": str(_("Drawn before the first one was made."))}

    def api_schema(self) -> Schema:
        """`{image: Picture | null, caption}`."""
        return record({"image": MAYBE_PICTURE, "caption": TEXT})

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """The text alternative goes into the picture."""
        raw = raw or {}
        return {"image": gather.picture(raw.get("image"), raw.get("alt") or ""), "caption": raw.get("caption") or ""}


class GalleryBlock(ToldBlock):
    """Several pictures, walked through sideways."""

    pictures = blocks.ListBlock(
        PictureBlock(),
        label=_("Pictures"),
        min_num=2,
        max_num=24,
        help_text=_("Two to twenty-four, in the order of showing."),
    )
    caption = _caption()

    class Meta:
        icon = "grip"
        group = MEDIA
        label = _("Gallery")
        template = "blocks/gallery.html"
        description = _("Pictures side by side that readers walk through by swiping, clicking or with the arrow keys.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            pictures = [{"image": sample_picture(number), "caption": ""} for number in (1, 2, 3)]
            return {"pictures": pictures, "caption": str(_("From the sketch to the table"))}


class BeforeAfterBlock(ToldBlock):
    """Two pictures of the same, laid over each other, with a divider to drag."""

    before = PictureChooserBlock(label=_("Picture before"))
    before_alt = _alt(_("What the picture before shows"))
    before_label = blocks.CharBlock(label=_("Name of the state before"), max_length=30, required=False)
    after = PictureChooserBlock(
        label=_("Picture after"),
        help_text=_("Taken from the same place and of the same shape, so that they lie over each other."),
    )
    after_alt = _alt(_("What the picture after shows"))
    after_label = blocks.CharBlock(label=_("Name of the state after"), max_length=30, required=False)
    caption = _caption()

    class Meta:
        icon = "arrow-right-full"
        group = MEDIA
        label = _("Before and after")
        template = "blocks/before_after.html"
        description = _("Two pictures of the same place over each other; readers move the border between them.")

        @staticmethod
        def sample() -> dict[str, Any]:
            """For the preview."""
            return {
                "before": sample_picture(2), "before_label": "", "after": sample_picture(3), "after_label": "",
                "caption": str(_("The same valley, two springs apart")),
            }  # fmt: skip

    def api_schema(self) -> Schema:
        """`{before, before_label, after, after_label, caption}`."""
        return record({
            "before": MAYBE_PICTURE, "before_label": TEXT, "after": MAYBE_PICTURE, "after_label": TEXT, "caption": TEXT,
        })  # fmt: skip

    def api_data(self, raw: Any, gather: Gatherer) -> Any:
        """Each text alternative goes into its picture."""
        raw = raw or {}
        return {
            "before": gather.picture(raw.get("before"), raw.get("before_alt") or ""),
            "before_label": raw.get("before_label") or "",
            "after": gather.picture(raw.get("after"), raw.get("after_alt") or ""),
            "after_label": raw.get("after_label") or "",
            "caption": raw.get("caption") or "",
        }


def undescribed(block: blocks.Block, raw: Any) -> int:
    """How many pictures of a stored value have no text alternative of their own and no caption, at any depth."""
    if isinstance(block, PictureBlock):
        return int(bool(raw.get("image")) and not (raw.get("alt") or raw.get("caption")))
    if isinstance(block, BeforeAfterBlock):
        return sum(bool(raw.get(side)) and not raw.get(f"{side}_alt") for side in ("before", "after"))
    if isinstance(block, blocks.ListBlock):
        return sum(undescribed(block.child_block, item) for item in entries(raw))
    if isinstance(block, blocks.StructBlock):
        # A struct with a picture of its own names its alternative `alt`.
        own = isinstance(block.child_blocks.get("image"), PictureChooserBlock) and "alt" in block.child_blocks
        missing = int(own and bool(raw.get("image")) and not raw.get("alt"))
        return missing + sum(undescribed(child, raw.get(name) or {}) for name, child in block.child_blocks.items()
                             if isinstance(child, blocks.StructBlock | blocks.ListBlock))  # fmt: skip
    return 0
