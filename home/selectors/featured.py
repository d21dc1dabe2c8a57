"""What is featured now, and what was at any time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q
from django.utils.translation import get_language, gettext

from campaigns.models import CampaignListing
from campaigns.views import wording
from home.models import FeaturedAbsence, FeaturedSlot
from home.models.curation import NOT_FEATURED


@dataclass(frozen=True)
class Featured:
    """A slot at a time; `listing` is the campaign's card, `absence` says since when and why it wasn't shown."""

    slot: FeaturedSlot
    listing: CampaignListing | None
    absence: FeaturedAbsence | None = None

    @property
    def title(self) -> str:
        """The campaign's, in the reader's language where there is one."""
        return self.listing.title if self.listing else self.slot.campaign.key

    @property
    def why(self) -> str:
        """Why it wasn't shown, in words."""
        if self.absence is None or self.absence.why == "hidden":
            return gettext("unpublished")
        return wording.state_label(self.absence.why)


def featured_now(locale: str) -> list[Featured]:
    """What editors chose for now, in their order; what is suspended, called off or unpublished falls out."""
    slots = list(FeaturedSlot.objects.current().seen_in(locale))
    found = CampaignListing.objects.visible(locale).exclude(state__in=NOT_FEATURED)
    listings = {row.campaign_id: row for row in found.filter(campaign__in=[slot.campaign_id for slot in slots])}
    return [Featured(slot, listings[slot.campaign_id]) for slot in slots if slot.campaign_id in listings]


def featured_at(moment: datetime, *, locale: str | None = None) -> list[Featured]:
    """What was on the home page at an instant, to the minute: the slots of that time, with what kept one from showing.

    Three queries however many there are.
    """
    slots = FeaturedSlot.objects.at(moment).select_related("campaign", "chosen_by")
    if locale is not None:
        slots = slots.seen_in(locale)
    absent = FeaturedAbsence.objects.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)
    rows = slots.prefetch_related("campaign__listings", Prefetch("absences", absent, to_attr="absent_then"))
    return [_then(slot, locale or get_language() or "en") for slot in rows]


def _then(slot: Any, locale: str) -> Featured:
    by_locale = {row.locale: row for row in slot.campaign.listings.all()}
    listing = by_locale.get(locale) or next(iter(by_locale.values()), None)
    return Featured(slot, listing, next(iter(slot.absent_then), None))
