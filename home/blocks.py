"""Blocks of pages that the platform itself writes."""

from typing import ClassVar

from wagtail import blocks

from cms.core.blocks import FAQBlock, HeadingBlock, QuoteBlock, TextBlock
from cms.images.blocks import PictureBlock


class ContentStreamBlock(blocks.StreamBlock):
    """A plain page: how it works, fees, trust."""

    heading = HeadingBlock()
    text = TextBlock()
    image = PictureBlock()
    quote = QuoteBlock()
    faq = FAQBlock()

    class Meta:
        required: ClassVar = False
