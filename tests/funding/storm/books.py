"""Everything that money's rows say, without ids and instants: two runs of one story have the same books."""

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

from funding.models import (
    Alert,
    Backing,
    CreatorDebt,
    Dispute,
    Entry,
    Escrow,
    EscrowDecision,
    LedgerAccount,
    Payment,
    Payout,
    Pledge,
    Refund,
    RefundClaim,
    Release,
    Reward,
)

Books = dict[str, Any]

_ROWS: dict[str, tuple[Any, list[str]]] = {
    "escrows": (Escrow, ["key", "state", "captured", "refunded", "released", "lost", "backers"]),
    "decisions": (EscrowDecision, ["escrow__key", "outcome", "raised", "backers"]),
    "pledges": (Pledge, ["email", "state", "total", "refunded_amount"]),
    "backings": (Backing, ["escrow__key", "person", "paid_pledges"]),
    "payments": (
        Payment,
        ["pledge__email", "amount", "state", "captured", "refund_reserved", "lost", "provider_fee", "orphan", "method"],
    ),
    "refunds": (Refund, ["payment__pledge__email", "amount", "reason", "state", "attempt", "route"]),
    "claims": (RefundClaim, ["refund__payment__pledge__email", "state"]),
    "disputes": (
        Dispute,
        [
            "payment__pledge__email",
            "state",
            "amount",
            "withdrawn",
            "fee",
            "reinstated",
            "fee_returned",
            "from_escrow",
            "from_creator",
            "from_platform",
            "returned",
        ],
    ),
    "debts": (CreatorDebt, ["escrow__key", "cause", "amount"]),
    "releases": (Release, ["escrow__key", "tranche", "gross", "platform_fee", "tax", "creator_amount"]),
    "payouts": (Payout, ["release__escrow__key", "amount", "state"]),
    "stock": (Reward, ["escrow__key", "key", "reserved", "sold"]),
    # Sums of global accounts are carried forward when the sweep comes by; what they add up to, the journals tell.
    "accounts": (LedgerAccount.objects.filter(limited=True), ["code", "currency", "debits", "credits"]),
    "global accounts": (LedgerAccount.objects.filter(limited=False), ["code", "currency"]),
}


def books() -> Books:
    """All rows as sorted multisets; journals with their entries, each named after whom it is about."""
    found: Books = {
        name: sorted(getattr(rows, "objects", rows).values_list(*fields), key=str)
        for name, (rows, fields) in _ROWS.items()
    }
    found["open alerts"] = sorted(Alert.objects.filter(resolved_at=None).values_list("code", flat=True))
    found["journals"] = sorted(_journals().items())
    return found


def _journals() -> Counter[str]:
    name = _names()
    rows = Entry.objects.values_list("journal__key", "journal__kind", "debit__code", "credit__code", "amount")
    return Counter(f"{name(key)} {kind}: {debit} → {credit} {amount}" for key, kind, debit, credit, amount in rows)


def _names() -> Callable[[str], str]:
    """Turn the row's number in a journal's key into what is the same in every run."""
    owners: dict[str, dict[int, str]] = {
        "payment": dict(Payment.objects.values_list("pk", "pledge__email")),
        "refund": dict(Refund.objects.values_list("pk", "payment__pledge__email")),
        "dispute": dict(Dispute.objects.values_list("pk", "external_id")),
        "payout": dict(Payout.objects.values_list("pk", "release__escrow__key")),
    }
    about = {
        "capture": "payment", "provider_fee": "payment", "refund": "refund", "dispute": "dispute", "transfer": "payout",
    }  # fmt: skip

    def name(key: str) -> str:
        found = re.match(r"([a-z_]+):(\d+)(.*)", key)
        if found is None or found[1] not in about:
            return key
        return f"{found[1]}:{owners[about[found[1]]].get(int(found[2]), '?')}{found[3]}"

    return name


def difference(one: Books, other: Books) -> str:
    """What differs, for people."""
    return "\n".join(
        f"{name}: only here {_only(one[name], other[name])}, only there {_only(other[name], one[name])}"
        for name in one
        if one[name] != other[name]
    )


def _only(one: list[Any], other: list[Any]) -> list[Any]:
    return sorted(set(one) - set(other), key=str)[:5]
