"""Events: emitted inside the transaction that made them true, with one delivery per listening endpoint."""

import json
from typing import Any

import stripe
from stripe.params import EventListParams, EventRetrieveParams

from funding.sandbox import faults
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import shape
from funding.sandbox.signatures import sign
from funding.sandbox.store import PLATFORM, Json, new_id
from funding.sandbox.world import Call, Route, World


def emit(
    world: World,
    type: str,
    subject: Json,
    *,
    call: Call | None = None,
    previous: Json | None = None,
    account: str = "",
) -> Json:
    """Record an event about an object as it is now and queue it for every endpoint that listens."""
    data: Json = {"object": subject}
    if previous:
        data["previous_attributes"] = previous
    listeners = [e for e in world.store.where("webhook_endpoint") if _listens(world, e, type, account)]
    values: dict[str, Any] = {
        "id": new_id("evt_"),
        "api_version": stripe.api_version,
        "created": world.clock.timestamp(),
        "data": data,
        "pending_webhooks": len(listeners),
        "request": {
            "id": call.request_id if call else None,
            "idempotency_key": call.idempotency_key if call else None,
        },
        "type": type,
    }
    if account:
        values["account"] = account
    event = world.store.add(shape("event", **values), account=account or PLATFORM)
    for endpoint in listeners:
        _queue(world, event, endpoint)
    return event


def _listens(world: World, endpoint: Json, type: str, account: str) -> bool:
    """An endpoint hears its own account, or connected ones when made with `connect`; one made by the command
    line hears both, as `stripe listen` does."""
    scope = world.store.secret(endpoint["id"]).get("scope", "account")
    heard = scope == "both" or scope == ("connect" if account else "account")
    wanted = "*" in endpoint["enabled_events"] or type in endpoint["enabled_events"]
    return bool(heard and wanted and endpoint["status"] == "enabled")


def _queue(world: World, event: Json, endpoint: Json) -> None:
    secret = world.store.secret(endpoint["id"])["secret"]
    body = json.dumps(event, indent=2, ensure_ascii=False)
    plan = faults.plan_delivery(world.store, event["type"])
    world.store.run(
        "INSERT INTO deliveries"
        " (event, type, object, endpoint, url, secret, body, signature, state, due, copies, fault)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            event["id"], event["type"], event["data"]["object"].get("id", ""), endpoint["id"], endpoint["url"],
            secret, body, sign(body, secret, world.clock.timestamp()), plan.state, plan.due, plan.copies, plan.fault,
        ),
    )  # fmt: skip


def retrieve(call: Call) -> Json:
    """GET one event."""
    return call.find("event", call.id)


def listing(call: Call) -> Json:
    """GET events, by type."""
    types = call.params.get("types")
    wanted = {call.params["type"]} if "type" in call.params else set(types or ())
    return list_objects(call, "event", keep=lambda event: not wanted or event["type"] in wanted)


ROUTES = [
    Route("GET", r"/v1/events", listing, EventListParams),
    Route("GET", r"/v1/events/(\w+)", retrieve, EventRetrieveParams),
]
