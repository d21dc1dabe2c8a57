"""Payouts to banks: automatic on connected accounts, by hand on the platform."""

from typing import Final

from stripe.params import PayoutCreateParams, PayoutListParams, PayoutRetrieveParams

from funding.sandbox import balance, events
from funding.sandbox.currencies import require_amount, require_currency
from funding.sandbox.errors import ApiError, missing
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import shape
from funding.sandbox.store import PLATFORM, Json, new_id
from funding.sandbox.world import Call, Route, World

ARRIVAL_SECONDS: Final = 1.0
"""Sandbox time until the bank has the money."""


def pay_out_automatically(
    world: World, account: Json, amount: int, currency: str, *, transactions: list[str]
) -> Json | None:
    """Pay what arrived on a connected account out to its bank, if its schedule and state allow it.

    `transactions` are the balance transactions that the payout is made of.
    """
    schedule = account["settings"]["payouts"]["schedule"]["interval"]
    if not account["payouts_enabled"] or schedule == "manual" or amount <= 0:
        return None
    destination = (account["external_accounts"]["data"] or [{"id": None}])[0]["id"]
    return _send(
        world,
        amount,
        currency,
        account=account["id"],
        automatic=True,
        destination=destination,
        transactions=transactions,
    )


def _send(
    world: World, amount: int, currency: str, *, account: str = PLATFORM, automatic: bool = False,
    destination: str | None = None, transactions: list[str] | None = None, call: Call | None = None,
) -> Json:  # fmt: skip
    id, now = new_id("po_"), world.clock.timestamp()
    transaction = balance.move(
        world, type="payout", amount=-amount, currency=currency, source=id, account=account,
        description="STRIPE PAYOUT", payout=id,
    )  # fmt: skip
    given = call.params if call else {}
    payout = shape(
        "payout",
        id=id, amount=amount, arrival_date=now, automatic=automatic, balance_transaction=transaction["id"], created=now,
        currency=currency, description=given.get("description", "STRIPE PAYOUT"), destination=destination,
        metadata=given.get("metadata") or {}, method="standard",
        reconciliation_status="completed" if automatic else "not_applicable", source_type="card",
        statement_descriptor=given.get("statement_descriptor"), status="pending", type="bank_account",
    )  # fmt: skip
    world.store.add(payout, account=account)
    for id_of_part in transactions or []:
        world.store.set_secret(id_of_part, payout=id)
    events.emit(world, "payout.created", payout, account=account, call=call)
    world.schedule("pay_payout", id, after=ARRIVAL_SECONDS)
    return payout


def arrive(world: World, payout_id: str) -> None:
    """The bank confirms."""
    payout = world.store.get(payout_id)
    if payout is None or payout["status"] not in ("pending", "in_transit"):
        return
    payout["status"] = "paid"
    world.store.save(payout)
    events.emit(world, "payout.paid", payout, account=world.store.account_of(payout_id))


def send_back(world: World, payout_id: str) -> Json:
    """The bank returns a payout: it fails, even after it was paid, and the money is on the account again."""
    payout = world.store.get(payout_id, kind="payout")
    if payout is None:
        raise missing("payout", payout_id)
    if payout["status"] in ("failed", "canceled"):
        raise ApiError(f"Payout {payout_id} is already {payout['status']}.", param="payout")
    account = world.store.account_of(payout_id)
    transaction = balance.move(
        world, type="payout_failure", amount=payout["amount"], currency=payout["currency"], source=payout_id,
        account=account, description="PAYOUT FAILURE", payout=payout_id,
    )  # fmt: skip
    payout.update(
        status="failed", failure_code="account_closed", failure_message="The bank account has been closed.",
        failure_balance_transaction=transaction["id"],
    )  # fmt: skip
    world.store.save(payout)
    events.emit(world, "payout.failed", payout, account=account)
    return payout


def withdraw(world: World, *, amount: int, currency: str) -> Json:
    """Take money of the platform's balance to its bank, as its owner would on the dashboard."""
    currency = require_currency(currency)
    amount = require_amount(amount, currency)
    if balance.available(world, currency) < amount:
        raise ApiError("You have insufficient funds in your Stripe account.", code="balance_insufficient")
    return _send(world, amount, currency)


def create(call: Call) -> Json:
    """Pay the balance out by hand, where the schedule is manual."""
    currency = require_currency(call.params["currency"])
    amount = require_amount(call.params["amount"], currency)
    if balance.available(call.world, currency, account=call.account) < amount:
        message = "You have insufficient funds in your Stripe account for this transfer."
        raise ApiError(message, code="balance_insufficient", param="amount")
    return _send(call.world, amount, currency, account=call.account, call=call)


def retrieve(call: Call) -> Json:
    """GET one payout."""
    return call.find("payout", call.id)


def listing(call: Call) -> Json:
    """GET payouts, by status or destination."""
    given = call.params
    return list_objects(call, "payout", status=given.get("status"), destination=given.get("destination"))


ROUTES = [
    Route("POST", r"/v1/payouts", create, PayoutCreateParams),
    Route("GET", r"/v1/payouts", listing, PayoutListParams),
    Route("GET", r"/v1/payouts/(\w+)", retrieve, PayoutRetrieveParams),
]
