"""Payment intents: one per Checkout Session, made when the customer first tries to pay."""

from typing import Any

from stripe.params import PaymentIntentListParams, PaymentIntentRetrieveParams, PaymentIntentSearchParams

from funding.sandbox import events
from funding.sandbox.listing import list_objects, search_objects
from funding.sandbox.shapes import shape
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import Call, Route, World


def open_intent(world: World, session: Json) -> Json:
    """The session's payment intent, made now if this is the first attempt."""
    if session["payment_intent"]:
        return world.store.require(session["payment_intent"])
    data = world.store.secret(session["id"])["intent"]
    id = new_id("pi_")
    intent = shape(
        "payment_intent",
        id=id, allowed_payment_method_types=session["allowed_payment_method_types"], amount=session["amount_total"],
        amount_capturable=0, amount_received=0, capture_method="automatic_async",
        client_secret=f"{id}_secret_{new_id('')}", confirmation_method="automatic", created=world.clock.timestamp(),
        currency=session["currency"], description=data.get("description"), metadata=data.get("metadata") or {},
        payment_method_options={}, payment_method_types=session["payment_method_types"],
        receipt_email=data.get("receipt_email"), statement_descriptor=data.get("statement_descriptor"),
        status="requires_payment_method", transfer_group=data.get("transfer_group"),
    )  # fmt: skip
    world.store.add(intent, secret={"session": session["id"]})
    session["payment_intent"] = id
    world.store.save(session)
    events.emit(world, "payment_intent.created", intent)
    return intent


def advance(world: World, intent: Json, event: str, **changes: Any) -> Json:
    """Change an intent, keep it and tell the listeners."""
    intent.update(changes)
    world.store.save(intent)
    events.emit(world, f"payment_intent.{event}", intent)
    return intent


def session_of(world: World, intent_id: str) -> Json:
    """The session that an intent pays."""
    return world.store.require(world.store.secret(intent_id)["session"])


def cancel(world: World, intent_id: str, *, call: Call | None = None) -> None:
    """Give up an intent whose session expired."""
    intent = world.store.get(intent_id)
    if intent is None or intent["status"] in ("succeeded", "canceled"):
        return
    intent.update(
        status="canceled",
        canceled_at=world.clock.timestamp(),
        cancellation_reason="expired",
        next_action=None,
    )
    world.store.save(intent)
    events.emit(world, "payment_intent.canceled", intent, call=call)


def retrieve(call: Call) -> Json:
    """GET one payment intent."""
    return call.find("payment_intent", call.id)


def listing(call: Call) -> Json:
    """GET payment intents."""
    return list_objects(call, "payment_intent")


def search(call: Call) -> Json:
    """GET payment intents by the search language."""
    return search_objects(call, "payment_intent")


ROUTES = [
    Route("GET", r"/v1/payment_intents", listing, PaymentIntentListParams),
    Route("GET", r"/v1/payment_intents/search", search, PaymentIntentSearchParams),
    Route("GET", r"/v1/payment_intents/(\w+)", retrieve, PaymentIntentRetrieveParams),
]
