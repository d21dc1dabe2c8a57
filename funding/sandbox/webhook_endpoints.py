"""Webhook endpoints: where events go."""

import re

import stripe
from stripe.params import (
    WebhookEndpointCreateParams,
    WebhookEndpointDeleteParams,
    WebhookEndpointListParams,
    WebhookEndpointRetrieveParams,
)

from funding.sandbox.errors import ApiError
from funding.sandbox.listing import list_objects
from funding.sandbox.shapes import shape
from funding.sandbox.store import Json, new_id
from funding.sandbox.world import Call, Route, World


def create(call: Call) -> Json:
    """Register an endpoint; `connect` makes it hear connected accounts instead of the platform's own."""
    given = call.params
    if not re.match(r"https?://[^/\s]+", given["url"]):
        raise ApiError(
            "Invalid URL: an explicit scheme (such as https) must be provided.",
            param="url",
            code="url_invalid",
        )
    if not given["enabled_events"]:
        raise ApiError("enabled_events must not be empty.", param="enabled_events")
    return register(
        call.world, url=given["url"], enabled_events=given["enabled_events"], metadata=given.get("metadata") or {},
        description=given.get("description"), scope="connect" if given.get("connect") else "account",
    )  # fmt: skip


def register(
    world: World, *, url: str, enabled_events: list[str], scope: str, secret: str | None = None,
    metadata: Json | None = None, description: str | None = None,
) -> Json:  # fmt: skip
    """Keep an endpoint and its signing secret, which every answer shows."""
    secret = secret or new_id("whsec_")
    endpoint = shape(
        "webhook_endpoint",
        id=new_id("we_"), api_version=stripe.api_version, created=world.clock.timestamp(), description=description,
        enabled_events=enabled_events, metadata=metadata or {}, status="enabled", url=url, secret=secret,
    )  # fmt: skip
    return world.store.add(endpoint, secret={"secret": secret, "scope": scope})


def listen(world: World, url: str, secret: str | None) -> Json:
    """The endpoint of the command line: hears everything, keeps its secret over restarts."""
    for endpoint in world.store.where("webhook_endpoint", description="Command line"):
        if endpoint["url"] == url and secret in (None, endpoint["secret"]):
            return endpoint
        world.store.remove(endpoint["id"])
    return register(world, url=url, enabled_events=["*"], scope="both", secret=secret, description="Command line")


def retrieve(call: Call) -> Json:
    """GET one endpoint."""
    return call.find("webhook_endpoint", call.id)


def listing(call: Call) -> Json:
    """GET the endpoints, with their signing secrets."""
    return list_objects(call, "webhook_endpoint")


def delete(call: Call) -> Json:
    """DELETE an endpoint."""
    call.find("webhook_endpoint", call.id)
    call.store.remove(call.id)
    return {"id": call.id, "object": "webhook_endpoint", "deleted": True}


ROUTES = [
    Route("POST", r"/v1/webhook_endpoints", create, WebhookEndpointCreateParams),
    Route("GET", r"/v1/webhook_endpoints", listing, WebhookEndpointListParams),
    Route("GET", r"/v1/webhook_endpoints/(\w+)", retrieve, WebhookEndpointRetrieveParams),
    Route("DELETE", r"/v1/webhook_endpoints/(\w+)", delete, WebhookEndpointDeleteParams),
]
