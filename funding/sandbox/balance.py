"""The balance, its transactions, and the platform's top-ups."""

from typing import Any

from stripe.params import (
    BalanceRetrieveParams,
    BalanceTransactionListParams,
    BalanceTransactionRetrieveParams,
)

from funding.sandbox import events
from funding.sandbox.currencies import require_amount, require_currency
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import shape
from funding.sandbox.store import PLATFORM, Json, new_id
from funding.sandbox.world import Call, Route, World

_CATEGORIES = {
    "adjustment": "dispute", "payment": "charge", "payment_refund": "refund", "transfer_refund": "transfer_reversal",
    "payout_failure": "payout_reversal",
}  # fmt: skip


def available(world: World, currency: str, *, account: str = PLATFORM) -> int:
    """What can be spent now, in minor units; every movement is available at once."""
    found = world.store.rows("SELECT amount FROM balances WHERE account = ? AND currency = ?", (account, currency))
    return int(found[0]["amount"]) if found else 0


def move(
    world: World, *, type: str, amount: int, currency: str, source: str, account: str = PLATFORM, fee: int = 0,
    description: str | None = None, fee_description: str = "Stripe processing fees", category: str | None = None,
    **extra: Any,
) -> Json:  # fmt: skip
    """Write one balance transaction: `amount` less `fee` reaches the balance, in minor units."""
    now = world.clock.timestamp()
    details: list[Json] = []
    if fee:
        details.append(
            {
                "amount": fee,
                "application": None,
                "currency": currency,
                "description": fee_description,
                "type": "stripe_fee",
            }
        )
    transaction = shape(
        "balance_transaction",
        id=new_id("txn_"), amount=amount, available_on=now, balance_type="payments", created=now, currency=currency,
        description=description, fee=fee, fee_details=details, net=amount - fee,
        reporting_category=category or _CATEGORIES.get(type, type), source=source, status="available", type=type,
    )  # fmt: skip
    world.store.add(transaction, account=account)
    if extra:
        world.store.set_secret(transaction["id"], **extra)
    world.store.run(
        "INSERT INTO balances VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET amount = amount + excluded.amount",
        (account, currency, amount - fee),
    )
    if amount - fee > 0 and account == PLATFORM:
        world.schedule("funds_arrived", currency, after=0)
    return transaction


def top_up(world: World, *, amount: int, currency: str) -> Json:
    """Put the platform's own money on its balance: the float that refunds and fees are paid from."""
    currency = require_currency(currency)
    require_amount(amount, currency)
    id = new_id("tu_")
    transaction = move(world, type="topup", amount=amount, currency=currency, source=id, description="Top-up")
    body = shape(
        "topup", id=id, amount=amount, balance_transaction=transaction["id"], created=world.clock.timestamp(),
        currency=currency, description="Top-up", metadata={}, status="succeeded",
    )  # fmt: skip
    world.store.add(body)
    events.emit(world, "topup.succeeded", body)
    return body


def balance_of(world: World, account: str = PLATFORM) -> Json:
    """The Balance object of an account."""
    rows = world.store.rows("SELECT currency, amount FROM balances WHERE account = ? ORDER BY currency", (account,))
    amounts = [
        {"amount": row["amount"], "currency": row["currency"], "source_types": {"card": row["amount"]}} for row in rows
    ] or [{"amount": 0, "currency": "usd", "source_types": {"card": 0}}]
    pending = [{**entry, "amount": 0, "source_types": {"card": 0}} for entry in amounts]
    return shape("balance", available=amounts, pending=pending)


def retrieve(call: Call) -> Json:
    """GET the balance."""
    return balance_of(call.world, call.account)


def retrieve_transaction(call: Call) -> Json:
    """GET one balance transaction."""
    return call.find("balance_transaction", call.id)


def list_transactions(call: Call) -> Json:
    """GET balance transactions, by payout, currency, source or type."""
    given = call.params
    payout = given.get("payout")

    def of_payout(transaction: Json) -> bool:
        return not payout or call.store.secret(transaction["id"]).get("payout") == payout

    return list_objects(
        call, "balance_transaction", keep=of_payout if payout else None,
        currency=given.get("currency"), source=given.get("source"), type=given.get("type"),
    )  # fmt: skip


ROUTES = [
    Route("GET", r"/v1/balance", retrieve, BalanceRetrieveParams),
    Route("GET", r"/v1/balance_transactions", list_transactions, BalanceTransactionListParams),
    Route("GET", r"/v1/balance_transactions/(\w+)", retrieve_transaction, BalanceTransactionRetrieveParams),
]
