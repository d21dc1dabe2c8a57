from typing import Any

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop
from tests.funding.sandbox_server import Sandbox, WebhookSink, eventually

DAY = 86_400


def refund(
    shop: Shop, intent: stripe.PaymentIntent, amount: int | None = None, key: str | None = None
) -> stripe.Refund:
    params: Any = {"payment_intent": intent.id, "metadata": {"command": "r1"}}
    if amount is not None:
        params["amount"] = amount
    options: Any = {"idempotency_key": key} if key else {}
    return shop.client.v1.refunds.create(params, options)


def test_a_card_refund_succeeds_at_once_and_keeps_the_fee(shop: Shop, sink: WebhookSink) -> None:
    shop.sandbox.top_up(100_000, "cny")
    intent = shop.pay()
    before = shop.balance("cny")
    part = refund(shop, intent, 5_000)
    assert (part.status, part.amount, part.payment_intent) == ("succeeded", 5_000, intent.id)
    assert shop.balance("cny") == before - 5_000
    rest = refund(shop, intent)
    assert rest.amount == 7_000
    charge = shop.client.v1.charges.retrieve(str(intent.latest_charge), {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (12_000, True)
    assert charge.refunds is not None
    assert [r.id for r in charge.refunds.data] == [rest.id, part.id]
    sink.wait_for("refund.created", part.id)
    sink.wait_for("charge.refunded", charge.id, count=2)


def test_over_refunds_are_refused(shop: Shop) -> None:
    shop.sandbox.top_up(100_000, "cny")
    intent = shop.pay()
    refund(shop, intent, 8_000)
    for amount in (4_001, 0, -1):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            refund(shop, intent, amount)
        assert caught.value.param == "amount"
    refund(shop, intent, 4_000)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(shop, intent)
    assert caught.value.code == "charge_already_refunded"


def test_an_unpaid_intent_has_nothing_to_refund(shop: Shop, sandbox: Sandbox) -> None:
    played = sandbox.play(shop.open(), outcome="decline")
    with pytest.raises(stripe.InvalidRequestError) as caught:
        shop.client.v1.refunds.create({"payment_intent": played["payment_intent"]})
    assert caught.value.param == "payment_intent"


@pytest.mark.parametrize("method", ["alipay", "wechat_pay"])
def test_a_wallet_refund_succeeds_a_moment_later(shop: Shop, sink: WebhookSink, method: str) -> None:
    shop.sandbox.top_up(100_000, "cny")
    pending = refund(shop, shop.pay(method=method))
    assert pending.status == "pending"
    entry = sink.wait_for("refund.updated", pending.id)[0]
    assert entry["event"]["data"]["object"]["status"] == "succeeded"
    sink.wait_for("charge.refund.updated", pending.id)
    assert shop.client.v1.refunds.retrieve(pending.id).status == "succeeded"


def test_a_card_refund_waits_for_the_balance(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    intent = shop.pay(currency="eur", amount=10_000)
    shop.drain("eur", leaving=100)
    waiting = refund(shop, intent)
    assert (waiting.status, waiting.pending_reason) == ("pending", "insufficient_funds")
    assert shop.balance("eur") == 100
    with pytest.raises(stripe.InvalidRequestError):
        refund(shop, intent, 1)
    sandbox.top_up(9_000, "eur")
    assert shop.client.v1.refunds.retrieve(waiting.id).status == "pending"
    sandbox.top_up(900, "eur")
    assert shop.client.v1.refunds.retrieve(waiting.id).status == "succeeded"
    assert shop.balance("eur") == 0
    sink.wait_for("refund.updated", waiting.id)


def test_a_wallet_refund_fails_without_the_balance(shop: Shop, sink: WebhookSink) -> None:
    intent = shop.pay(currency="gbp", amount=10_000, method="alipay")
    shop.drain("gbp", leaving=100)
    failed = refund(shop, intent)
    assert (failed.status, failed.failure_reason) == ("failed", "insufficient_funds")
    sink.wait_for("refund.failed", failed.id)
    charge = shop.client.v1.charges.retrieve(str(intent.latest_charge))
    assert (charge.amount_refunded, shop.balance("gbp")) == (0, 100)


@pytest.mark.parametrize(("method", "days"), [("alipay", 90), ("wechat_pay", 180)])
def test_wallets_close_their_refund_window(shop: Shop, sandbox: Sandbox, method: str, days: int) -> None:
    sandbox.top_up(100_000, "cny")
    intent = shop.pay(method=method)
    sandbox.advance(days * DAY - 60)
    assert refund(shop, intent, 100).status == "pending"
    sandbox.advance(120)
    with pytest.raises(stripe.InvalidRequestError) as caught:
        refund(shop, intent, 100)
    assert caught.value.code == "charge_not_refundable"


def test_a_card_has_no_such_window(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.top_up(100_000, "cny")
    intent = shop.pay()
    sandbox.advance(300 * DAY)
    assert refund(shop, intent).status == "succeeded"


@pytest.mark.parametrize("method", ["card", "alipay"])
def test_a_refund_may_fail_later_and_gives_the_money_back(
    shop: Shop, sandbox: Sandbox, sink: WebhookSink, method: str
) -> None:
    sandbox.top_up(100_000, "cny")
    intent = shop.pay(method=method)
    before = shop.balance("cny")
    sandbox.fault("refund_fails_later", path="/v1/refunds", seconds=600)
    made = refund(shop, intent)
    assert made.status == ("succeeded" if method == "card" else "pending")
    sandbox.advance(601)
    failed = shop.client.v1.refunds.retrieve(made.id)
    assert failed.status == "failed"
    assert failed.failure_balance_transaction is not None
    assert shop.balance("cny") == before
    assert shop.client.v1.charges.retrieve(str(intent.latest_charge)).amount_refunded == 0
    sink.wait_for("refund.failed", made.id)
    assert refund(shop, intent).status in ("succeeded", "pending")


def test_refunds_are_listed_by_payment(shop: Shop) -> None:
    shop.sandbox.top_up(100_000, "cny")
    intent = shop.pay()
    made = [refund(shop, intent, amount).id for amount in (100, 200, 300)]
    found = shop.client.v1.refunds.list({"payment_intent": intent.id})
    assert [r.id for r in found.data] == made[::-1]
    assert found.data[0].metadata is not None
    assert found.data[0].metadata["command"] == "r1"


def test_all_refunds_of_a_wallet_settle(shop: Shop) -> None:
    shop.sandbox.top_up(100_000, "cny")
    made = [refund(shop, shop.pay(method="alipay"), 100).id for _ in range(3)]

    def settled() -> bool:
        return all(shop.client.v1.refunds.retrieve(id).status == "succeeded" for id in made)

    eventually(settled, what="the refunds")
