"""The story's blocks."""

from typing import ClassVar

from wagtail import blocks

from cms.core.blocks import FAQBlock, HeadingBlock, QuoteBlock, TextBlock
from cms.images.blocks import PictureBlock, VideoBlock


class StoryStreamBlock(blocks.StreamBlock):
    """A campaign's story."""

    heading = HeadingBlock()
    text = TextBlock()
    image = PictureBlock()
    video = VideoBlock()
    quote = QuoteBlock()
    faq = FAQBlock()

    class Meta:
        required: ClassVar = False


class UpdateStreamBlock(blocks.StreamBlock):
    """An update's text."""

    heading = HeadingBlock()
    text = TextBlock()
    image = PictureBlock()
    video = VideoBlock()
    quote = QuoteBlock()

    class Meta:
        required: ClassVar = False
