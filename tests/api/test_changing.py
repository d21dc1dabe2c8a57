"""Changing a pledge over the API: the difference charged or refunded, previews, keys, refusals, retrying."""

import pytest

from funding.models import Amendment, Payment
from funding.services import paying
from tests.api.test_pledging import GUEST, line, place
from tests.factories.scripted import pay
from tests.funding.snapshots import unpaid_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def placed(api, launched, terms, sandbox):
    return place(api, launched, email=GUEST, lines=[line(terms)], country="CN")


def patch(caller, placed, body, *, key="c-1", status=200):
    answer = caller.call("PATCH", f"/pledges/{placed['id']}/", body, **{"Idempotency-Key": key})
    assert answer.status_code == status, answer.data
    return answer.data


def test_a_pledge_grows_and_shrinks(api, launched, terms, sandbox, placed):
    guest = api.bearing(placed["access_token"])
    assert patch(guest, placed, {"lines": [line(terms, 2)]}, status=409)["reason"] == "pledge_reserved"
    pay(Payment.objects.get())
    preview = guest.post(f"/pledges/{placed['id']}/amendment/", {"lines": [line(terms, 2)]}).data
    assert preview["difference"] == {"amount": 10_000, "currency": "CNY"}
    assert not Amendment.objects.exists()
    waiting = patch(guest, placed, {"lines": [line(terms, 2)]})
    change = waiting["amendment"]
    assert (waiting["total"]["amount"], change["state"], change["difference"]["amount"]) == (
        10_000, "awaiting_payment", 10_000,
    )  # fmt: skip
    assert change["checkout_url"].startswith(sandbox.url)
    assert patch(guest, placed, {"lines": [line(terms, 2)]}) == waiting
    assert patch(guest, placed, {"lines": [line(terms, 3)]}, status=422)["code"] == "idempotency_conflict"
    assert patch(guest, placed, {"lines": [line(terms, 3)]}, key="c-2", status=409)["reason"] == "amendment_open"
    pay(Amendment.objects.get().payments.get())
    grown = guest.get(f"/pledges/{placed['id']}/").data
    assert (grown["total"]["amount"], grown["lines"][0]["quantity"], grown["amendment"]["state"]) == (
        20_000, 2, "applied",
    )  # fmt: skip
    assert api.get(f"/campaigns/{launched.key}/funding/").data["raised"]["amount"] == 20_000
    patch(guest, placed, {"lines": [line(terms, 3)]}, key="c-3")
    assert guest.delete(f"/pledges/{placed['id']}/amendment/").data["amendment"]["state"] == "abandoned"
    assert guest.delete(f"/pledges/{placed['id']}/amendment/").status_code == 409


def test_whose_it_is_not_and_what_is_wrong(api, terms, placed):
    guest = api.bearing(placed["access_token"])
    pay(Payment.objects.get())
    patch(api, placed, {"lines": [line(terms, 2)]}, status=404)
    for body in ({"lines": [line("nothing")]}, {"lines": []}, {"country": "XXX"}, {"lines": [line(terms)], "x": 1}):
        patch(guest, placed, body, status=400)
    assert patch(guest, placed, {}, status=400)["code"] == "nothing_changed"
    assert not Amendment.objects.exists()


def test_a_payment_that_failed_is_taken_up_again(api, sandbox, placed):
    guest, path = api.bearing(placed["access_token"]), f"/pledges/{placed['id']}/retry/"
    assert guest.post(path, {}).data["checkout_url"] == placed["checkout_url"]
    payment = Payment.objects.get()
    paying.apply_snapshot(payment_id=payment.pk, snapshot=unpaid_snapshot(payment, "expired"))
    again = guest.post(path, {}).data
    assert (again["state"], again["checkout_url"] != placed["checkout_url"]) == ("reserved", True)
    assert api.post(path, {}).status_code == 404
