"""The demo's people, campaigns and pages, read once."""

from __future__ import annotations

from functools import lru_cache

from home.demo import reading
from home.demo.shapes import Article, CampaignPlan, HomeContent, Magazine, Person

# Most of what a visitor meets first comes first.
CAMPAIGNS = (
    "stillband", "opera-book", "night-market", "fox-spear", "salt-road", "gulf-dhows", "beppu-lantern",
    "quiet-watch", "village-library", "climbing-kiln", "stone-terrace-tea", "harbour-record", "late-frost-orchard",
    "chess-arm", "ridge-map", "city-birds", "crane-wetland", "bookshelf-speaker",
)  # fmt: skip


@lru_cache(maxsize=1)
def campaigns() -> tuple[CampaignPlan, ...]:
    """All campaigns of the demo."""
    return tuple(reading.read_campaign(f"{slug}.toml") for slug in CAMPAIGNS)


@lru_cache(maxsize=1)
def people() -> tuple[Person, ...]:
    """Everybody who launches or backs something, guests included."""
    return reading.people(reading.read("people.toml")["people"])


@lru_cache(maxsize=1)
def home_content() -> HomeContent:
    """What the home page says and shows."""
    return reading.home_content(reading.read("home.toml"))


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """How it works, fees and trust, and the editor's essay."""
    return tuple(reading.article(table) for table in reading.read("articles.toml")["articles"])


@lru_cache(maxsize=1)
def magazine() -> Magazine:
    """What the editors have written since."""
    return reading.magazine(reading.read("magazine.toml"))
