"""Refunds: strict about amounts, windows and the balance; wallets answer later."""

from typing import Final

from stripe.params import RefundCreateParams, RefundListParams, RefundRetrieveParams

from funding.sandbox import balance, charges, events, faults
from funding.sandbox.currencies import REFUND_WINDOW_DAYS, format_amount, require_amount
from funding.sandbox.errors import ApiError, invalid
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import shape
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import Call, Route, World

WALLET_SECONDS: Final = 0.5
"""Sandbox time until a wallet's refund succeeds."""


def create(call: Call) -> Json:
    """Refund all or part of a charge: a card at once, a wallet a moment later, `pending` when a card's refund
    must wait for the balance, `failed` when a wallet's would have to."""
    charge = _charge(call)
    amount = _require_refundable(call, charge)
    method = charges.method_of(charge)
    id = new_id("re_")
    detail_type = {"type": method, method: {}}
    if method == "card":
        names = ("reference", "reference_status", "reference_type")
        detail_type["card"] = {**dict.fromkeys(names), "type": "refund"}
    refund = shape(
        "refund",
        id=id, amount=amount, charge=charge["id"], created=call.world.clock.timestamp(), currency=charge["currency"],
        destination_details=detail_type, metadata=call.params.get("metadata") or {},
        payment_intent=charge["payment_intent"], payment_method=charge["payment_method"],
        reason=call.params.get("reason"), status="pending",
    )  # fmt: skip
    call.store.add(refund)
    if _covered(call.world, refund):
        _withdraw(call.world, refund, wallet=method != "card")
    elif method == "card":
        refund["pending_reason"] = "insufficient_funds"
    else:
        refund.update(status="failed", failure_reason="insufficient_funds")
    call.store.save(refund)
    events.emit(call.world, "refund.created", refund, call=call)
    if refund["status"] == "failed":
        _tell(call.world, refund, "failed", call=call)
        return refund
    _count(call.world, charge["id"], amount, call=call)
    _plan(call.world, refund, wallet=method != "card")
    return refund


def _plan(world: World, refund: Json, *, wallet: bool) -> None:
    hit = faults.strike_refund(world.store)
    if hit:
        world.schedule("fail_refund", refund["id"], after=1 if hit.seconds is None else hit.seconds)
    elif wallet:
        world.schedule("finish_refund", refund["id"], after=WALLET_SECONDS)


def _charge(call: Call) -> Json:
    given = call.params
    if given.get("payment_intent"):
        intent = call.find("payment_intent", given["payment_intent"], param="payment_intent")
        if not intent["latest_charge"] or intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund."
            raise ApiError(message, param="payment_intent", code="payment_intent_unexpected_state")
        if given.get("charge") not in (None, intent["latest_charge"]):
            raise invalid("The charge does not belong to the payment_intent.", param="charge")
        return call.find("charge", intent["latest_charge"])
    if given.get("charge"):
        return call.find("charge", given["charge"], param="charge")
    raise invalid("One of the following params should be provided: payment_intent, charge.", param="payment_intent")


def _require_refundable(call: Call, charge: Json) -> int:
    """The amount to refund; ApiError when the charge, its window or its remainder does not allow it."""
    id, currency = charge["id"], charge["currency"]
    if charge["status"] != "succeeded":
        raise ApiError(f"Charge {id} did not succeed and can't be refunded.", code="charge_not_refundable")
    for dispute in call.store.where("dispute", charge=id):
        if not dispute["is_charge_refundable"]:
            message = f"Charge {id} has been charged back; cannot issue a refund."
            raise ApiError(message, code="charge_disputed")
    left = charges.refundable(charge)
    if left <= 0:
        raise ApiError(f"Charge {id} has already been refunded.", code="charge_already_refunded")
    days = REFUND_WINDOW_DAYS.get(charges.method_of(charge))
    if days and call.world.clock.now() > charge["created"] + days * 86400:
        message = f"Charge {id} is more than {days} days old and can no longer be refunded to its payment method."
        raise ApiError(message, code="charge_not_refundable", param="charge")
    amount = require_amount(call.params.get("amount", left), currency)
    if amount > left:
        message = (
            f"Refund amount ({format_amount(amount, currency)}) is greater than unrefunded amount on charge "
            f"({format_amount(left, currency)})"
        )
        raise ApiError(message, param="amount")
    return amount


def _covered(world: World, refund: Json) -> bool:
    return balance.available(world, refund["currency"]) >= refund["amount"]


def _withdraw(world: World, refund: Json, *, wallet: bool) -> None:
    transaction = balance.move(
        world, type="payment_refund" if wallet else "refund", amount=-refund["amount"], currency=refund["currency"],
        source=refund["id"], description="REFUND FOR CHARGE",
    )  # fmt: skip
    refund.update(balance_transaction=transaction["id"], pending_reason="processing" if wallet else None)
    if not wallet:
        refund["status"] = "succeeded"


def _count(world: World, charge_id: str, amount: int, *, call: Call | None = None) -> None:
    """Add to (or, negative, take from) what counts as refunded on the charge."""
    charge = world.store.require(charge_id)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] >= charge["amount"]
    world.store.save(charge)
    events.emit(world, "charge.refunded" if amount > 0 else "charge.updated", charge, call=call)


def _tell(world: World, refund: Json, event: str, *, call: Call | None = None) -> None:
    events.emit(world, f"refund.{event}", refund, call=call)
    events.emit(world, "charge.refund.updated", refund, call=call)


def finish(world: World, refund_id: str) -> None:
    """A wallet confirms its refund."""
    refund = world.store.get(refund_id)
    if refund is None or refund["status"] != "pending":
        return
    refund.update(status="succeeded", pending_reason=None)
    world.store.save(refund)
    _tell(world, refund, "updated")


def fail(world: World, refund_id: str, *, reason: str = "expired_or_canceled_card") -> None:
    """A refund fails after all: its money comes back to the balance and counts as refunded no longer."""
    refund = world.store.get(refund_id)
    if refund is None or refund["status"] in ("failed", "canceled"):
        return
    if refund["balance_transaction"]:
        transaction = balance.move(
            world, type="refund_failure", amount=refund["amount"], currency=refund["currency"], source=refund["id"],
            description="REFUND FAILURE",
        )  # fmt: skip
        refund["failure_balance_transaction"] = transaction["id"]
    wallet = refund["destination_details"]["type"] != "card"
    refund.update(status="failed", failure_reason="unknown" if wallet else reason, pending_reason=None)
    world.store.save(refund)
    _count(world, refund["charge"], -refund["amount"])
    _tell(world, refund, "updated")
    events.emit(world, "refund.failed", refund)


def settle_waiting(world: World, currency: str) -> None:
    """Funds arrived: card refunds that waited for them go through, oldest first, while they last."""
    waiting = world.store.where("refund", pending_reason="insufficient_funds", status="pending", currency=currency)
    for refund in waiting:
        if not _covered(world, refund):
            return
        _withdraw(world, refund, wallet=False)
        world.store.save(refund)
        _tell(world, refund, "updated")


def retrieve(call: Call) -> Json:
    """GET one refund."""
    return call.find("refund", call.id)


def listing(call: Call) -> Json:
    """GET refunds, by charge or payment intent."""
    given = call.params
    return list_objects(call, "refund", charge=given.get("charge"), payment_intent=given.get("payment_intent"))


ROUTES = [
    Route("POST", r"/v1/refunds", create, RefundCreateParams),
    Route("GET", r"/v1/refunds", listing, RefundListParams),
    Route("GET", r"/v1/refunds/(\w+)", retrieve, RefundRetrieveParams),
]
