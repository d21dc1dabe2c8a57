from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import stripe

from tests.funding.sandbox_server import Sandbox, WebhookSink, running_sandbox


@pytest.fixture(scope="session")
def server() -> Iterator[Sandbox]:
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(server: Sandbox) -> Iterator[Sandbox]:
    yield server
    server.reset()


@pytest.fixture
def client(sandbox: Sandbox) -> stripe.StripeClient:
    return sandbox.client()


@pytest.fixture(scope="session")
def _sink(server: Sandbox) -> Iterator[tuple[WebhookSink, str]]:
    sink = WebhookSink()
    yield sink, server.listen(sink.url)
    sink.close()


@pytest.fixture
def sink(_sink: tuple[WebhookSink, str], sandbox: Sandbox) -> WebhookSink:
    _sink[0].received.clear()
    return _sink[0]


@pytest.fixture
def secret(_sink: tuple[WebhookSink, str]) -> str:
    return _sink[1]


def headers(answer: stripe.StripeObject) -> Mapping[str, str]:
    assert answer.last_response is not None
    return answer.last_response.headers


class Shop:
    """Opens and pays checkouts the way the platform does."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.client = sandbox, sandbox.client()

    def params(self, *, amount: int = 12_000, currency: str = "cny", **more: Any) -> dict[str, Any]:
        product = {"currency": currency, "unit_amount": amount, "product_data": {"name": "智能手环"}}
        return {
            "mode": "payment",
            "success_url": "http://localhost:8000/thanks?session={CHECKOUT_SESSION_ID}",
            "cancel_url": "http://localhost:8000/back",
            "customer_email": "backer@example.com",
            "line_items": [{"quantity": 1, "price_data": product}],
            "payment_intent_data": {"transfer_group": "escrow:test", "metadata": {"pledge": "p1"}},
            "metadata": {"pledge": "p1"},
            "adaptive_pricing": {"enabled": False},
            **more,
        }

    def open(self, *, key: str | None = None, **more: Any) -> stripe.checkout.Session:
        options: Any = {"idempotency_key": key} if key else {}
        params: Any = self.params(**more)
        return self.client.v1.checkout.sessions.create(params, options)

    def pay(self, *, method: str = "card", **more: Any) -> stripe.PaymentIntent:
        session = self.sandbox.play(self.open(**more), method=method)
        return self.client.v1.payment_intents.retrieve(session["payment_intent"])

    def balance(self, currency: str, account: str | None = None) -> int:
        options: Any = {"stripe_account": account} if account else {}
        found = self.client.v1.balance.retrieve({}, options)
        return sum(entry.amount for entry in found.available if entry.currency == currency)

    def drain(self, currency: str, *, leaving: int = 0) -> None:
        """Take the platform's balance to the bank, up to what should be left."""
        surplus = self.balance(currency) - leaving
        if surplus > 0:
            self.client.v1.payouts.create({"amount": surplus, "currency": currency})
        elif surplus < 0:
            self.sandbox.top_up(-surplus, currency)

    def creator(self, *, onboarded: bool = True, **more: Any) -> stripe.Account:
        params: Any = {
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "stripe_dashboard": {"type": "express"},
            },
            "country": "US",
            "email": "creator@example.com",
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"user": "7"},
            **more,
        }
        account = self.client.v1.accounts.create(params)
        if onboarded:
            self.sandbox.onboard(account)
        return self.client.v1.accounts.retrieve(account.id)


@pytest.fixture
def shop(sandbox: Sandbox) -> Shop:
    return Shop(sandbox)
