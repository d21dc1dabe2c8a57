"""What a receipt or credit note says, as JSON that is written once: both languages, minor units, days of its issuer.

Nothing in it names the backer; see `Document`.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from funding.models import Dispute, Document, Escrow, Payment, Pledge, PledgeLine, Refund

Content = dict[str, Any]


def issuer_zone() -> ZoneInfo:
    """Where the issuer's days begin."""
    return ZoneInfo(settings.DOCUMENT_ISSUER["zone"])


def lines_of(pledges: Iterable[UUID]) -> dict[UUID, list[Content]]:
    """The lines of many pledges as a receipt prints them, in one query."""
    found: dict[UUID, list[Content]] = {}
    for line in PledgeLine.agreed.filter(pledge__in=list(pledges)).select_related("reward", "variant").order_by("pk"):
        found.setdefault(line.pledge_id, []).append({
            "reward": line.reward.key, "titles": line.reward.titles,
            "variant": line.variant.names if line.variant else {}, "quantity": line.quantity,
            "unit_price": line.unit_price, "amount": line.quantity * line.unit_price,
        })  # fmt: skip
    return found


def of_payment(payment: Payment, lines: list[Content]) -> Content:
    """A receipt. A payment of less or more than the pledge's total is a part of a pledge that was changed: one line."""
    pledge, escrow = payment.pledge, payment.pledge.escrow
    whole = payment.amendment_id is None and payment.amount == pledge.total
    return {
        **_head(pledge, escrow),
        "lines": lines if whole else [],
        "shipping": pledge.shipping_amount if whole else 0,
        "extra": pledge.extra_amount if whole else 0,
        "part_of": None if whole else pledge.total,
        "payment": _payment(payment),
        "happened_on": _day(payment.succeeded_at),
        "terms": {
            "mode": escrow.mode, "deadline": _day(escrow.deadline), "hold_days": escrow.hold_days,
            "platform_fee_bps": escrow.platform_fee_bps, "compensation_fund_bps": escrow.compensation_fund_bps,
        },
    }  # fmt: skip


def of_refund(refund: Refund, receipt: Document) -> Content:
    """A credit note for money that has gone back."""
    pledge = refund.payment.pledge
    return {
        **_head(pledge, pledge.escrow),
        "receipt": receipt.reference,
        "received": receipt.amount,
        "payment": _payment(refund.payment),
        "reason": refund.reason,
        "route": refund.route,
        "happened_on": _day(refund.succeeded_at),
    }


def of_dispute(dispute: Dispute, receipt: Document) -> Content:
    """A credit note for money that a bank has taken back, or a receipt for what it has returned after all."""
    pledge = dispute.payment.pledge
    return {
        **_head(pledge, pledge.escrow),
        "receipt": receipt.reference,
        "received": receipt.amount,
        "payment": _payment(dispute.payment),
        "reason": "dispute",
        "route": "provider",
        "happened_on": _day(dispute.closed_at or dispute.opened_at),
    }


def _head(pledge: Pledge, escrow: Escrow) -> Content:
    return {
        "schema": 1,
        "issuer": dict(settings.DOCUMENT_ISSUER),
        "campaign": {"key": escrow.key, "names": escrow.names},
        "pledge": str(pledge.pk),
    }


def _payment(payment: Payment) -> Content:
    return {
        "provider": payment.provider, "method": payment.method,
        "reference": payment.charge_id or payment.intent_id or payment.session_id,
        "paid_on": _day(payment.succeeded_at), "amount": payment.captured,
    }  # fmt: skip


def _day(moment: datetime | None) -> str:
    return moment.astimezone(issuer_zone()).date().isoformat() if moment else ""
