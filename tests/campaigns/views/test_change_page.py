"""Change my pledge, and pay after all: pages for backers signed in and for guests by their link, in both languages."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign
from campaigns.services import following_up
from cms.core import clock
from cms.mail.models import Message
from funding.models import Amendment, Payment, Pledge
from funding.selectors import access_token
from funding.services import paying
from tests.factories.scripted import pay
from tests.funding.sandbox_server import Sandbox
from tests.funding.snapshots import unpaid_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(transactional_db: None, launched: Campaign) -> Campaign:
    return launched


@pytest.fixture
def placed(client: Client, campaign: Campaign, sandbox: Sandbox) -> Pledge:
    """One lamp to China by a guest, not yet paid."""
    assert campaign.escrow is not None
    key = campaign.escrow.rewards.get().key
    form = {f"quantity-{key}": "1", "country": "CN", "email": "guest@example.com", "idempotency_key": "one"}
    assert client.post(f"/en/back/{campaign.key}/", {**form, "action": "pay"}).status_code == 302
    return Pledge.objects.get()


def address(pledge: Pledge, step: str, locale: str = "en") -> str:
    return f"/{locale}/pledges/{pledge.pk}/{step}?token={access_token(pledge)}"


def form(pledge: Pledge, quantity: str = "1", **fields: Any) -> dict[str, Any]:
    key = pledge.escrow.rewards.get().key
    return {f"quantity-{key}": quantity, "country": "CN", "extra": "", "version": "", "idempotency_key": "c",
            "action": "confirm", **fields}  # fmt: skip


def test_the_difference_is_shown_then_paid_and_told(client: Client, placed: Pledge, sandbox: Sandbox) -> None:
    pay(Payment.objects.get())
    shown = client.get(address(placed, "change/")).content.decode()
    assert 'value="1"' in shown
    assert "Show the difference" in shown
    assert client.get(f"/en/pledges/{placed.pk}/change/").status_code == 404
    reviewed = client.post(address(placed, "change/"), form(placed, "2", action="review"))
    assert "You pay a difference of" in reviewed.content.decode()
    assert not Amendment.objects.exists()
    chinese = client.post(address(placed, "change/", "zh-hans"), form(placed, "2", action="review")).content.decode()
    assert "差额" in chinese
    sent = client.post(address(placed, "change/"), form(placed, "2"))
    assert sent["Location"].startswith(sandbox.url)
    assert client.post(address(placed, "change/"), form(placed, "2"))["Location"] == sent["Location"]
    assert client.post(address(placed, "change/"), form(placed, "3", idempotency_key="d")).status_code == 409
    page = client.get(address(placed, "")).content.decode()
    assert "Pay the difference" in page
    pay(Amendment.objects.get().payments.get())
    page = client.get(address(placed, "")).content.decode()
    assert "100.00 → " in page
    keys = {key.split(":")[0]: key for key in Message.objects.values_list("key", flat=True)}
    assert {"amendment_waits", "amended", "receipt"} <= set(keys)


def test_less_comes_back_and_refusals_stand_beside_their_fields(client: Client, placed: Pledge) -> None:
    pay(Payment.objects.get())
    for fields, status in (
        ({"quantity": "x"}, 400), ({"quantity": "0"}, 400), ({"country": ""}, 400), ({"extra": "-1"}, 400),
        ({"quantity": "1"}, 400), ({"quantity": "1001"}, 400),
    ):  # fmt: skip
        page = client.post(address(placed, "change/"), form(placed, **fields))
        assert page.status_code == status, fields
        assert any(mark in page.content.decode() for mark in ('class="errors', 'role="alert"')), fields
    assert not Amendment.objects.exists()


def test_a_change_can_be_dropped(client: Client, placed: Pledge) -> None:
    pay(Payment.objects.get())
    client.post(address(placed, "change/"), form(placed, "3"))
    assert client.post(address(placed, "change/drop/"))["Location"] == address(placed, "")
    assert Amendment.objects.get().state == "abandoned"
    assert Pledge.objects.get().total == 100_00


def test_a_payment_that_ran_out_is_made_after_all_by_the_link(client: Client, placed: Pledge, sandbox: Sandbox) -> None:
    assert client.get(address(placed, "retry/"))["Location"].startswith(sandbox.url)
    payment = Payment.objects.get()
    paying.apply_snapshot(payment_id=payment.pk, snapshot=unpaid_snapshot(payment, "expired"))
    told = Message.objects.get(key=f"payment_failed:{payment.pk}")
    assert (told.template, told.to) == ("payment_expired", "guest@example.com")
    for locale, words in (("en", "Take what you chose again"), ("zh-hans", "重新预留所选内容")):
        page = client.get(address(placed, "retry/", locale))
        assert (page.status_code, words in page.content.decode()) == (200, True)
    assert Pledge.objects.get().state == "expired"
    sent = client.post(address(placed, "retry/"))
    assert sent["Location"].startswith(sandbox.url)
    assert Pledge.objects.get().state == "reserved"
    assert client.post(address(placed, "retry/"))["Location"] == sent["Location"]


def test_a_link_that_leads_nowhere_says_why(client: Client, placed: Pledge) -> None:
    client.post(address(placed, "cancel/"))
    page = client.get(address(placed, "retry/"))
    assert page.status_code == 409
    assert "You cancelled this pledge" in page.content.decode()
    assert client.get(f"/en/pledges/{placed.pk}/retry/?token=wrong").status_code == 404


def test_an_unpaid_pledge_is_reminded_of_three_times_two_days_apart(placed: Pledge) -> None:
    payment = Payment.objects.get()
    paying.apply_snapshot(payment_id=payment.pk, snapshot=unpaid_snapshot(payment, "expired"))
    sent = []
    for round_number in range(1, 5):
        assert following_up.remind_due() == 0
        clock.set_offset(following_up.REMIND_EVERY * round_number)
        sent.append(following_up.remind_due())
    assert sent == [1, 1, 1, 0]
    keys = Message.objects.filter(template="payment_reminder").order_by("pk").values_list("key", flat=True)
    assert list(keys) == [f"payment_reminder:{placed.pk}:{number}" for number in (1, 2, 3)]


def test_more_rewards_cost_no_more_queries(client: Client, placed: Pledge) -> None:
    pay(Payment.objects.get())
    client.get(address(placed, "change/"))
    with CaptureQueriesContext(connection) as few:
        client.get(address(placed, "change/"))
    for number in range(4):
        reward = placed.escrow.rewards.order_by("pk").first()
        assert reward is not None
        reward.pk, reward.key, reward.reserved, reward.sold = None, f"more{number}", 0, 0
        reward.save(force_insert=True)
    with CaptureQueriesContext(connection) as many:
        page = client.get(address(placed, "change/")).content.decode()
    assert "quantity-more3" in page
    assert len(many) == len(few)
