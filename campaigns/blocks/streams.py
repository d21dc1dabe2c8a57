"""Which blocks a story and an update are made of. Names are stored: they never change."""

from typing import Any, ClassVar

from wagtail import blocks

from campaigns.blocks.facts import AIUseBlock, BudgetBlock, ComparisonBlock, RewardCallBlock
from campaigns.blocks.making import LogBlock, TeamBlock, TimelineBlock
from campaigns.blocks.specs import ArtbookSpecBlock, FigureSpecBlock, GameSpecBlock, SpecBlock
from cms.core.blocks import FAQBlock, HeadingBlock, QuoteBlock, TextBlock
from cms.images.blocks import (
    AudioBlock,
    BeforeAfterBlock,
    DocumentBlock,
    FilmBlock,
    GalleryBlock,
    PictureBlock,
    VideoBlock,
)

# Sections that a campaign can't be submitted without, beside its risks, which are a field of the page.
REQUIRED_SECTIONS = ("budget", "faq", "ai_use")


class StoryStreamBlock(blocks.StreamBlock):
    """A campaign's story."""

    heading = HeadingBlock()
    text = TextBlock()
    quote = QuoteBlock()
    faq = FAQBlock()
    image = PictureBlock()
    gallery = GalleryBlock()
    before_after = BeforeAfterBlock()
    video = VideoBlock()
    film = FilmBlock()
    audio = AudioBlock()
    document = DocumentBlock()
    timeline = TimelineBlock()
    log = LogBlock()
    team = TeamBlock()
    budget = BudgetBlock()
    comparison = ComparisonBlock()
    reward = RewardCallBlock()
    ai_use = AIUseBlock()
    spec = SpecBlock()
    artbook = ArtbookSpecBlock()
    figure = FigureSpecBlock()
    game = GameSpecBlock()

    class Meta:
        required: ClassVar = False
        block_counts: ClassVar = {"ai_use": {"max_num": 1}, "budget": {"max_num": 1}}


class SkeletonStreamBlock(StoryStreamBlock):
    """A story's beginning, with gaps: what is written is checked, what is missing is not."""

    def clean(self, value: Any) -> Any:
        """As drafts are."""
        if self.is_deferred_validation:
            return super().clean(value)
        return self.clean_deferred(value)


class UpdateStreamBlock(blocks.StreamBlock):
    """An update's text."""

    heading = HeadingBlock()
    text = TextBlock()
    quote = QuoteBlock()
    faq = FAQBlock()
    image = PictureBlock()
    gallery = GalleryBlock()
    before_after = BeforeAfterBlock()
    video = VideoBlock()
    film = FilmBlock()
    audio = AudioBlock()
    document = DocumentBlock()
    timeline = TimelineBlock()
    log = LogBlock()
    reward = RewardCallBlock()

    class Meta:
        required: ClassVar = False
