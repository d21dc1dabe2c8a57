"""The tables of the front door."""

from home.models.curation import FeaturedSlot
from home.models.pages import ContentPage, HomePage

__all__ = ["ContentPage", "FeaturedSlot", "HomePage"]
