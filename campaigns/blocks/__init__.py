"""The story's blocks: general ones from the ground, and those that know what a campaign is."""

from campaigns.blocks.facts import AIUseBlock, BudgetBlock, ComparisonBlock, RewardCallBlock, told_budget
from campaigns.blocks.making import LogBlock, TeamBlock, TimelineBlock
from campaigns.blocks.specs import ArtbookSpecBlock, FigureSpecBlock, GameSpecBlock, SpecBlock
from campaigns.blocks.streams import REQUIRED_SECTIONS, SkeletonStreamBlock, StoryStreamBlock, UpdateStreamBlock

__all__ = [
    "REQUIRED_SECTIONS", "AIUseBlock", "ArtbookSpecBlock", "BudgetBlock", "ComparisonBlock", "FigureSpecBlock",
    "GameSpecBlock", "LogBlock", "RewardCallBlock", "SkeletonStreamBlock", "SpecBlock", "StoryStreamBlock", "TeamBlock",
    "TimelineBlock", "UpdateStreamBlock", "told_budget",
]  # fmt: skip
