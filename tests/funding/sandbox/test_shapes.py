"""Every answer has the keys that the stripe classes annotate: none unknown, none missing that is never null."""

import inspect
import typing
from typing import Any

import pytest
import stripe

from tests.funding.sandbox.conftest import Shop
from tests.funding.sandbox_server import Sandbox, WebhookSink

CLASSES: dict[str, type[Any]] = {
    cls.OBJECT_NAME: cls
    for cls in (
        stripe.Account, stripe.AccountLink, stripe.Balance, stripe.BalanceTransaction, stripe.BankAccount,
        stripe.Charge,
        stripe.Dispute, stripe.Event, stripe.LineItem, stripe.PaymentIntent, stripe.Payout, stripe.Price, stripe.Refund,
        stripe.Topup, stripe.Transfer, stripe.TransferReversal, stripe.WebhookEndpoint, stripe.checkout.Session,
    )
}  # fmt: skip


def annotations(cls: type[Any]) -> dict[str, Any]:
    return {k: v for k, v in inspect.get_annotations(cls).items() if "ClassVar" not in str(v)}


def problems(value: Any, cls: type[Any] | None, where: str) -> list[str]:
    if isinstance(value, list):
        return [p for i, item in enumerate(value) for p in problems(item, cls, f"{where}[{i}]")]
    if not isinstance(value, dict):
        return []
    if value.get("object") == "list":
        return problems(value["data"], None, f"{where}.data")
    cls = CLASSES.get(str(value.get("object")), cls)
    if cls is None:
        return []
    known = annotations(cls)
    inner = getattr(cls, "_inner_class_types", {})
    found = [f"{where}.{key} is unknown" for key in value if key not in known]
    for name, hint in known.items():
        never_null = type(None) not in typing.get_args(hint)
        if never_null and value.get(name) is None:
            found.append(f"{where}.{name} is missing")
    for key, item in value.items():
        nested = inner.get(key)
        if nested is not None or isinstance(item, dict | list):
            found += problems(item, nested, f"{where}.{key}")
    return found


def check(answer: stripe.StripeObject) -> None:
    assert problems(answer.to_dict(), None, str(getattr(answer, "object", "?"))) == []


@pytest.fixture
def everything(shop: Shop, sandbox: Sandbox) -> dict[str, Any]:
    """One of each, through a whole life."""
    v1 = shop.client.v1
    sandbox.top_up(500_000, "cny")
    declined = sandbox.play(shop.open(), outcome="decline")
    waiting = sandbox.play(shop.open(), method="wechat_pay", outcome="abandon")
    paid = {method: shop.pay(method=method) for method in ("card", "card_3ds", "alipay", "wechat_pay")}
    refunds = [v1.refunds.create({"payment_intent": paid[m].id, "amount": 100}) for m in paid]
    account = shop.creator()
    transfer = v1.transfers.create({"amount": 500, "currency": "cny", "destination": account.id})
    dispute = sandbox.dispute(paid["card"])
    return locals()


def test_every_answer_has_stripes_shape(everything: dict[str, Any], shop: Shop, sandbox: Sandbox) -> None:
    v1, account = shop.client.v1, everything["account"]
    as_account: Any = {"stripe_account": account.id}
    for session in v1.checkout.sessions.list({"limit": 100, "expand": ["data.line_items"]}).data:
        check(session)
    for listing in (
        v1.payment_intents.list({"limit": 100}), v1.charges.list({"limit": 100, "expand": ["data.refunds"]}),
        v1.refunds.list({"limit": 100}), v1.transfers.list(), v1.disputes.list(), v1.webhook_endpoints.list(),
        v1.balance_transactions.list({"limit": 100}), v1.events.list({"limit": 100}), v1.accounts.list(),
        v1.payouts.list({}, as_account), v1.charges.list({}, as_account), v1.balance_transactions.list({}, as_account),
    ):  # fmt: skip
        assert isinstance(listing, stripe.ListObject)
        assert listing.data or listing.url == "/v1/webhook_endpoints"
        for item in listing.data:
            check(item)
    check(v1.balance.retrieve())
    check(v1.accounts.retrieve_current())
    link = v1.account_links.create(
        {"account": account.id, "type": "account_onboarding", "return_url": "http://a/", "refresh_url": "http://b/"}
    )
    check(link)
    sandbox.return_payout(v1.payouts.list({}, as_account).data[0])
    check(v1.transfers.reversals.create(everything["transfer"].id, {}))
    check(v1.transfers.retrieve(everything["transfer"].id))


def test_event_bodies_have_the_shape_too(everything: dict[str, Any], shop: Shop, sink: WebhookSink) -> None:
    for event in shop.client.v1.events.list({"limit": 100}).data:
        assert problems(event.to_dict()["data"]["object"], None, event.type) == []


def test_the_check_itself_can_fail() -> None:
    assert problems({"object": "refund", "id": "re_1", "colour": "red"}, None, "refund")
