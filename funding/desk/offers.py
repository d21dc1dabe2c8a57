"""What a page of the desk offers beside the fields of a row: buttons for who may press them, and small tables."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from funding.desk.columns import instant, pill_html
from funding.desk.permissions import ACTORS, holds_any
from funding.models import Escrow, GatewayCommand, Journal, Payout, Pledge, Refund, WebhookEvent
from funding.money import format_money
from funding.states import ESCROW, CommandState, EscrowState, PayoutState, PledgeState, RefundState


def for_row(user: Any, row: Any) -> list[dict[str, Any]]:
    """Buttons that make sense for the row's state, for finance only."""
    if not holds_any(user, ACTORS):
        return []
    found: list[tuple[str, str, object, bool]] = []
    match row:
        case Pledge():
            if row.state == PledgeState.PAID:
                found.append((_("Refund"), "refund_pledge", row.pk, True))
        case Refund():
            if row.state == RefundState.FAILED or (row.state == RefundState.REQUESTED and row.failure_code):
                found.append((_("Try again"), "retry_refund", row.pk, False))
        case Payout():
            found += _payout(row)
        case Escrow():
            found += _escrow(row)
        case WebhookEvent():
            found.append((_("Handle again"), "handle_event", row.pk, False))
        case GatewayCommand():
            if row.state in (CommandState.PLANNED, CommandState.UNKNOWN, CommandState.SENDING):
                found.append((_("Try now"), "retry_command", row.pk, False))
    return [
        {"label": label, "url": reverse(f"funding_desk:{name}", args=[pk]), "serious": serious}
        for label, name, pk, serious in found
    ]


def _payout(row: Payout) -> list[tuple[str, str, object, bool]]:
    if row.state == PayoutState.SCHEDULED and not row.failure_code:
        return [(_("Approve"), "approve_payout", row.pk, False)]
    if row.state in (PayoutState.SCHEDULED, PayoutState.APPROVED):
        return [(_("Try now"), "retry_payout", row.pk, False)]
    return []


def _escrow(row: Escrow) -> list[tuple[str, str, object, bool]]:
    offered = [
        (_("Put on hold"), "hold_escrow", EscrowState.ON_HOLD, False),
        (_("Resume"), "resume_escrow", EscrowState.OPEN, False),
        (_("Call off and refund everybody"), "cancel_escrow", EscrowState.CANCELLING, True),
    ]
    return [(label, name, row.pk, serious) for label, name, target, serious in offered if ESCROW.allows(row.state, target)]


def lines_table(pledge: Any) -> dict[str, Any]:
    """What a pledge is for."""
    rows = [
        [line.reward, line.variant or "", line.quantity, format_money(line.unit_price, pledge.currency, exact=True)]
        for line in pledge.lines.select_related("reward", "variant").order_by("pk")
    ]
    return {"title": _("Lines"), "header": [_("Reward"), _("Variant"), _("Quantity"), _("Price")], "rows": rows}


def payments_table(pledge: Any) -> dict[str, Any]:
    """The checkouts of a pledge."""
    rows = [
        [
            payment.pk, pill_html(payment.state), payment.method, instant(payment.succeeded_at),
            format_money(payment.captured, payment.currency, exact=True),
        ]
        for payment in pledge.payments.order_by("pk")
    ]  # fmt: skip
    header = [_("Payment"), _("State"), _("Method"), _("Succeeded"), _("Captured")]
    return {"title": _("Payments"), "header": header, "rows": rows}


def approvals_table(payout: Any) -> dict[str, Any]:
    """Who said yes to a payout."""
    approvals = payout.approvals.select_related("approver").order_by("pk")
    rows = [[approval.approver, instant(approval.approved_at)] for approval in approvals]
    return {"title": _("Approvals"), "header": [_("Who"), _("Time")], "rows": rows}


def entries_table(journal: Journal | Any) -> dict[str, Any]:
    """The entries of a journal."""
    rows = [
        [entry.debit.code, entry.credit.code, format_money(entry.amount, entry.currency, exact=True)]
        for entry in journal.entries.select_related("debit", "credit").order_by("pk")
    ]
    return {"title": _("Entries"), "header": [_("Debit"), _("Credit"), _("Amount")], "rows": rows}
