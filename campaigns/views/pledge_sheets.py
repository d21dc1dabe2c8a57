"""A pledge as a sheet of amounts: what was chosen, what it cost, what went back."""

from typing import Any

from django.utils.translation import gettext

from cms.core import moments
from funding.models import Pledge, Refund
from funding.money import format_money
from funding.states import AmendmentState, RefundState


def lines_sheet(pledge: Pledge, locale: str) -> dict[str, Any]:
    """The context of components/statement.html: lines, shipping, extra, total."""

    def amount(value: int) -> str:
        return format_money(value, pledge.currency, exact=True)

    rows = [
        {"cells": [line_title(line, locale), str(line.quantity)], "amount": amount(line.quantity * line.unit_price)}
        for line in pledge.lines.all()
    ]
    if pledge.shipping_amount:
        rows.append({"cells": [gettext("Shipping"), ""], "amount": amount(pledge.shipping_amount)})
    if pledge.extra_amount:
        rows.append({"cells": [gettext("Extra sum"), ""], "amount": amount(pledge.extra_amount)})
    return {
        "caption": gettext("What you chose"),
        "columns": [gettext("Reward"), gettext("Quantity"), gettext("Amount")],
        "rows": rows,
        "totals": [{"label": gettext("Total"), "amount": amount(pledge.total)}],
    }


def refunds_sheet(pledge: Pledge, *, zone: str) -> dict[str, Any] | None:
    """What went or goes back, or None."""
    refunds = Refund.objects.filter(payment__pledge=pledge).order_by("pk")
    rows = [
        {
            "cells": [
                moments.date_text(refund.succeeded_at or refund.requested_at, zone=zone),
                _refund_state(refund.state),
            ],
            "amount": format_money(refund.amount, refund.currency, exact=True),
        }
        for refund in refunds
    ]
    if not rows:
        return None
    columns = [gettext("Date"), gettext("State"), gettext("Amount")]
    return {"caption": gettext("Refunds"), "columns": columns, "rows": rows}


def changes_sheet(pledge: Pledge, *, zone: str) -> dict[str, Any] | None:
    """What was changed since the pledge was placed: from, to, and what it cost or gave back; or None."""

    def amount(value: int) -> str:
        return format_money(value, pledge.currency, exact=True)

    applied = pledge.amendments.filter(state=AmendmentState.APPLIED).order_by("pk")
    rows = [
        {
            "cells": [
                moments.date_text(row.ended_at or row.created_at, zone=zone),
                f"{amount(row.previous_total)} → {amount(row.total)}",
            ],
            "amount": ("+" if row.difference > 0 else "−" if row.difference < 0 else "") + amount(abs(row.difference)),
        }
        for row in applied
    ]
    if not rows:
        return None
    columns = [gettext("Date"), gettext("Total"), gettext("Difference")]
    return {"caption": gettext("Changes"), "columns": columns, "rows": rows}


def open_change(pledge: Pledge, *, zone: str, drop_url: str) -> dict[str, str] | None:
    """The change that waits, in words, with its checkout and the way out; or None."""
    row = next((row for row in pledge.amendments.all() if row.is_open), None)
    if row is None:
        return None
    amount = format_money(abs(row.difference), pledge.currency, exact=True)
    if row.state == AmendmentState.REFUNDING:
        text = gettext("Your pledge is being changed: %(amount)s is on its way back to you.")
        return {"text": text % {"amount": amount}, "pay_url": "", "drop_url": ""}
    payment = row.payments.first()
    text = gettext("Your change waits for its payment of %(amount)s. What is new is kept for you until %(when)s.")
    return {
        "text": text % {"amount": amount, "when": moments.time_text(row.expires_at, zone=zone)},
        "pay_url": payment.checkout_url if payment else "",
        "drop_url": drop_url,
    }


def lines_text(pledge: Pledge, locale: str) -> str:
    """The choice in one line: "2 × Early bird, 1 × Sticker"."""
    parts = [f"{line.quantity} × {line_title(line, locale)}" for line in pledge.lines.all()]
    if pledge.extra_amount:
        extra = format_money(pledge.extra_amount, pledge.currency)
        parts.append(gettext("%(amount)s extra") % {"amount": extra} if parts else extra)
    return ", ".join(parts)


def line_title(line: Any, locale: str) -> str:
    """A reward's title with its variant."""
    title = str(line.reward.title(locale))
    return f"{title} ({line.variant.name(locale)})" if line.variant else title


def _refund_state(state: str) -> str:
    return {
        RefundState.SUCCEEDED: gettext("Returned"),
        RefundState.FAILED: gettext("Failed; we look into it"),
    }.get(RefundState(state), gettext("On its way"))
