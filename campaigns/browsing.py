"""Walking the listings: filters, orders and cursors. Every card, facet, sort and feed reads through here."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.utils.translation import gettext_lazy as _

from campaigns.models import CampaignListing, Category
from cms.core.clock import AppNow
from cms.core.errors import InvalidInput
from cms.core.prepared import Prepared

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
# Beyond it the database knows no number of a column.
MOST = 2**63


@dataclass(frozen=True)
class Order:
    """A way to sort: the column that leads, and whether it falls. The row id breaks ties."""

    column: str
    falling: bool
    open_only: bool = False


ORDERS = {
    "trending": Order("trend", falling=True),
    "newest": Order("listed_at", falling=True),
    "ending": Order("deadline", falling=False, open_only=True),
    "most_funded": Order("percent_bps", falling=True),
}
# What a visitor calls a state, and the states of the money behind it.
STATES = {
    "prelaunch": ["prelaunch"],
    "open": ["open"],
    "on_hold": ["on_hold"],
    "closing": ["closing"],
    "succeeded": ["succeeded", "holding", "releasing", "released"],
    "failed": ["failed", "refunding", "refunded", "refund_blocked"],
    "cancelled": ["cancelling"],
}


@dataclass(frozen=True)
class Browse:
    """What a visitor asked to see. Empty strings mean "any"."""

    locale: str
    category: str = ""
    kind: str = ""
    state: str = ""
    order: str = "trending"
    cursor: str = ""
    size: int = PAGE_SIZE


@dataclass(frozen=True)
class ListingPage:
    """One screenful, and the cursor of the next (empty at the end)."""

    listings: list[CampaignListing]
    next_cursor: str


def browse(request: Browse) -> ListingPage:
    """One page of listings in one query, as fast at the end as at the start.

    Raises `InvalidInput` naming the field for an unknown order, state or a damaged cursor.
    """
    if request.order not in ORDERS:
        raise InvalidInput(_("There is no such order."), field="order")
    rows = _prepared(request).rows()
    size = _size(request)
    more = len(rows) > size
    return ListingPage(rows[:size], _cursor(rows[size - 1], ORDERS[request.order]) if more else "")


@lru_cache(512)
def _prepared(request: Browse) -> Prepared[CampaignListing]:
    """Its rows and one more. Most visitors ask the same."""
    order, listings = ORDERS[request.order], filtered(request)
    if order.open_only:
        listings = listings.filter(state="open", deadline__gt=AppNow())
    if request.cursor:
        listings = _after(listings, order, request.cursor)
    sign = "-" if order.falling else ""
    return Prepared(listings.order_by(f"{sign}{order.column}", f"{sign}id")[: _size(request) + 1])


def _size(request: Browse) -> int:
    return max(1, min(request.size, MAX_PAGE_SIZE))


def filtered(request: Browse, *, any_language: bool = False) -> QuerySet[Any]:
    """The visible listings that fit category, kind and state; each with its campaign's `key` and `category_name`.

    With `any_language`, a campaign that isn't told in the asked language shows as it is: one row a campaign always.
    """
    category = Category.objects.filter(slug=OuterRef("category_slug")).values(Category.name_column(request.locale))
    rows = CampaignListing.objects
    shown = rows.best_for(request.locale) if any_language else rows.visible(request.locale)
    visible = shown.annotate(key=F("campaign__key"), category_name=Subquery(category))
    listings: QuerySet[Any] = visible.in_category(request.category) if request.category else visible
    if request.kind:
        listings = listings.filter(kind=request.kind)
    if request.state:
        if request.state not in STATES:
            raise InvalidInput(_("There is no such state."), field="state")
        listings = listings.filter(state__in=STATES[request.state])
    return listings


def _cursor(row: CampaignListing, order: Order) -> str:
    value = getattr(row, order.column)
    plain = value.isoformat() if isinstance(value, datetime) else value
    return base64.urlsafe_b64encode(json.dumps([order.column, plain, row.pk]).encode()).decode().rstrip("=")


def _after(listings: QuerySet[Any], order: Order, cursor: str) -> QuerySet[Any]:
    column, value, pk = _read_cursor(cursor)
    if column != order.column:
        raise InvalidInput(_("That cursor belongs to another order."), field="cursor")
    lookup = TupleLessThan if order.falling else TupleGreaterThan
    # The row-value form uses the index; an OR of comparisons does not.
    return listings.filter(lookup(Tuple(order.column, "id"), (value, pk)))


def _read_cursor(cursor: str) -> tuple[str, Any, int]:
    try:
        column, value, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if column in ("listed_at", "deadline"):
            value = datetime.fromisoformat(value)
        elif not isinstance(value, int | float) or not abs(value) < MOST:
            raise ValueError("not a number of ours")
        if type(pk) is not int or not abs(pk) < MOST:
            raise ValueError("no row's id")
        return str(column), value, pk
    except (ValueError, TypeError, RecursionError, binascii.Error) as error:
        raise InvalidInput(_("That cursor is damaged. Start again without it."), field="cursor") from error
