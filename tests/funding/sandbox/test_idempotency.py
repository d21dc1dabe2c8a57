import threading
import time
from typing import Any

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop, headers
from tests.funding.sandbox_server import Sandbox

SESSIONS = "/v1/checkout/sessions"


def test_the_same_key_gives_the_same_answer(shop: Shop) -> None:
    first = shop.open(key="idem-same")
    again = shop.open(key="idem-same")
    assert first.id == again.id
    assert "idempotent-replayed" not in headers(first)
    assert headers(again)["idempotent-replayed"] == "true"
    assert headers(again)["original-request"] == headers(first)["request-id"]


def test_the_same_key_with_other_parameters_is_an_error(shop: Shop) -> None:
    shop.open(key="idem-other")
    with pytest.raises(stripe.IdempotencyError):
        shop.open(key="idem-other", amount=999)
    with pytest.raises(stripe.IdempotencyError):
        shop.client.v1.refunds.create({"payment_intent": "pi_1"}, {"idempotency_key": "idem-other"})


def test_keys_are_forgotten_after_a_day_of_the_clock(shop: Shop, sandbox: Sandbox) -> None:
    first = shop.open(key="idem-day")
    sandbox.advance(86_000)
    assert shop.open(key="idem-day").id == first.id
    sandbox.advance(500)
    assert shop.open(key="idem-day").id != first.id


def test_a_refusal_met_while_running_is_remembered(shop: Shop, sandbox: Sandbox) -> None:
    account = shop.creator()
    shop.drain("dkk")
    params: Any = {"amount": 500, "currency": "dkk", "destination": account.id}
    for key, expected in (("idem-short", "balance_insufficient"), ("idem-short", "balance_insufficient")):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            shop.client.v1.transfers.create(params, {"idempotency_key": key})
        assert caught.value.code == expected
        sandbox.top_up(500, "dkk")
    assert shop.client.v1.transfers.create(params, {"idempotency_key": "idem-next"}).amount == 500


def test_a_refusal_of_the_parameters_is_not_remembered(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.open(key="idem-invalid", payment_method_types=["card"])
    assert shop.open(key="idem-invalid").status == "open"


def test_concurrent_requests_make_one_object(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.fault("delay", path=SESSIONS, count=1, seconds=0.6)
    answers: list[str] = []
    conflicts: list[int | None] = []

    def attempt() -> None:
        try:
            answers.append(Shop(sandbox).open(key="idem-race").id)
        except stripe.StripeError as error:
            conflicts.append(error.http_status)

    first = threading.Thread(target=attempt)
    first.start()
    time.sleep(0.25)
    others = [threading.Thread(target=attempt) for _ in range(4)]
    for thread in others:
        thread.start()
    for thread in [first, *others]:
        thread.join()
    assert conflicts == [409] * 4
    assert shop.open(key="idem-race").id == answers[0]


def test_a_storm_without_delay_makes_one_object_too(shop: Shop, sandbox: Sandbox) -> None:
    answers: set[str] = set()

    def attempt() -> None:
        params: Any = shop.params()
        client = sandbox.client(retries=6)
        answers.add(client.v1.checkout.sessions.create(params, {"idempotency_key": "idem-storm"}).id)

    threads = [threading.Thread(target=attempt) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 1
