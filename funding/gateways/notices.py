"""What is kept of an event of Stripe's: the object's numbers, states and sums, never whose they are.

An event is only a hint, the object is fetched again; so nothing is lost by not keeping the address, the name and the
links that it carries. What a later version of the API adds is left out too, until it is named here.
"""

import math
from typing import Any

# Members kept with all that is in them, as far as that is kept itself.
HOLDERS = frozenset({"data", "object", "previous_attributes", "last_payment_error", "outcome", "items", "reversals"})

# Members kept where they are a plain value: identifiers, codes, sums, instants.
PLAIN = frozenset({
    "id", "object", "type", "api_version", "created", "livemode", "pending_webhooks", "account",
    "amount", "amount_subtotal", "amount_total", "amount_captured", "amount_received", "amount_refunded",
    "amount_reversed", "amount_due", "net", "fee", "application_fee_amount", "currency", "exchange_rate",
    "mode", "status", "payment_status", "pending_reason", "reason", "code", "decline_code", "failure_code",
    "failure_balance_transaction", "network_reason_code", "network_status", "risk_level", "cancellation_reason",
    "paid", "captured", "refunded", "disputed", "reversed", "automatic", "is_charge_refundable",
    "charges_enabled", "payouts_enabled", "details_submitted", "country", "default_currency",
    "payment_intent", "charge", "latest_charge", "balance_transaction", "transfer", "transfer_group",
    "transfer_reversal", "source_transaction", "source_transfer_reversal", "destination", "destination_payment",
    "refund", "invoice", "arrival_date", "expires_at", "canceled_at", "client_reference_id", "capability", "requested",
})  # fmt: skip

# What we wrote into an object ourselves.
OURS = frozenset({"pledge", "payment", "command", "refund", "payout", "creator"})

MOST_DEEP = 6
LONGEST = 255


def kept(event: dict[str, Any]) -> dict[str, Any]:
    """An event without what tells of a person."""
    return _kept(event, 0)


def _kept(found: dict[str, Any], depth: int) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for name, value in found.items():
        if name == "metadata" and isinstance(value, dict):
            result[name] = {key: word for key, word in value.items() if key in OURS and _is_plain(word)}
        elif isinstance(value, dict) and name in HOLDERS:
            if depth < MOST_DEEP:
                result[name] = _kept(value, depth + 1)
        elif name in PLAIN:
            # Of an object written out, its number.
            plain = value.get("id") if isinstance(value, dict) else value
            if _is_plain(plain):
                result[name] = plain
    return result


def _is_plain(value: Any) -> bool:
    if isinstance(value, str):
        return len(value) <= LONGEST and value.isprintable()
    return value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value))
