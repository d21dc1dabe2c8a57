import json
import time

import pytest
import stripe as stripe_library
from django.test import Client, RequestFactory

from cms.core import clock
from funding.models import GatewayCommand, Payment, Pledge, WebhookEvent
from funding.services import polling
from funding.webhooks import handlers, receiver
from tests.factories.funding import open_test_escrow, place_test_pledge
from tests.funding.sandbox_server import eventually

SECRET = "whsec_test"


@pytest.fixture
def secret(settings):
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    settings.STRIPE_LIVEMODE = False


def event(**changes) -> str:
    found = {"id": "cs_unknown", "object": "checkout.session", "metadata": {}}
    body = {"id": "evt_1", "object": "event", "type": "checkout.session.completed", "livemode": False}
    return json.dumps(body | {"data": {"object": found}} | changes)


def sign(body: str, *, at: float | None = None, secret: str = SECRET) -> str:
    stamp = int(clock.now().timestamp() if at is None else at)
    return stripe_library.WebhookSignature.generate_signature_header(body, secret, stamp)


def call(body: str, signature: str | None = None):
    headers = {"Stripe-Signature": signature} if signature is not None else {}
    return Client(enforce_csrf_checks=True).post(
        "/webhooks/stripe/", data=body, content_type="application/json", headers=headers
    )


@pytest.mark.django_db
def test_a_genuine_event_is_stored_once(secret):
    body = event()
    assert call(body, sign(body)).status_code == 200
    assert call(body, sign(body)).status_code == 200
    stored = WebhookEvent.objects.get()
    assert (stored.external_id, stored.type, stored.object_id) == ("evt_1", "checkout.session.completed", "cs_unknown")
    assert stored.payload == json.loads(body)


@pytest.mark.django_db
def test_an_event_with_a_long_number_and_odd_values_is_kept_without_whose_it_is(secret):
    found = {
        "id": "o" * 255, "object": "charge", "amount": 10**30, "fee": float("nan"), "status": "a\0b",
        "reason": "x" * 999, "receipt_email": "somebody@example.com", "billing_details": {"name": "Somebody"},
        "metadata": {"payment": ["7"]},
        "balance_transaction": {"id": "txn_1", "description": "Somebody"},
    }  # fmt: skip
    body = event(id="e" * 255, type="charge.updated", data={"object": found})
    assert call(body, sign(body)).status_code == 200
    stored = WebhookEvent.objects.get(external_id="e" * 255)
    assert stored.payload["data"]["object"] == {
        "id": "o" * 255, "object": "charge", "amount": 10**30, "metadata": {}, "balance_transaction": "txn_1",
    }  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda: (event(), None), "signature"),
        (lambda: (event(), ""), "signature"),
        (lambda: (event(), "t=1,v1=00"), "signature"),
        (lambda: (event(), "nonsense"), "signature"),
        (lambda: (event(), sign(event(), secret="whsec_other")), "signature"),
        (lambda: (event(id="evt_2"), sign(event())), "signature"),
        (lambda: (event(), sign(event(), at=clock.now().timestamp() - 301)), "stale"),
        (lambda: (event(), sign(event(), at=clock.now().timestamp() + 301)), "stale"),
        (lambda: (event(livemode=True), sign(event(livemode=True))), "livemode"),
        (lambda: ("[]", sign("[]")), "shape"),
        (lambda: ("{}", sign("{}")), "shape"),
        (lambda: ("no json", sign("no json")), "shape"),
        (lambda: (event(id="e" * 256), sign(event(id="e" * 256))), "shape"),
        (lambda: (event(id="e\0"), sign(event(id="e\0"))), "shape"),
        (lambda: (event(id="\ud800"), sign(event(id="\ud800"))), "shape"),
        (lambda: (event(id=7), sign(event(id=7))), "shape"),
        (lambda: (event(id=""), sign(event(id=""))), "shape"),
        (lambda: (event(account=["a"]), sign(event(account=["a"]))), "shape"),
        (lambda: (event(data={"object": {"id": "o" * 256}}), sign(event(data={"object": {"id": "o" * 256}}))), "shape"),
    ],
)
def test_what_is_not_the_providers_is_refused_and_not_stored(secret, make, reason):
    body, signature = make()
    response = call(body, signature)
    assert (response.status_code, response.json()["reason"]) == (400, reason)
    assert not WebhookEvent.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(("length", "status"), [("9" * 9, 413), ("-1", 400), ("abc", 400), ("１２", 400)])
def test_a_call_of_no_or_of_unbearable_length_is_refused(secret, length, status):
    request = RequestFactory().post("/webhooks/stripe/", b"{}", content_type="application/json")
    assert request.body == b"{}"
    request.META["CONTENT_LENGTH"] = length
    response = receiver.receive(request, "stripe")
    assert response.status_code == status
    assert not WebhookEvent.objects.exists()


@pytest.mark.django_db
def test_freshness_is_by_app_time(secret):
    from datetime import timedelta

    clock.set_offset(timedelta(days=40))
    body = event()
    assert call(body, sign(body, at=time.time())).status_code == 400
    assert call(body, sign(body, at=time.time() + 40 * 86400)).status_code == 200


@pytest.mark.django_db
def test_other_methods_are_no_events(client):
    assert client.get("/webhooks/stripe/").status_code == 405


@pytest.mark.django_db
def test_a_secret_may_be_replaced_while_both_are_valid(secret, settings):
    settings.STRIPE_WEBHOOK_SECRET = f"whsec_new,{SECRET}"
    assert call(event(), sign(event())).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_an_event_about_an_unknown_object_is_kept_and_tried_again(secret):
    body = event(data={"object": {"id": "cs_x", "object": "checkout.session", "metadata": {"payment": "77"}}})
    call(body, sign(body))
    stored = WebhookEvent.objects.get()
    assert (stored.handled_at, stored.attempts) == (None, 1)
    assert stored.next_attempt_at is not None
    for _ in range(handlers.MOST_UNKNOWN):
        handlers.handle(stored.pk)
    stored.refresh_from_db()
    assert stored.outcome == "unknown_object"


@pytest.mark.django_db(transaction=True)
def test_types_that_nobody_needs_are_put_aside(secret):
    body = event(type="customer.created")
    call(body, sign(body))
    assert WebhookEvent.objects.get().outcome == "ignored"


@pytest.mark.django_db(transaction=True)
def test_an_event_is_a_hint_and_not_believed(sandbox, secret):
    payment = place_test_pledge(open_test_escrow()).payment
    found = {
        "id": payment.session_id, "object": "checkout.session", "status": "complete", "payment_status": "paid",
        "amount_total": payment.amount, "metadata": {"payment": str(payment.pk), "pledge": str(payment.pledge_id)},
    }  # fmt: skip
    body = event(data={"object": found})
    assert call(body, sign(body)).status_code == 200
    assert Pledge.objects.get().state == "reserved"


@pytest.mark.django_db(transaction=True)
def test_an_event_that_overtakes_our_own_answer_opens_the_payment(sandbox, secret):
    payment = place_test_pledge(open_test_escrow()).payment
    session_id = payment.session_id
    # As if the process had died between the call and its record.
    GatewayCommand.objects.update(state="unknown", external_id="")
    fresh = place_test_pledge(open_test_escrow()).payment
    sandbox.play(fresh.session_id)
    Payment.objects.filter(pk=fresh.pk).update(session_id="")
    metadata = {"payment": str(fresh.pk), "pledge": str(fresh.pledge_id)}
    body = event(data={"object": {"id": fresh.session_id, "object": "checkout.session", "metadata": metadata}})
    call(body, sign(body))
    assert Pledge.objects.get(pk=fresh.pledge_id).state == "paid"
    assert Payment.objects.get(pk=fresh.pk).session_id == fresh.session_id
    assert session_id != fresh.session_id


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fault", ["duplicate", "delay", "reorder"])
def test_duplicate_late_and_reordered_webhooks_count_once(sandbox, webhooks, fault):
    sandbox.fault(fault, event_type="*", count=3, **({"seconds": 0.5} if fault == "delay" else {}))
    result = place_test_pledge(open_test_escrow())
    sandbox.play(result.payment.session_id)
    eventually(lambda: Pledge.objects.get().state == "paid", what="the payment")
    assert result.pledge.escrow.__class__.objects.get().captured == result.payment.amount


@pytest.mark.django_db(transaction=True)
def test_a_dropped_webhook_costs_a_delay_only(sandbox, webhooks):
    sandbox.fault("drop", event_type="*", count=50)
    result = place_test_pledge(open_test_escrow())
    sandbox.play(result.payment.session_id)
    assert polling.poll_payments() == 1
    assert Pledge.objects.get().state == "paid"
