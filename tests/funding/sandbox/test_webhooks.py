import time

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop
from tests.funding.sandbox_server import Sandbox, WebhookSink, eventually


def test_signatures_verify_with_stripes_own_code(shop: Shop, sink: WebhookSink, secret: str) -> None:
    intent = shop.pay()
    entry = sink.wait_for("payment_intent.succeeded", intent.id)[0]
    event = stripe.Webhook.construct_event(entry["body"], entry["signature"], secret)
    assert (event.type, event.livemode, event.api_version) == ("payment_intent.succeeded", False, stripe.api_version)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(entry["body"] + " ", entry["signature"], secret)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(entry["body"], entry["signature"], "whsec_other")


def test_signatures_carry_the_sandboxs_time(shop: Shop, sandbox: Sandbox, sink: WebhookSink, secret: str) -> None:
    sandbox.clock(-30 * 86_400)
    intent = shop.pay()
    entry = sink.wait_for("payment_intent.succeeded", intent.id)[0]
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        stripe.Webhook.construct_event(entry["body"], entry["signature"], secret)
    assert stripe.WebhookSignature.verify_header(entry["body"], entry["signature"], secret, None)
    stamp = int(entry["signature"].split(",")[0].removeprefix("t="))
    assert abs(stamp - (time.time() - 30 * 86_400)) < 10
    assert abs(entry["event"]["created"] - stamp) < 10


def test_a_refused_delivery_is_tried_again(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sink.answers = [500]
    sandbox.top_up(100, "usd")
    first, second = sink.wait_for("topup.succeeded", count=2)
    assert first["body"] == second["body"]
    logged = eventually(lambda: [w for w in sandbox.webhooks("topup.succeeded") if len(w["deliveries"]) == 2])
    assert [d["status"] for d in logged[0]["deliveries"]] == [500, 200]


def test_the_list_shows_the_secret(client: stripe.StripeClient, secret: str) -> None:
    assert secret in [endpoint.secret for endpoint in client.v1.webhook_endpoints.list().data]


def test_an_endpoint_hears_what_it_asked_for(shop: Shop, sandbox: Sandbox) -> None:
    sink = WebhookSink()
    endpoint = shop.client.v1.webhook_endpoints.create(
        {"url": sink.url, "enabled_events": ["checkout.session.completed", "account.updated"]}
    )
    assert endpoint.secret is not None
    shop.creator()
    shop.pay()
    entry = sink.wait_for("checkout.session.completed")[0]
    assert stripe.WebhookSignature.verify_header(entry["body"], entry["signature"], endpoint.secret, 300)
    assert [e["event"]["type"] for e in sink.received] == ["checkout.session.completed"]
    assert shop.client.v1.webhook_endpoints.delete(endpoint.id).deleted
    sink.close()


def test_a_connect_endpoint_hears_connected_accounts_only(shop: Shop, sandbox: Sandbox) -> None:
    sink = WebhookSink()
    endpoint = shop.client.v1.webhook_endpoints.create({"url": sink.url, "enabled_events": ["*"], "connect": True})
    shop.pay()
    account = shop.creator()
    assert sink.wait_for("account.updated")[0]["event"]["account"] == account.id
    assert {e["event"]["type"] for e in sink.received} == {"account.updated"}
    shop.client.v1.webhook_endpoints.delete(endpoint.id)
    sink.close()


def test_events_are_kept_and_name_their_request(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.top_up(10_000, "cny")
    intent = shop.pay()
    shop.client.v1.refunds.create({"payment_intent": intent.id, "amount": 100}, {"idempotency_key": "evt-key"})
    event = shop.client.v1.events.list({"type": "refund.created"}).data[0]
    assert event.request is not None
    assert event.request.idempotency_key == "evt-key"
    assert shop.client.v1.events.retrieve(event.id).data.object["payment_intent"] == intent.id
