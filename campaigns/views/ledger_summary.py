"""Where the money of a campaign is, as short tables that anybody can read."""

from typing import Any

from django.utils.translation import gettext

from funding.models import Escrow
from funding.money import format_money
from funding.services.proving import MoneySums


def money_table(escrow: Escrow) -> dict[str, Any]:
    """The context of components/statement.html: collected, refunded, released, and what is held now."""
    held = escrow.raised - escrow.released
    rows = [
        (gettext("Collected from backers"), escrow.captured),
        (gettext("Refunded to backers"), -escrow.refunded),
        (gettext("Taken back by banks in disputes"), -escrow.lost),
        (gettext("Released after success"), -escrow.released),
    ]
    shown = [row for row in rows if row[1] or row[0] != gettext("Taken back by banks in disputes")]
    caption = gettext("The campaign's money, to the smallest unit")
    return _table(escrow, caption, shown, (gettext("Held by us now"), held))


def raised_table(escrow: Escrow, sums: MoneySums) -> dict[str, Any]:
    """What came in and what went back."""
    rows = [(gettext("Collected from backers"), sums.captured), (gettext("Refunded to backers"), -sums.refunded)]
    if sums.lost:
        rows.append((gettext("Taken back by banks in disputes"), -sums.lost))
    return _table(escrow, gettext("What came in"), rows, (gettext("Raised"), sums.raised))


def outcome_table(escrow: Escrow, sums: MoneySums) -> dict[str, Any]:
    """What became of what was raised; the parts sum to it."""
    rows = [
        (gettext("Platform fee (%(rate)s %%)") % {"rate": f"{escrow.platform_fee_bps / 100:g}"}, sums.fee),
        (gettext("Compensation fund (%(rate)s %%)") % {"rate": f"{escrow.compensation_fund_bps / 100:g}"}, sums.fund),
        (gettext("Tax withheld"), sums.tax),
        (gettext("Paid out to the creator"), sums.paid),
        (gettext("Set aside for the creator"), sums.creator - sums.paid),
        (gettext("Held by us now"), sums.held),
    ]
    shown = [row for row in rows if row[1]] or rows[-1:]
    return _table(escrow, gettext("What became of it"), shown, (gettext("Together"), sum(row[1] for row in shown)))


def _table(escrow: Escrow, caption: str, rows: list[tuple[str, int]], total: tuple[str, int]) -> dict[str, Any]:
    def amount(value: int) -> str:
        return format_money(value, escrow.currency, exact=True)

    return {
        "caption": caption,
        "columns": [gettext("What"), gettext("Amount")],
        "rows": [{"cells": [label], "amount": amount(value)} for label, value in rows],
        "totals": [{"label": total[0], "amount": amount(total[1])}],
    }
