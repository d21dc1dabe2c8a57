"""Campaigns for everybody: the list, and each one's story, rewards, updates, live numbers and history."""

from collections.abc import Iterable
from typing import Any

from django.db.models.fields.json import KT
from django.http import Http404
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from campaigns import selectors
from campaigns.api import reading, shapes
from campaigns.browsing import STATES, Browse
from campaigns.models import CampaignUpdate, Category
from campaigns.models.campaign import CampaignKind
from campaigns.services import addresses
from campaigns.services.comparing_versions import changes_between
from cms.core.api import Anonymous, ApiView, instant, keyset, locale_of, public, sealed, tag, user_of
from cms.core.api.paging import limit
from cms.core.errors import InvalidInput
from cms.images import streams
from funding.api.shapes import Funding as FundingData
from funding.api.shapes import funding

LOCALE = OpenApiParameter("locale", str, enum=shapes.LOCALES, description="`en` unless given.")
SECRET = OpenApiParameter("secret", str, description="Of the link to a secret reward.")
CURSOR = OpenApiParameter("cursor", str, description="From `next_cursor` of the window before.")
LIMIT = OpenApiParameter("limit", int, description="1 to 100, 20 unless given.")
FILTERS = [
    OpenApiParameter("category", str, description="A slug; a root stands for its branch."),
    OpenApiParameter("kind", str, enum=CampaignKind.values),
    OpenApiParameter("state", str, enum=list(STATES)),
]


def browse_of(request: Request) -> Browse:
    """The filters of a request, checked. Raises `InvalidInput`, or `Http404` for an unknown category."""
    query = request.GET
    if "offset" in query:
        raise InvalidInput(_("Walk this list by `cursor`: take `next_cursor` of each answer."), field="offset")
    kind, category = query.get("kind", ""), query.get("category", "")
    if kind and kind not in CampaignKind.values:
        raise InvalidInput(_("There is no such kind."), field="kind")
    if category and not Category.objects.filter(slug=category).exists():
        raise Http404
    return Browse(
        locale=locale_of(request), category=category, kind=kind, state=query.get("state", ""),
        order=query.get("order", "") or "trending", cursor=query.get("cursor", ""), size=limit(request),
    )  # fmt: skip


def cards(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Cards of rows of `browse` or a search; no query."""
    return [shapes.card(row) for row in rows]


class Campaign(Anonymous):
    """One campaign's promise: story, terms, who makes it."""

    @extend_schema(operation_id="campaign", tags=["campaigns"], parameters=[LOCALE], responses=shapes.CampaignData)
    def get(self, request: Request, key: str) -> Response:
        """In a language, else in whichever there is: `locale` says which."""
        return public(Response(reading.detail(key, locale_of(request))), seconds=10, shared=60)


class Rewards(Anonymous):
    """What backers may choose, with what is left of it."""

    @extend_schema(
        operation_id="campaign_rewards", tags=["campaigns"], parameters=[LOCALE, SECRET], responses=shapes.RewardList
    )
    def get(self, request: Request, key: str) -> Response:
        """All rewards that everybody may choose; with the `secret` of a link, that one too."""
        found = reading.shown(key, locale_of(request))
        if opened := selectors.opened_rewards(key, request.GET.get("secret", "")):
            return sealed(Response({"items": reading.rewards(found, opened=opened)}))
        return public(Response({"items": reading.rewards(found)}), seconds=2)


class Updates(ApiView):
    """News from the creator: public ones for everybody, backers-only ones for those who may read them."""

    @extend_schema(
        operation_id="campaign_updates", tags=["campaigns"], parameters=[LOCALE, CURSOR, LIMIT],
        responses=shapes.UpdatePage,
    )  # fmt: skip
    def get(self, request: Request, key: str) -> Response:
        """Newest first; each once, in the language asked for where it exists."""
        locale = locale_of(request)
        campaign = reading.shown(key, locale).campaign
        rows = selectors.updates_visible_to(campaign, request.user, locale)
        window = keyset(rows, by="published_at", request=request)
        bodies = streams.render([row.body for row in window.rows])
        items = [_update(row, body) for row, body in zip(window.rows, bodies, strict=True)]
        response = Response({"items": items, "next_cursor": window.next_cursor})
        if user_of(request) is not None:
            return sealed(response)
        patch_vary_headers(response, ["Cookie", "X-Session-Token"])
        return public(response, seconds=10, shared=30)


def _update(row: CampaignUpdate, body: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "key": row.key,
        "title": row.title,
        "locale": row.locale,
        "audience": row.audience,
        "published_at": instant(row.published_at),
        "url": addresses.update(row.key, row.locale),
        "body": body,
    }


class Funding(Anonymous):
    """Live numbers, made to be asked often."""

    @extend_schema(
        operation_id="campaign_funding", tags=["campaigns"],
        responses=FundingData,
    )  # fmt: skip
    def get(self, request: Request, key: str) -> Response:
        """As they are this second. The ETag stays while nothing but the time has changed."""
        numbers = reading.live_numbers(key)
        if numbers is None:
            raise Http404
        data = funding(numbers)
        response = Response(data)
        # That time passes is no change, but for the deadline.
        response["ETag"] = tag(repr({**data, "now": numbers.now >= numbers.deadline}).encode())
        return public(response, seconds=1, shared=2)


class History(Anonymous):
    """All versions of what was promised, newest first."""

    @extend_schema(
        operation_id="campaign_history", tags=["campaigns"], parameters=[LOCALE, CURSOR, LIMIT],
        responses=shapes.VersionPage,
    )  # fmt: skip
    def get(self, request: Request, key: str) -> Response:
        """A window on the versions of one language."""
        found = reading.shown(key, locale_of(request))
        rows = selectors.history(found.campaign, found.listing.locale).annotate(title=KT("content__title"))
        window = keyset(rows.defer("content"), by="number", request=request)
        items = [_version(row, found) for row in window.rows]
        return public(Response({"items": items, "next_cursor": window.next_cursor}), seconds=10, shared=60)


class Version(Anonymous):
    """One version of what was promised."""

    @extend_schema(
        operation_id="campaign_version", tags=["campaigns"], parameters=[LOCALE], responses=shapes.VersionChanges
    )
    def get(self, request: Request, key: str, number: int) -> Response:
        """With what changed since the one before, word by word. It never changes again."""
        found = reading.shown(key, locale_of(request))
        kept = selectors.history(found.campaign, found.listing.locale).filter(number__lte=min(number, 2**31 - 1))
        rows = kept.annotate(title=KT("content__title"))
        after, before = [*rows[:2], None, None][:2]
        if after is None or after.number != number:
            raise Http404
        changes = list(shapes.changes(changes_between(before, after))) if before else []
        told = _version(after, found, title=after.content["title"])
        return public(Response({**told, "changes": changes}), seconds=60, shared=3600)


def _version(row: Any, found: reading.Shown, *, title: str | None = None) -> dict[str, Any]:
    return {
        "number": row.number,
        "hash": row.hash,
        "locale": row.locale,
        "made_at": instant(row.made_at),
        "reason": row.reason,
        "title": row.title if title is None else title,
        "url": addresses.absolute(f"/{row.locale}/history/{found.campaign.key}/{row.number}/"),
    }
