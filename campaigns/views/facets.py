"""The filters above a list, as a form that works without scripts."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language, gettext

from campaigns.browsing import ORDERS, STATES, Browse
from campaigns.models import Category
from campaigns.models.campaign import CampaignKind

ALL = ("category", "kind", "state", "order")


def chosen(query: QueryDict, *, names: Iterable[str] = ALL) -> dict[str, str]:
    """What the address says, without the empty ones and what no text of the database could hold."""
    return {name: value for name in names if (value := query.get(name, "").replace("\x00", "")[:60])}


def request_of(choice: dict[str, str], *, locale: str, cursor: str = "") -> Browse:
    """The choice as what the listings are asked."""
    return Browse(
        locale=locale,
        category=choice.get("category", ""),
        kind=choice.get("kind", ""),
        state=choice.get("state", ""),
        order=choice.get("order", "trending"),
        cursor=cursor,
    )


def facets(choice: dict[str, str], *, names: Iterable[str] = ALL) -> list[dict[str, Any]]:
    """The context of components/facets.html."""
    options = {"category": _categories, "kind": _kinds, "state": _states, "order": _orders}
    labels = {
        "category": gettext("Category"),
        "kind": gettext("Kind"),
        "state": gettext("State"),
        "order": gettext("Order"),
    }
    return [
        {
            "name": name,
            "label": labels[name],
            "options": [
                {"value": value, "label": label, "selected": choice.get(name, "") == value}
                for value, label in options[name]()
            ],
        }
        for name in names
    ]


def _categories() -> list[tuple[str, str]]:
    language = get_language() or "en"
    found = [("", gettext("All categories"))]
    tree = list(Category.objects.all())
    for root in (category for category in tree if category.parent_id is None):
        found.append((root.slug, root.name(language)))
        found += [(leaf.slug, f"– {leaf.name(language)}") for leaf in tree if leaf.parent_id == root.pk]
    return found


def _kinds() -> list[tuple[str, str]]:
    return [("", gettext("All kinds")), *((str(kind.value), str(kind.label)) for kind in CampaignKind)]


def _states() -> list[tuple[str, str]]:
    labels = {
        "prelaunch": gettext("Not open yet"),
        "open": gettext("Open"),
        "on_hold": gettext("On hold"),
        "closing": gettext("Closing"),
        "succeeded": gettext("Goal reached"),
        "failed": gettext("Goal missed"),
        "cancelled": gettext("Called off"),
    }
    return [("", gettext("All states")), *((state, labels[state]) for state in STATES)]


def _orders() -> list[tuple[str, str]]:
    labels = {
        "trending": gettext("Trending"),
        "newest": gettext("Newest"),
        "ending": gettext("Ending soon"),
        "most_funded": gettext("Most funded"),
    }
    return [("" if order == "trending" else order, labels[order]) for order in ORDERS]
