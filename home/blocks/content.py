"""Blocks of pages of text: plain pages, articles, stories and reports."""

from typing import ClassVar

from wagtail import blocks

from campaigns.blocks import ComparisonBlock
from cms.core.blocks import FAQBlock, HeadingBlock, QuoteBlock, TextBlock
from cms.images.blocks import AudioBlock, BeforeAfterBlock, DocumentBlock, GalleryBlock, PictureBlock, VideoBlock
from home.blocks.live import CampaignBlock, NumbersBlock


class ContentStreamBlock(blocks.StreamBlock):
    """A plain page: how it works, fees, trust."""

    heading = HeadingBlock()
    text = TextBlock()
    image = PictureBlock()
    quote = QuoteBlock()
    faq = FAQBlock()

    class Meta:
        required: ClassVar = False


class ArticleStreamBlock(ContentStreamBlock):
    """An article, a success story or a report: with media, and with numbers that stay true."""

    gallery = GalleryBlock()
    before_after = BeforeAfterBlock()
    video = VideoBlock()
    audio = AudioBlock()
    comparison = ComparisonBlock()
    document = DocumentBlock()
    numbers = NumbersBlock()
    campaign = CampaignBlock()

    class Meta:
        required: ClassVar = False
