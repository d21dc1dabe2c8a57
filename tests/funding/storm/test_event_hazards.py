"""Events that come five times at once, too early, too late, never, or from somebody else: counted once, never a 500."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import stripe as stripe_library
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from cms.core import clock
from funding.gateways.base import CheckoutRequest, CheckoutSnapshot
from funding.models import Alert, Escrow, Journal, Payment, WebhookEvent
from funding.services import closing, commanding, polling
from funding.services.pledging import place_pledge
from funding.webhooks import handlers, refusals
from tests.factories.funding import open_test_escrow, pledge_input
from tests.factories.scripted import ScriptedGateway, reserved_pledge
from tests.funding.storm.timeline import Step, Timeline, checkout, dispute, paid, provider, stored

SECRET = "whsec_storm"


@pytest.fixture(autouse=True)
def _secret(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_LIVEMODE = SECRET, False
    # Alerts about refused calls are spaced by a minute of real time.
    refusals._written.clear()


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> Timeline:
    timeline = Timeline()
    provider(monkeypatch, timeline)
    return timeline


def post(body: dict[str, Any], *, secret: str = SECRET) -> HttpResponse:
    """Call our webhook as the provider does."""
    text = json.dumps({"object": "event", "livemode": False} | body)
    signature = stripe_library.WebhookSignature.generate_signature_header(text, secret, int(clock.now().timestamp()))
    return Client().post(
        "/webhooks/stripe/", data=text, content_type="application/json", headers={"Stripe-Signature": signature}
    )


def completed(payment: Payment, number: int = 1) -> dict[str, Any]:
    found = {
        "id": payment.session_id, "object": "checkout.session",
        "metadata": {"payment": str(payment.pk), "pledge": str(payment.pledge_id)},
    }  # fmt: skip
    return {"id": f"evt_{number}", "type": "checkout.session.completed", "data": {"object": found}}


def state(payment: Payment) -> tuple[str, str, int]:
    payment.refresh_from_db()
    return payment.state, payment.pledge.state, Escrow.objects.get(pk=payment.pledge.escrow_id).captured


@pytest.mark.django_db(transaction=True)
def test_the_same_and_its_likes_five_times_at_once_count_once(gateway: Timeline) -> None:
    payment = reserved_pledge(open_test_escrow(), rewards={"lamp": 2})
    withdrawn = dispute(payment, "needs_response", withdrawn=payment.amount, fee=15_00)
    gateway.steps = [Step("", paid(payment, fee=1_00)), Step("", withdrawn)]
    gateway.moment = 1
    disputed = {"id": withdrawn.external_id, "object": "dispute"}
    calls = [completed(payment)] * 5 + [completed(payment, number) for number in range(2, 5)]
    calls += [{"id": "evt_d", "type": "charge.dispute.funds_withdrawn", "data": {"object": disputed}}] * 5

    def call(body: dict[str, Any]) -> int:
        try:
            return post(body).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as pool:
        assert set(pool.map(call, calls)) == {200}
    assert WebhookEvent.objects.count() == 5
    WebhookEvent.objects.update(next_attempt_at=None)
    handlers.sweep_events()
    assert not WebhookEvent.objects.filter(handled_at=None).exists()
    assert state(payment) == ("succeeded", "disputed", 200_00)
    names = [f"capture:{payment.pk}", f"provider_fee:{payment.pk}"]
    assert Journal.objects.filter(key__in=names).count() == 2
    assert Journal.objects.filter(kind__startswith="dispute").count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_event_that_comes_while_our_own_call_is_still_out(monkeypatch: pytest.MonkeyPatch) -> None:
    class Hasty(Timeline):
        """Its customer has paid and its event has come before it answers us."""

        def create_checkout(self, request: CheckoutRequest) -> CheckoutSnapshot:
            told = super().create_checkout(request)
            payment = Payment.objects.get(pk=request.payment)
            payment.session_id = told.external_id
            self.steps = [Step("", paid(payment))]
            assert post(completed(payment)).status_code == 200
            assert state(payment) == ("succeeded", "paid", payment.amount)
            return told

    provider(monkeypatch, Hasty())
    placed = place_pledge(request=pledge_input(open_test_escrow()), idempotency_key="hasty")
    assert state(placed.payment)[:2] == ("succeeded", "paid")
    assert Journal.objects.filter(kind="capture").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "end"), [(10, "paid"), (60, "refunded")])
def test_a_word_that_comes_after_the_deadline(minutes: int, end: str, gateway: Timeline) -> None:
    escrow = open_test_escrow(goal=1_00)
    clock.set_offset(clock.offset() + timedelta(days=30, seconds=-1))
    payment = reserved_pledge(escrow, rewards={"lamp": 1})
    gateway.steps = [Step("", paid(payment, begun_at=clock.now()))]
    event = stored(payment, Step("checkout.session.completed", paid(payment)), 1)
    clock.set_offset(clock.offset() + timedelta(minutes=minutes))
    closing.close_due()
    closing.decide_due()
    handlers.handle(event.pk)
    if end == "paid":
        assert closing.decide(escrow_id=escrow.pk)
        assert state(payment) == ("succeeded", "paid", 100_00)
    else:
        commanding.sweep_commands()
        assert state(payment) == ("succeeded", "refunded", 0)
        assert payment.orphan
    escrow.refresh_from_db()
    assert escrow.decision.outcome == ("succeeded" if end == "paid" else "failed")


@pytest.mark.django_db
def test_events_that_never_come_are_not_missed(gateway: Timeline) -> None:
    payment = reserved_pledge(open_test_escrow(), rewards={"lamp": 1})
    gateway.steps = [Step("", paid(payment, fee=1_00))]
    assert polling.poll_payments() == 1
    assert state(payment) == ("succeeded", "paid", 100_00)
    gateway.contest(payment)
    gateway.retrieve_dispute = ScriptedGateway.retrieve_dispute.__get__(gateway)  # type: ignore[method-assign]
    assert polling.poll_disputes() >= 1
    assert state(payment)[1] == "disputed"


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"amount": 1}, {"amount": 100_01}, {"currency": "USD"}])
def test_another_amount_or_currency_is_never_counted(change: dict[str, Any], gateway: Timeline) -> None:
    payment = reserved_pledge(open_test_escrow(), rewards={"lamp": 1})
    gateway.steps = [Step("", replace(paid(payment), **change))]
    event = stored(payment, Step("checkout.session.completed", paid(payment)), 1)
    assert handlers.handle(event.pk)
    assert state(payment) == ("submitting", "reserved", 0)
    assert Alert.objects.get().code == "amount_differs"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "kind", ["checkout.session.completed", "payment_intent.succeeded", "charge.updated", "refund.updated",
             "transfer.created", "account.updated", "payout.paid", "charge.dispute.created"],
)  # fmt: skip
def test_what_nobody_knows_is_kept_tried_and_shown(kind: str, gateway: Timeline) -> None:
    known = reserved_pledge(open_test_escrow(), extra=5_00)
    gateway.steps = [Step("", dispute(known, "needs_response")), Step("", checkout(known))]
    gateway.moment = 1
    told = replace(dispute(known, "needs_response"), external_id="x_1", intent_id="pi_nobodys", charge_id="")
    gateway.steps.append(Step("", told))
    name = "checkout.session" if kind.startswith("checkout") else kind.partition(".")[0]
    found = {"id": "x_1", "object": name, "payment_intent": "pi_nobodys"}
    assert post({"id": "evt_u", "type": kind, "account": "acct_x", "data": {"object": found}}).status_code == 200
    event = WebhookEvent.objects.get()
    assert (event.handled_at, event.attempts) == (None, 1)
    for _ in range(handlers.MOST_UNKNOWN):
        handlers.handle(event.pk)
    event.refresh_from_db()
    assert event.outcome == "unknown_object"
    assert Alert.objects.filter(code="unknown_object").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "secret", "code"),
    [({}, "whsec_somebody", "webhook_forged"), ({"livemode": True}, SECRET, "webhook_wrong_mode")],
)
def test_forged_and_foreign_events_are_refused_and_shown(change: dict[str, Any], secret: str, code: str) -> None:
    payment = reserved_pledge(open_test_escrow(), rewards={"lamp": 1})
    assert post(completed(payment) | change, secret=secret).status_code == 400
    assert state(payment)[:2] == ("submitting", "reserved")
    assert not WebhookEvent.objects.exists()
    assert Alert.objects.filter(code=code).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "found", [{}, {"id": None}, {"id": 7, "object": "refund"}, {"id": "x", "metadata": "no"}, {"id": ["x"]}, [], None]
)
def test_shapes_that_the_provider_never_sends_are_no_500(found: Any, gateway: Timeline) -> None:
    for number, kind in enumerate(["checkout.session.completed", "refund.updated", "charge.updated"]):
        answer = post({"id": f"evt_odd{number}", "type": kind, "data": {"object": found}})
        assert answer.status_code in (200, 400)
    for event in WebhookEvent.objects.all():
        assert not handlers.handle(event.pk)
