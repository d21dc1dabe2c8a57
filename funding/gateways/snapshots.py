"""Stripe's JSON read into our dataclasses. Knows shapes only, speaks to nobody."""

from datetime import UTC, datetime
from typing import Any

from funding.gateways.base import (
    AccountSnapshot,
    BalanceSnapshot,
    BalanceTransaction,
    BankPayoutSnapshot,
    CheckoutSnapshot,
    DisputeSnapshot,
    RefundSnapshot,
    TransferSnapshot,
)

Json = dict[str, Any]


def instant(seconds: int | None) -> datetime | None:
    """UTC of Stripe's seconds since 1970."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _id(value: Any) -> str:
    """The id of a field that may be expanded, an id or null."""
    return str(value["id"]) if isinstance(value, dict) else str(value or "")


def _expanded(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def checkout(session: Json) -> CheckoutSnapshot:
    """A session with `payment_intent.latest_charge.balance_transaction` expanded, where there is one."""
    intent = _expanded(session.get("payment_intent"))
    charge = _expanded(intent.get("latest_charge"))
    movement = _expanded(charge.get("balance_transaction"))
    error = intent.get("last_payment_error") or {}
    method = (charge.get("payment_method_details") or {}).get("type") or ""
    return CheckoutSnapshot(
        external_id=session["id"],
        status=session["status"],
        paid=session["payment_status"] == "paid" or intent.get("status") == "succeeded",
        amount=session["amount_total"],
        currency=session["currency"].upper(),
        url=session.get("url") or "",
        intent_id=_id(session.get("payment_intent")),
        intent_status=intent.get("status") or "",
        charge_id=charge["id"] if charge.get("paid") else "",
        method=method,
        failure_code=error.get("decline_code") or error.get("code") or "",
        fee=movement.get("fee"),
        fee_currency=(movement.get("currency") or "").upper(),
        begun_at=_begun(session, intent, charge, method),
        expires_at=instant(session.get("expires_at")),
        metadata=dict(session.get("metadata") or {}),
    )


def _begun(session: Json, intent: Json, charge: Json, method: str) -> datetime | None:
    """When the backer confirmed. A card is charged at that moment; a wallet, or whatever takes its time, later on."""
    if charge.get("paid") and method == "card":
        return instant(charge["created"])
    if charge.get("paid") or session["status"] == "complete":
        return instant(intent.get("created"))
    return None


def refund(found: Json) -> RefundSnapshot:
    """A refund."""
    return RefundSnapshot(
        external_id=found["id"],
        status=found["status"],
        amount=found["amount"],
        currency=found["currency"].upper(),
        intent_id=_id(found.get("payment_intent")),
        failure_code=found.get("failure_reason") or "",
        pending_reason=found.get("pending_reason") or "",
        metadata=dict(found.get("metadata") or {}),
    )


def transfer(found: Json) -> TransferSnapshot:
    """A transfer."""
    return TransferSnapshot(
        external_id=found["id"],
        amount=found["amount"],
        currency=found["currency"].upper(),
        destination=_id(found.get("destination")),
        amount_reversed=found.get("amount_reversed") or 0,
        reversed=bool(found.get("reversed")),
        destination_payment=_id(found.get("destination_payment")),
        metadata=dict(found.get("metadata") or {}),
    )


DISPUTE_STATUS: dict[Any, str] = {
    "warning_needs_response": "warning",
    "warning_under_review": "warning",
    "warning_closed": "closed",
    "prevented": "closed",
}


def dispute(found: Json) -> DisputeSnapshot:
    """A dispute with the movements of our balance that it caused."""
    moved = [balance_transaction(one) for one in found.get("balance_transactions") or []]
    return DisputeSnapshot(
        external_id=found["id"],
        status=DISPUTE_STATUS.get(found["status"]) or found["status"],
        amount=found["amount"],
        currency=found["currency"].upper(),
        intent_id=_id(found.get("payment_intent")),
        opened_at=datetime.fromtimestamp(found["created"], UTC),
        charge_id=_id(found.get("charge")),
        reason=found.get("reason") or "",
        withdrawn=sum(-one.amount for one in moved if one.amount < 0),
        fee=sum(one.fee for one in moved if one.fee > 0),
        reinstated=sum(one.amount for one in moved if one.amount > 0),
        fee_returned=sum(-one.fee for one in moved if one.fee < 0),
        settled_in=moved[0].currency if moved else "",
        evidence_due_at=instant((found.get("evidence_details") or {}).get("due_by")),
    )


def account(found: Json) -> AccountSnapshot:
    """A connected account."""
    requirements = found.get("requirements") or {}
    banks = (found.get("external_accounts") or {}).get("data") or []
    bank = next((one for one in banks if one.get("default_for_currency")), banks[0] if banks else {})
    return AccountSnapshot(
        external_id=found["id"],
        country=found.get("country") or "",
        details_submitted=bool(found.get("details_submitted")),
        transfers_enabled=(found.get("capabilities") or {}).get("transfers") == "active",
        requirements=list(requirements.get("currently_due") or []),
        payouts_enabled=bool(found.get("payouts_enabled", True)),
        bank=bank.get("fingerprint") or bank.get("id") or "",
        bank_last4=bank.get("last4") or "",
    )


def bank_payout(found: Json, movements: list[Json]) -> BankPayoutSnapshot:
    """A payout of a connected account, with the movements of its balance that it is made of."""
    return BankPayoutSnapshot(
        external_id=found["id"],
        status=found["status"],
        payments=[_id(one.get("source")) for one in movements if one.get("type") == "payment"],
        failure_code=found.get("failure_code") or "",
    )


def balance(found: Json) -> BalanceSnapshot:
    """Our balance."""
    sums: dict[str, dict[str, int]] = {"available": {}, "pending": {}}
    for name, by_currency in sums.items():
        for part in found.get(name) or []:
            by_currency[part["currency"].upper()] = by_currency.get(part["currency"].upper(), 0) + part["amount"]
    return BalanceSnapshot(**sums)


def balance_transaction(found: Json) -> BalanceTransaction:
    """One movement of our balance."""
    return BalanceTransaction(
        external_id=found["id"],
        type=found["type"],
        amount=found["amount"],
        fee=found["fee"],
        net=found["net"],
        currency=found["currency"].upper(),
        source=_id(found.get("source")),
        created_at=datetime.fromtimestamp(found["created"], UTC),
        undoes=_id(_expanded(found.get("source")).get("transfer")) if found["type"] == "transfer_refund" else "",
    )
