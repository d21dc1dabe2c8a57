import time
from typing import Any

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop
from tests.funding.sandbox_server import ControlError, Sandbox, WebhookSink


def test_a_session_has_no_payment_until_someone_tries(shop: Shop, sandbox: Sandbox) -> None:
    session = shop.open()
    assert (session.status, session.payment_status, session.payment_intent) == ("open", "unpaid", None)
    assert session.url == f"{sandbox.url}/pay/{session.id}"
    assert session.id.startswith("cs_test_")
    assert (session.amount_total, session.currency) == (12_000, "cny")


@pytest.mark.parametrize("method", ["card", "card_3ds", "alipay", "wechat_pay"])
def test_each_method_pays(shop: Shop, sandbox: Sandbox, sink: WebhookSink, method: str) -> None:
    session = shop.open()
    sandbox.play(session, method=method)
    paid = shop.client.v1.checkout.sessions.retrieve(
        session.id, {"expand": ["payment_intent.latest_charge.balance_transaction", "line_items"]}
    )
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    intent = paid.payment_intent
    assert isinstance(intent, stripe.PaymentIntent)
    assert (intent.status, intent.amount_received, intent.transfer_group) == ("succeeded", 12_000, "escrow:test")
    assert intent.metadata["pledge"] == "p1"
    charge = intent.latest_charge
    assert isinstance(charge, stripe.Charge)
    details = charge.payment_method_details
    assert details is not None
    assert details.type == method.removesuffix("_3ds")
    transaction = charge.balance_transaction
    assert isinstance(transaction, stripe.BalanceTransaction)
    fee = 548 if method.startswith("card") else 464
    assert (transaction.amount, transaction.fee, transaction.net) == (12_000, fee, 12_000 - fee)
    assert paid.line_items is not None
    assert paid.line_items.data[0].description == "智能手环"
    for type in ("payment_intent.succeeded", "charge.succeeded"):
        sink.wait_for(type)
    sink.wait_for("checkout.session.completed", session.id)
    if method != "card":
        sink.wait_for("payment_intent.requires_action", intent.id)


@pytest.mark.parametrize("method", ["card", "card_3ds", "alipay"])
def test_a_refusal_leaves_the_session_open_for_another_try(shop: Shop, sandbox: Sandbox, method: str) -> None:
    session = shop.open()
    played = sandbox.play(session, method=method, outcome="decline")
    assert played["status"] == "open"
    intent = shop.client.v1.payment_intents.retrieve(played["payment_intent"])
    assert intent.status == "requires_payment_method"
    assert intent.last_payment_error is not None
    charges = shop.client.v1.charges.list({"payment_intent": intent.id}).data
    assert [c.status for c in charges] == (["failed"] if method == "card" else [])
    again = sandbox.play(session)
    assert (again["payment_intent"], again["payment_status"]) == (intent.id, "paid")
    assert shop.client.v1.payment_intents.retrieve(intent.id).last_payment_error is None


def test_walking_away(shop: Shop, sandbox: Sandbox) -> None:
    assert sandbox.play(shop.open(), outcome="abandon")["payment_intent"] is None
    wallet = sandbox.play(shop.open(), method="alipay", outcome="abandon")
    intent = shop.client.v1.payment_intents.retrieve(wallet["payment_intent"])
    assert (wallet["status"], intent.status) == ("open", "requires_action")
    shop.client.v1.checkout.sessions.expire(wallet["id"])
    assert shop.client.v1.payment_intents.retrieve(intent.id).status == "canceled"


@pytest.mark.parametrize("outcome", ["succeed_late", "fail_late"])
def test_a_late_payment_waits_for_the_clock(shop: Shop, sandbox: Sandbox, sink: WebhookSink, outcome: str) -> None:
    session = sandbox.play(shop.open(), method="alipay", outcome=outcome, seconds=3_600)
    assert (session["status"], session["payment_status"]) == ("complete", "unpaid")
    intent_id = session["payment_intent"]
    assert shop.client.v1.payment_intents.retrieve(intent_id).status == "processing"
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.checkout.sessions.expire(session["id"])
    sandbox.advance(3_590)
    assert shop.client.v1.payment_intents.retrieve(intent_id).status == "processing"
    sandbox.advance(20)
    after = shop.client.v1.checkout.sessions.retrieve(session["id"])
    if outcome == "succeed_late":
        assert after.payment_status == "paid"
        sink.wait_for("checkout.session.async_payment_succeeded", after.id)
    else:
        assert after.payment_status == "unpaid"
        assert shop.client.v1.payment_intents.retrieve(intent_id).status == "requires_payment_method"
        sink.wait_for("checkout.session.async_payment_failed", after.id)


def test_expiry_keeps_to_its_limits(shop: Shop, sandbox: Sandbox) -> None:
    sandbox.clock(40 * 86_400)
    now = int(sandbox.clock()["now"])
    assert shop.open(expires_at=now + 1_802).expires_at == now + 1_802
    assert shop.open(expires_at=now + 86_400).expires_at == now + 86_400
    for seconds in (1_700, 86_500, -10):
        with pytest.raises(stripe.InvalidRequestError) as caught:
            shop.open(expires_at=now + seconds)
        assert caught.value.param == "expires_at"
    with pytest.raises(stripe.InvalidRequestError):
        shop.open(expires_at=int(time.time()) + 3_600)


def test_a_session_expires_by_itself(shop: Shop, sandbox: Sandbox, sink: WebhookSink) -> None:
    session = shop.open(expires_at=int(sandbox.clock()["now"]) + 1_860)
    sandbox.advance(1_850)
    assert shop.client.v1.checkout.sessions.retrieve(session.id).status == "open"
    sandbox.advance(15)
    sink.wait_for("checkout.session.expired", session.id)
    expired = shop.client.v1.checkout.sessions.retrieve(session.id)
    assert (expired.status, expired.url) == ("expired", None)
    with pytest.raises(ControlError):
        sandbox.play(session)


def test_expiring_by_hand_is_once_only(shop: Shop, sink: WebhookSink) -> None:
    session = shop.open()
    assert shop.client.v1.checkout.sessions.expire(session.id).status == "expired"
    sink.wait_for("checkout.session.expired", session.id)
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.checkout.sessions.expire(session.id)


@pytest.mark.parametrize(
    ("currency", "wanted", "offered"),
    [
        ("cny", None, ["card", "alipay", "wechat_pay"]),
        ("jpy", ["card", "alipay"], ["card", "alipay"]),
        ("kwd", None, ["card"]),
        ("kwd", ["card", "wechat_pay"], ["card"]),
        ("usd", ["wechat_pay"], ["wechat_pay"]),
    ],
)
def test_only_eligible_methods_are_offered(
    shop: Shop, sandbox: Sandbox, currency: str, wanted: list[str] | None, offered: list[str]
) -> None:
    more: Any = {"allowed_payment_method_types": wanted} if wanted else {}
    session = shop.open(currency=currency, **more)
    assert session.payment_method_types == offered
    if "alipay" not in offered:
        with pytest.raises(ControlError):
            sandbox.play(session, method="alipay")


def test_a_currency_that_no_allowed_method_takes_is_refused(shop: Shop) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        shop.open(currency="kwd", allowed_payment_method_types=["alipay"])


@pytest.mark.parametrize(
    ("currency", "amount", "fee"), [("jpy", 1_000, 69), ("kwd", 12_340, 460), ("usd", 5_000, 175), ("cny", 1, 200)]
)
def test_fees(shop: Shop, currency: str, amount: int, fee: int) -> None:
    intent = shop.pay(currency=currency, amount=amount)
    found = shop.client.v1.balance_transactions.list({"source": str(intent.latest_charge)}).data
    assert [(t.fee, t.net) for t in found] == [(fee, amount - fee)]


def test_sessions_are_found_by_their_payment(shop: Shop) -> None:
    intent = shop.pay()
    found = shop.client.v1.checkout.sessions.list({"payment_intent": intent.id}).data
    assert [s.payment_intent for s in found] == [intent.id]


def test_payments_are_found_by_metadata(shop: Shop) -> None:
    wanted = shop.pay(payment_intent_data={"metadata": {"command": "c-77"}})
    shop.pay(payment_intent_data={"metadata": {"command": "c-78"}})
    query = "metadata['command']:'c-77' AND status:'succeeded'"
    found = shop.client.v1.payment_intents.search({"query": query})
    assert [i.id for i in found.data] == [wanted.id]
    with pytest.raises(stripe.InvalidRequestError):
        shop.client.v1.payment_intents.search({"query": "drop table"})
