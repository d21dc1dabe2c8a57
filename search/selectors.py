"""Finding campaigns by words: the listing's own text rows, ranked, in one query."""

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, OuterRef, Q, Subquery

from campaigns.browsing import Browse, filtered
from campaigns.models import CampaignListing, ListingText
from cms.core import cjk

MAX_QUERY = 200
PAGE_SIZE = 20
# Beyond this a person refines the words rather than turning pages.
MAX_RESULTS = 500


@dataclass(frozen=True)
class Found:
    """One page of results, and whether there are more."""

    listings: list[CampaignListing]
    more: bool


def search_campaigns(*, query: str, browse: Browse, page: int = 1) -> Found:
    """Visible campaigns whose title, summary, creator or story hold every word, in any of their languages.

    Each comes once, in the language asked for where it is told in it, and those first; the other rows name theirs.
    Chinese is found inside sentences, English by its stem; most relevant first. A query of punctuation only finds
    nothing.
    """
    expression = cjk.tsquery(query[:MAX_QUERY])
    if not expression:
        return Found([], more=False)
    asked = SearchQuery(expression, search_type="raw", config="english")
    start = (max(1, page) - 1) * PAGE_SIZE
    texts = ListingText.objects.filter(listing__visible=True, vector=asked)
    best = texts.filter(listing__campaign=OuterRef("campaign")).annotate(rank=SearchRank(F("vector"), asked))
    rows: Any = (
        filtered(browse, any_language=True)
        .filter(campaign__in=texts.values("listing__campaign"))
        .annotate(rank=Subquery(best.order_by("-rank").values("rank")[:1]), foreign=~Q(locale=browse.locale))
        .order_by("foreign", "-rank", "-trend", "-pk")[start : min(start + PAGE_SIZE + 1, MAX_RESULTS)]
    )
    listings: list[CampaignListing] = list(rows)
    return Found(listings[:PAGE_SIZE], more=len(listings) > PAGE_SIZE)
