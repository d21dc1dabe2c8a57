"""The tables of the front door."""

from home.models.curation import FeaturedAbsence, FeaturedSlot
from home.models.magazine import WRITTEN, ArticleIndexPage, ArticlePage, ReportPage, StoryPage, WrittenPage
from home.models.pages import ContentPage, HomePage

__all__ = [
    "WRITTEN", "ArticleIndexPage", "ArticlePage", "ContentPage", "FeaturedAbsence", "FeaturedSlot", "HomePage",
    "ReportPage", "StoryPage", "WrittenPage",
]  # fmt: skip
