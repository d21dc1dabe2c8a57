"""Figures of the platform, read from the escrows that the ledger's audit checks: nothing here is ever typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.utils.translation import gettext_lazy as _

from funding.models import Escrow
from funding.money import BASIS

MEASURES = {
    "raised": _("Raised"),
    "held": _("In our keeping now"),
    "released": _("Handed over to creators"),
    "refunded": _("Given back to backers"),
    "backers": _("Backings"),
    "campaigns": _("Campaigns"),
    "funded": _("Campaigns that reached their goal"),
    "success_rate": _("Reach their goal"),
}
_MONEY = {
    "raised": F("captured") - F("refunded") - F("lost"),
    "held": F("captured") - F("refunded") - F("lost") - F("released"),
    "released": F("released"),
    "refunded": F("refunded"),
}


@dataclass(frozen=True)
class Asked:
    """Which campaigns: of a branch of the tree, launched within these days. Empty is all."""

    category: str = ""
    since: date | str | None = None
    until: date | str | None = None


def measure(names: Iterable[str], asked: Asked) -> list[dict[str, Any]]:
    """`[{measure, money: [{amount, currency}], count, percent_bps}]` in the order asked for, as it is now; one query.

    Money is in minor units, one entry a currency, the largest first; unknown names are left out.
    """
    rows = list(_escrows(asked).values("currency").annotate(**_sums()).order_by("currency"))
    return [_figure(name, rows) for name in names if name in MEASURES]


def _escrows(asked: Asked) -> Any:
    found = Escrow.objects.all()
    if asked.category:
        branch = Q(campaign__category__slug=asked.category) | Q(campaign__category__parent__slug=asked.category)
        found = found.filter(branch)
    if asked.since:
        found = found.filter(launched_at__date__gte=asked.since)
    if asked.until:
        found = found.filter(launched_at__date__lte=asked.until)
    return found


def _sums() -> dict[str, Any]:
    decided = Q(decision__isnull=False)
    return {
        **{f"sum_{name}": Sum(expression) for name, expression in _MONEY.items()},
        "sum_backers": Sum("backers"),
        "sum_campaigns": Count("pk"),
        "sum_funded": Count("pk", filter=Q(decision__outcome="succeeded")),
        "sum_decided": Count("pk", filter=decided),
    }


def _figure(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    empty: dict[str, Any] = {"measure": name, "money": [], "count": None, "percent_bps": None}
    if name in _MONEY:
        money = [{"amount": row[f"sum_{name}"], "currency": row["currency"]} for row in rows if row[f"sum_{name}"]]
        return {**empty, "money": sorted(money, key=lambda one: -one["amount"])}
    if name == "success_rate":
        decided = sum(row["sum_decided"] for row in rows)
        funded = sum(row["sum_funded"] for row in rows)
        return {**empty, "percent_bps": funded * BASIS // decided if decided else None}
    return {**empty, "count": sum(row[f"sum_{name}"] or 0 for row in rows)}


def campaign_figures(escrow: Escrow | None) -> list[dict[str, Any]]:
    """Raised, share of the goal, backers of one campaign as its escrow says; nothing before its launch. No query."""
    if escrow is None:
        return []
    none: dict[str, Any] = {"money": [], "count": None, "percent_bps": None}
    return [
        {**none, "measure": "raised", "money": [{"amount": escrow.raised, "currency": escrow.currency}]},
        {**none, "measure": "goal_share", "percent_bps": escrow.raised * BASIS // escrow.goal},
        {**none, "measure": "backers", "count": escrow.backers},
    ]
