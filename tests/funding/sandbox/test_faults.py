import time
from typing import Any

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop, headers
from tests.funding.sandbox_server import ControlError, Sandbox, WebhookSink, eventually

SESSIONS = "/v1/checkout/sessions"


def last_request(sandbox: Sandbox, key: str) -> dict[str, Any]:
    return [r for r in sandbox.log()["requests"] if r["idempotency_key"] == key][-1]


def test_an_error_after_the_commit_leaves_the_object(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.fault("error_after_commit", path=SESSIONS)
    with pytest.raises(stripe.APIError) as caught:
        shop.open(key="f-500", metadata={"case": "f-500"})
    assert caught.value.http_status == 500
    made = shop.client.v1.checkout.sessions.list({"limit": 1}).data[0]
    assert made.to_dict()["metadata"] == {"case": "f-500"}
    assert shop.open(key="f-500", metadata={"case": "f-500"}).id == made.id
    assert last_request(sandbox, "f-500")["status"] == 200


@pytest.mark.parametrize("seconds", [None, 0.3])
def test_a_timeout_after_the_commit_leaves_the_object(shop: Shop, sandbox: Sandbox, seconds: float | None) -> None:
    key = f"f-timeout-{seconds}"
    sandbox.fault("timeout_after_commit", path=SESSIONS, seconds=seconds)
    started = time.monotonic()
    with pytest.raises(stripe.APIConnectionError):
        shop.open(key=key)
    assert time.monotonic() - started >= (seconds or 0)
    logged = last_request(sandbox, key)
    assert (logged["status"], logged["fault"]) == (None, "timeout_after_commit")
    again = shop.open(key=key)
    assert headers(again)["idempotent-replayed"] == "true"


def test_a_dropped_request_did_nothing(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.fault("drop", path=SESSIONS)
    with pytest.raises(stripe.APIConnectionError):
        shop.open(key="f-lost")
    assert "idempotent-replayed" not in headers(shop.open(key="f-lost"))


def test_a_delayed_answer_is_committed_first(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.fault("delay", path=SESSIONS, seconds=0.4)
    started = time.monotonic()
    shop.open()
    assert time.monotonic() - started >= 0.4


def test_rate_limits_are_429_and_nothing_runs(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.fault("rate_limit", path=SESSIONS, count=2)
    for _ in range(2):
        with pytest.raises(stripe.RateLimitError):
            shop.open(key="f-429")
    assert "idempotent-replayed" not in headers(shop.open(key="f-429"))


def test_a_path_may_match_everything_below(shop: Shop, sandbox: Sandbox) -> None:
    session = shop.open()
    sandbox.fault("rate_limit", path="/v1/checkout/*")
    with pytest.raises(stripe.RateLimitError):
        shop.client.v1.checkout.sessions.retrieve(session.id)
    assert sandbox.faults()[0]["hits"] == 1


def test_faults_after_a_commit_spare_what_only_reads(shop: Shop, sandbox: Sandbox) -> None:
    session = shop.open()
    sandbox.fault("error_after_commit", path="/v1/checkout/sessions*")
    shop.client.v1.checkout.sessions.retrieve(session.id)
    assert sandbox.faults()[0]["hits"] == 0
    sandbox.clear_faults()
    sandbox.fault("timeout_after_commit", path="/v1/checkout/sessions/*/expire")
    shop.open()
    with pytest.raises(stripe.APIConnectionError):
        shop.client.v1.checkout.sessions.expire(session.id)
    assert shop.client.v1.checkout.sessions.retrieve(session.id).status == "expired"


def test_a_duplicate_webhook_comes_twice(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.fault("duplicate", event_type="payment_intent.succeeded")
    intent = shop.pay()
    first, second = sink.wait_for("payment_intent.succeeded", intent.id, count=2)
    assert first["event"]["id"] == second["event"]["id"]
    logged = eventually(lambda: [w for w in sandbox.webhooks("payment_intent.succeeded") if w["deliveries"]])
    assert [d["status"] for d in logged[-1]["deliveries"]] == [200, 200]


def test_a_dropped_webhook_is_listed_but_never_sent(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.fault("drop", event_type="checkout.session.completed")
    shop.pay()
    later = shop.pay()
    sink.wait_for("payment_intent.succeeded", later.id)
    sink.wait_for("checkout.session.completed")
    first, second = sandbox.webhooks("checkout.session.completed")
    assert (first["dropped"], first["deliveries"]) == (True, [])
    assert first["object"].startswith("cs_test_")
    assert first["signature"].startswith("t=")
    assert (second["dropped"], second["event"]["data"]["object"]["payment_intent"]) == (False, later.id)
    assert not sink.of("checkout.session.completed", first["object"])


def test_every_webhook_can_be_dropped(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.fault("drop", event_type="*", count=50)
    shop.pay()
    assert all(w["dropped"] for w in sandbox.webhooks())
    assert sink.received == []


def test_a_delayed_webhook_comes_after_real_seconds(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.fault("delay", event_type="charge.succeeded", seconds=0.8)
    started = time.monotonic()
    intent = shop.pay()
    sink.wait_for("payment_intent.succeeded", intent.id)
    assert not sink.of("charge.succeeded")
    sink.wait_for("charge.succeeded")
    assert time.monotonic() - started >= 0.7


def test_reordered_webhooks_come_after_later_ones(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.fault("reorder", event_type="payment_intent.created")
    sandbox.fault("reorder", event_type="charge.succeeded")
    shop.pay()
    eventually(lambda: len(sink.received) == 4)
    order = [entry["event"]["type"] for entry in sink.received]
    assert order.index("payment_intent.succeeded") < order.index("charge.succeeded")
    assert order.index("charge.succeeded") < order.index("payment_intent.created")


def test_a_lonely_reordered_webhook_is_not_kept_for_ever(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    sandbox.fault("reorder", event_type="topup.succeeded", seconds=0.3)
    sandbox.top_up(100, "usd")
    sink.wait_for("topup.succeeded", seconds=3)


@pytest.mark.parametrize(
    "body",
    [
        {"fault": "earthquake"},
        {"fault": "drop", "match": {"method": "GET"}},
        {"fault": "rate_limit", "match": {"event_type": "*"}},
        {"fault": "duplicate", "match": {"path": "/v1/refunds"}},
        {"fault": "drop", "match": {"path": "/v1/refunds", "event_type": "*"}},
        {"fault": "drop", "count": 0},
        {"fault": "drop", "count": "three"},
        {"fault": "delay", "seconds": True},
    ],
)
def test_nonsense_orders_are_refused(sandbox: Sandbox, body: dict[str, Any]) -> None:
    with pytest.raises(ControlError) as caught:
        sandbox.control("POST", "faults", body)
    assert caught.value.status == 400
    assert sandbox.faults() == []


@pytest.mark.parametrize("offset", ["soon", None, True])
def test_a_clock_takes_numbers_only(sandbox: Sandbox, offset: Any) -> None:
    with pytest.raises(ControlError):
        sandbox.control("PUT", "clock", {"offset": offset})
