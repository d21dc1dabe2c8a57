"""Transfers to connected accounts, and their reversals."""

from stripe.params import (
    TransferCreateParams,
    TransferListParams,
    TransferListReversalsParams,
    TransferRetrieveParams,
    TransferReversalCreateParams,
    TransferReversalRetrieveParams,
)

from funding.sandbox import balance, events, payouts
from funding.sandbox.currencies import format_amount, require_amount, require_currency
from funding.sandbox.errors import ApiError, invalid, missing
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import list_of, shape
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import Call, Route

SHORT = (
    "You have insufficient available funds in your Stripe account. Try adding funds directly to your available "
    "balance by creating Charges using the 4000000000000077 test card."
)


def create(call: Call) -> Json:
    """Move platform funds to a connected account; strict about its capability and about the balance."""
    given = call.params
    currency = require_currency(given["currency"])
    if "amount" not in given:
        raise invalid("Missing required param: amount.", param="amount", code="parameter_missing")
    amount = require_amount(given["amount"], currency)
    destination = call.find("account", given["destination"], param="destination", noun="destination")
    if (destination.get("capabilities") or {}).get("transfers") != "active":
        message = (
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments"
        )
        raise ApiError(message, code="insufficient_capabilities_for_transfer", param="destination")
    group = _require_source(call, amount, currency) or given.get("transfer_group")
    if balance.available(call.world, currency) < amount:
        raise ApiError(SHORT, code="balance_insufficient")
    return _move(call, destination, amount, currency, group)


def _require_source(call: Call, amount: int, currency: str) -> str | None:
    """Check `source_transaction` and return its transfer group."""
    source = call.params.get("source_transaction")
    if not source:
        return None
    charge = call.find("charge", source, param="source_transaction")
    spent = sum(t["amount"] for t in call.store.where("transfer", source_transaction=source))
    if charge["currency"] != currency or amount + spent > charge["amount"]:
        raise ApiError(
            "The transfer exceeds its source charge.",
            param="amount",
            code="transfer_source_balance_parameters_mismatch",
        )
    return str(charge["transfer_group"]) if charge["transfer_group"] else None


def _move(call: Call, destination: Json, amount: int, currency: str, group: str | None) -> Json:
    world, given = call.world, call.params
    id, payment_id, now = new_id("tr_"), new_id("py_"), world.clock.timestamp()
    transaction = balance.move(
        world,
        type="transfer",
        amount=-amount,
        currency=currency,
        source=id,
        description=given.get("description"),
    )
    received = balance.move(
        world, type="payment", amount=amount, currency=currency, source=payment_id, account=destination["id"]
    )
    transfer = shape(
        "transfer",
        id=id, amount=amount, amount_reversed=0, balance_transaction=transaction["id"], created=now, currency=currency,
        description=given.get("description"), destination=destination["id"], destination_payment=payment_id,
        metadata=given.get("metadata") or {}, reversals=list_of([], url=f"/v1/transfers/{id}/reversals"),
        reversed=False,
        source_transaction=given.get("source_transaction"), source_type=given.get("source_type", "card"),
        transfer_group=group,
    )  # fmt: skip
    call.store.add(transfer)
    payment = shape(
        "charge",
        id=payment_id, amount=amount, amount_captured=amount, amount_refunded=0, balance_transaction=received["id"],
        billing_details=dict.fromkeys(("address", "email", "name", "phone", "tax_id")), captured=True, created=now,
        currency=currency, disputed=False, fraud_details={}, metadata={}, paid=True, refunded=False, source_transfer=id,
        payment_method_details={"type": "stripe_account", "stripe_account": {}}, status="succeeded",
    )  # fmt: skip
    call.store.add(payment, account=destination["id"])
    events.emit(world, "transfer.created", transfer, call=call)
    payouts.pay_out_automatically(world, destination, amount, currency, transactions=[received["id"]])
    return transfer


def reverse(call: Call) -> Json:
    """Take a transfer back, in whole or in part, while the connected account still has the money."""
    transfer = call.find("transfer", call.id)
    currency, world = transfer["currency"], call.world
    left = transfer["amount"] - transfer["amount_reversed"]
    if left <= 0:
        raise ApiError(f"Transfer {transfer['id']} is already fully reversed.", code="transfer_already_reversed")
    amount = require_amount(call.params.get("amount", left), currency)
    if amount > left:
        asked, rest = format_amount(amount, currency), format_amount(left, currency)
        message = f"Reversal amount ({asked}) is greater than unreversed amount ({rest})"
        raise ApiError(message, param="amount")
    account = transfer["destination"]
    if balance.available(world, currency, account=account) < amount:
        message = f"Insufficient funds in the connected account ({account}) to reverse the transfer."
        raise ApiError(message, code="balance_insufficient")
    id = new_id("trr_")
    returned = balance.move(world, type="transfer_refund", amount=amount, currency=currency, source=id)
    taken = balance.move(
        world,
        type="payment_refund",
        amount=-amount,
        currency=currency,
        source=transfer["destination_payment"],
        account=account,
    )
    reversal = shape(
        "transfer_reversal",
        id=id, amount=amount, balance_transaction=returned["id"], created=world.clock.timestamp(), currency=currency,
        metadata=call.params.get("metadata") or {}, transfer=transfer["id"],
    )  # fmt: skip
    call.store.add(reversal, secret={"destination_transaction": taken["id"]})
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] >= transfer["amount"]
    newest_first = call.store.where("transfer_reversal", transfer=transfer["id"])[::-1]
    transfer["reversals"] = list_of(
        newest_first[:10], url=f"/v1/transfers/{transfer['id']}/reversals", has_more=len(newest_first) > 10
    )
    call.store.save(transfer)
    _refund_payment(call, transfer)
    events.emit(world, "transfer.reversed", transfer, call=call)
    return reversal


def _refund_payment(call: Call, transfer: Json) -> None:
    """The payment on the connected account shows what was taken back."""
    payment = call.store.require(transfer["destination_payment"])
    payment.update(amount_refunded=transfer["amount_reversed"], refunded=transfer["reversed"])
    call.store.save(payment)


def retrieve(call: Call) -> Json:
    """GET one transfer."""
    return call.find("transfer", call.id)


def listing(call: Call) -> Json:
    """GET transfers, by destination or transfer group."""
    given = call.params
    return list_objects(
        call, "transfer", destination=given.get("destination"), transfer_group=given.get("transfer_group")
    )


def list_reversals(call: Call) -> Json:
    """GET the reversals of a transfer."""
    call.find("transfer", call.id)
    return list_objects(call, "transfer_reversal", transfer=call.id)


def retrieve_reversal(call: Call) -> Json:
    """GET one reversal."""
    reversal = call.find("transfer_reversal", call.path_ids[1])
    if reversal["transfer"] != call.id:
        raise missing("transfer_reversal", reversal["id"])
    return reversal


ROUTES = [
    Route("POST", r"/v1/transfers", create, TransferCreateParams),
    Route("GET", r"/v1/transfers", listing, TransferListParams),
    Route("GET", r"/v1/transfers/(\w+)", retrieve, TransferRetrieveParams),
    Route("POST", r"/v1/transfers/(\w+)/reversals", reverse, TransferReversalCreateParams),
    Route("GET", r"/v1/transfers/(\w+)/reversals", list_reversals, TransferListReversalsParams),
    Route("GET", r"/v1/transfers/(\w+)/reversals/(\w+)", retrieve_reversal, TransferReversalRetrieveParams),
]
