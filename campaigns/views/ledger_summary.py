"""Where the money of a campaign is, as a short table that anybody can read."""

from typing import Any

from django.utils.translation import gettext

from funding.models import Escrow
from funding.money import format_money


def money_table(escrow: Escrow) -> dict[str, Any]:
    """The context of components/statement.html: collected, refunded, released, and what is held now."""
    held = escrow.held

    def row(label: str, amount: int) -> dict[str, Any]:
        return {"cells": [label], "amount": format_money(amount, escrow.currency, exact=True)}

    return {
        "caption": gettext("The campaign's money, to the smallest unit"),
        "columns": [gettext("What"), gettext("Amount")],
        "rows": [
            row(gettext("Collected from backers"), escrow.captured),
            row(gettext("Refunded to backers"), -escrow.refunded),
            row(gettext("Released after success"), -escrow.released),
        ],
        "totals": [
            {"label": gettext("Held by us now"), "amount": format_money(held, escrow.currency, exact=True)},
        ],
    }
