"""What a page of the desk offers beside the fields of a row: buttons for who may press them, and small tables."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cms.mail.services import ERASED_ADDRESS
from funding.desk.columns import instant, pill_html
from funding.desk.labels import METHODS
from funding.desk.permissions import ACTORS, holds_any
from funding.models import (
    Alert,
    CreatorDebt,
    Dispute,
    Escrow,
    GatewayCommand,
    HoldDecision,
    Journal,
    LateRefund,
    Payout,
    PayoutAccount,
    PayoutFreeze,
    Pledge,
    PledgeLine,
    Refund,
    RefundClaim,
    WebhookEvent,
)
from funding.models.payees import BANK
from funding.models.payouts import BankStatus
from funding.money import format_money
from funding.services.erasing import ERASERS
from funding.states import (
    ESCROW,
    ClaimState,
    CommandState,
    DecisionState,
    DisputeState,
    EscrowState,
    PayoutState,
    PledgeState,
    RefundState,
)


def for_row(user: Any, row: Any) -> list[dict[str, Any]]:
    """Buttons that make sense for the row's state: finance's, and support's for a person who wants to be forgotten."""
    offered: list[Offer] = []
    if holds_any(user, ACTORS):
        offered += _OFFERS.get(type(row), lambda _row: [])(row)
    if isinstance(row, Pledge) and row.email != ERASED_ADDRESS and holds_any(user, ERASERS):
        offered.append((_("Erase this person's data"), "erase_person", row.pk, True))
    return [
        {"label": label, "url": reverse(f"funding_desk:{name}", args=[pk]), "serious": serious}
        for label, name, pk, serious in offered
    ]


Offer = tuple[str, str, object, bool]


def _pledge(row: Pledge) -> list[Offer]:
    return [(_("Refund"), "refund_pledge", row.pk, True)] if row.state == PledgeState.PAID else []


def _refund(row: Refund) -> list[Offer]:
    claimed = RefundClaim.objects.filter(refund=row, state=ClaimState.OPEN).exists()
    again = row.state == RefundState.FAILED or claimed
    return [(_("Try again"), "retry_refund", row.pk, False)] if again else []


def _event(row: WebhookEvent) -> list[Offer]:
    return [(_("Handle again"), "handle_event", row.pk, False)]


def _command(row: GatewayCommand) -> list[Offer]:
    unfinished = row.state in (CommandState.PLANNED, CommandState.UNKNOWN, CommandState.SENDING)
    return [(_("Try now"), "retry_command", row.pk, False)] if unfinished else []


def _payout(row: Payout) -> list[Offer]:
    if row.state == PayoutState.SCHEDULED and not row.failure_code:
        return [(_("Approve"), "approve_payout", row.pk, False)]
    if row.bank_orders.filter(attempt=row.attempt).exists():
        paid = [(_("Paid by the bank"), "enter_paid", row.pk, False)] if row.state == PayoutState.SUBMITTING else []
        return [*paid, (_("Sent back by the bank"), "enter_returned", row.pk, True)]
    if row.state in (PayoutState.SCHEDULED, PayoutState.APPROVED):
        return [(_("Try now"), "retry_payout", row.pk, False)]
    if row.state == PayoutState.PAID and row.bank_status == BankStatus.FAILED:
        return [(_("Take the transfer back"), "take_payout_back", row.pk, True)]
    return []


def _account(row: PayoutAccount) -> list[Offer]:
    if row.provider != BANK or row.replaced_at or not row.details_submitted or row.transfers_enabled:
        return []
    return [(_("Check it"), "check_bank", row.pk, False), (_("Send back"), "refuse_bank", row.pk, True)]


def _claim(row: RefundClaim) -> list[Offer]:
    if row.state != ClaimState.OPEN:
        return []
    return [
        (_("Try the provider again"), "retry_refund", row.refund_id, False),
        (_("Paid by bank transfer"), "pay_claim", row.pk, True),
    ]


def _decision(row: HoldDecision) -> list[Offer]:
    if row.state != DecisionState.PROPOSED:
        return []
    return [(_("Confirm"), "confirm_hold", row.pk, True), (_("Withdraw"), "withdraw_hold", row.pk, False)]


def _late(row: LateRefund) -> list[Offer]:
    if row.state != DecisionState.PROPOSED:
        return []
    return [(_("Confirm"), "confirm_late_refund", row.pk, True), (_("Withdraw"), "withdraw_late_refund", row.pk, False)]


def _escrow(row: Escrow) -> list[Offer]:
    offered = [
        (_("Put on hold"), "hold_escrow", EscrowState.ON_HOLD, False),
        (_("Resume"), "resume_escrow", EscrowState.OPEN, False),
        (_("Call off and refund everybody"), "cancel_escrow", EscrowState.CANCELLING, True),
    ]
    possible = [
        (label, name, row.pk, serious) for label, name, target, serious in offered if ESCROW.allows(row.state, target)
    ]
    decide = [(_("Release or refund now"), "decide_hold", row.pk, True)] if row.state == EscrowState.HOLDING else []
    return [*possible, *decide]


def _freeze(row: PayoutFreeze) -> list[Offer]:
    return [(_("Let payouts go on"), "agree_to_lift", row.pk, True)] if row.lifted_at is None else []


def _dispute(row: Dispute) -> list[Offer]:
    open_still = row.state in (DisputeState.WARNING, DisputeState.NEEDS_RESPONSE)
    if not open_still or row.evidence_sent_at or row.accepted_at:
        return []
    return [
        (_("Submit evidence"), "submit_evidence", row.pk, False), (_("Accept it"), "accept_dispute", row.pk, True),
    ]  # fmt: skip


def _debt(row: CreatorDebt) -> list[Offer]:
    if not row.open_amount:
        return []
    return [
        (_("Paid by bank transfer"), "recover_debt", row.pk, False),
        (_("Write it off"), "write_off_debt", row.pk, True),
    ]


def _alert(row: Alert) -> list[Offer]:
    return [(_("Close it"), "resolve_alert", row.pk, False)] if row.resolved_at is None else []


_OFFERS: dict[type, Callable[[Any], list[Offer]]] = {
    Pledge: _pledge, Refund: _refund, Payout: _payout, Escrow: _escrow, WebhookEvent: _event, GatewayCommand: _command,
    Alert: _alert, PayoutFreeze: _freeze, Dispute: _dispute, CreatorDebt: _debt, RefundClaim: _claim,
    HoldDecision: _decision, LateRefund: _late, PayoutAccount: _account,
}  # fmt: skip


def lines_table(pledge: Any) -> dict[str, Any]:
    """What a pledge is for."""
    rows = [
        [line.reward, line.variant or "", line.quantity, format_money(line.unit_price, pledge.currency, exact=True)]
        for line in pledge.lines.select_related("reward", "variant").order_by("pk")
    ]
    return {"title": _("Lines"), "header": [_("Reward"), _("Variant"), _("Quantity"), _("Price")], "rows": rows}


def amendment_lines_table(amendment: Any) -> dict[str, Any]:
    """What a pledge is to be for."""
    currency = amendment.pledge.currency
    lines = PledgeLine.objects.filter(amendment=amendment).select_related("reward", "variant").order_by("pk")
    rows = [
        [line.reward, line.variant or "", line.quantity, format_money(line.unit_price, currency, exact=True)]
        for line in lines
    ]
    return {"title": _("Lines"), "header": [_("Reward"), _("Variant"), _("Quantity"), _("Price")], "rows": rows}


def amendments_table(pledge: Any) -> dict[str, Any]:
    """The changes of a pledge."""
    rows = [
        [
            amendment.pk, pill_html(amendment.state), instant(amendment.created_at),
            format_money(amendment.previous_total, pledge.currency, exact=True),
            format_money(amendment.total, pledge.currency, exact=True),
        ]
        for amendment in pledge.amendments.order_by("pk")
    ]  # fmt: skip
    header = [_("Amendment"), _("State"), _("Proposed"), _("Before"), _("After")]
    return {"title": _("Amendments"), "header": header, "rows": rows}


def refunds_table(amendment: Any) -> dict[str, Any]:
    """What an amendment gives back."""
    rows = [
        [refund.pk, pill_html(refund.state), format_money(refund.amount, refund.currency, exact=True)]
        for refund in amendment.refunds.order_by("pk")
    ]
    return {"title": _("Refunds"), "header": [_("Refund"), _("State"), _("Amount")], "rows": rows}


def payments_table(pledge: Any) -> dict[str, Any]:
    """The checkouts of a pledge."""
    rows = [
        [
            payment.pk, pill_html(payment.state), METHODS.get(payment.method, payment.method),
            instant(payment.succeeded_at), format_money(payment.captured, payment.currency, exact=True),
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
