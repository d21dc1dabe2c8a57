"""What is featured, now or at a time that has passed."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns.api.browsing import LOCALE
from campaigns.models import CampaignListing
from cms.core import clock
from cms.core.api import Anonymous, Instant, Shape, instant, locale_of, public
from cms.core.errors import InvalidInput
from home.models.curation import SlotKind
from home.selectors.featured import Featured, featured_at


class FeaturedData(Shape):
    """A campaign in a place on the home page. `paid`: the place was paid for, and readers have to be told."""

    position = serializers.IntegerField(help_text="1 is the large one.")
    campaign = serializers.CharField(help_text="Its key.")
    title = serializers.CharField()
    url = serializers.CharField()
    kind = serializers.ChoiceField(SlotKind.values)
    paid = serializers.BooleanField()
    starts_at = Instant()
    ends_at = Instant(allow_null=True)


class FeaturedList(Shape):
    """`at`: the instant of which the list speaks."""

    at = Instant()
    items = FeaturedData(many=True)


class FeaturedView(Anonymous):
    """What editors chose to show, and when it was bought."""

    @extend_schema(
        operation_id="featured", tags=["campaigns"], responses=FeaturedList,
        parameters=[
            LOCALE, OpenApiParameter("at", str, description="An instant that has passed, ISO 8601; now unless given."),
        ],
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """By position, without what was suspended, called off or unpublished at that time."""
        now, locale = clock.now(), locale_of(request)
        moment = now
        if asked := request.GET.get("at"):
            try:
                moment = serializers.DateTimeField().run_validation(asked)
            except serializers.ValidationError as error:
                raise InvalidInput(str(error.detail[0]), field="at") from error  # type: ignore[index]
            if moment > now:
                raise InvalidInput("`at` lies in the future: plans are the editors'.", field="at")
        rows = [row for row in featured_at(moment, locale=locale) if _shown(row)]
        return public(Response({"at": instant(moment), "items": [_told(row) for row in rows]}), seconds=10, shared=60)


def _shown(row: Featured) -> bool:
    return row.listing is not None and row.listing.visible and row.absence is None


def _told(row: Featured) -> dict[str, Any]:
    listing: CampaignListing = row.listing  # type: ignore[assignment]
    return {
        "position": row.slot.position,
        "campaign": row.slot.campaign.key,
        "title": listing.title,
        "url": listing.url_path,
        "kind": row.slot.kind,
        "paid": row.slot.kind == SlotKind.PAID,
        "starts_at": instant(row.slot.starts_at),
        "ends_at": instant(row.slot.ends_at),
    }
