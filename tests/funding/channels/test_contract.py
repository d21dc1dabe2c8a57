"""What every gateway promises, asked of each of them over real HTTP."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from funding.exceptions import ProviderRefused
from funding.gateways.base import CheckoutRequest, CheckoutSnapshot, RefundRequest
from tests.funding.channels.conftest import Channel

pytestmark = pytest.mark.django_db

AMOUNT = 110_00


def checkout_request(**fields: Any) -> CheckoutRequest:
    pledge = str(uuid.uuid4())
    values: dict[str, Any] = {
        "command": f"checkout:{pledge}:1", "pledge": pledge, "payment": 1, "escrow": "abc", "name": "盐水灯",
        "email": "a@example.com", "locale": "en", "amount": AMOUNT, "currency": "CNY", "methods": ["card"],
        "expires_at": int(timezone.now().timestamp()) + 2700, "success_url": "http://localhost/done",
        "cancel_url": "http://localhost/back", "pay_url": "http://localhost/pay",
    }  # fmt: skip
    return CheckoutRequest(**values | fields)


def refund_request(paid: CheckoutSnapshot, amount: int, command: str = "") -> RefundRequest:
    key = command or f"refund:{paid.intent_id}:{uuid.uuid4()}:1"
    return RefundRequest(key, 1, 1, "abc", paid.intent_id, amount, "CNY")


def begun(channel: Channel, request: CheckoutRequest | None = None) -> CheckoutSnapshot:
    """A checkout that its payer has come to."""
    opened = channel.gateway.create_checkout(request or checkout_request())
    channel.visit(opened.code)
    return opened


def order_in(opened: CheckoutSnapshot) -> str:
    """Of an address that is signed anew each time, what stays."""
    return opened.code.partition("&timestamp=")[0]


@pytest.fixture
def paid(channel: Channel) -> CheckoutSnapshot:
    opened = begun(channel)
    channel.pay(opened.external_id)
    return channel.gateway.retrieve_checkout(opened.external_id)


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(ProviderRefused) as error:
        call()
    return str(error.value.extra["provider_code"])


def test_a_checkout_is_open_and_then_paid(channel: Channel) -> None:
    opened = channel.gateway.create_checkout(checkout_request())
    assert (opened.status, opened.paid, opened.amount) == ("open", False, AMOUNT)
    assert opened.url.startswith("http")
    waiting = channel.gateway.retrieve_checkout(opened.external_id)
    assert (waiting.status, waiting.paid, waiting.amount in (AMOUNT, None)) == ("open", False, True)
    channel.visit(opened.code)
    channel.pay(opened.external_id)
    paid = channel.gateway.retrieve_checkout(opened.external_id)
    assert (paid.paid, paid.amount, paid.currency) == (True, AMOUNT, "CNY")
    assert all([paid.intent_id, paid.charge_id, paid.method, paid.begun_at])


def test_a_declined_payment_leaves_the_checkout_open(channel: Channel) -> None:
    opened = begun(channel)
    channel.decline(opened.external_id)
    found = channel.gateway.retrieve_checkout(opened.external_id)
    assert (found.status, found.paid, found.charge_id) == ("open", False, "")


def test_the_same_key_is_the_same_checkout(channel: Channel) -> None:
    request = checkout_request()
    first, second = (begun(channel, request) for _ in range(2))
    assert (first.external_id, order_in(first)) == (second.external_id, order_in(second))
    assert refused(lambda: channel.gateway.create_checkout(replace(request, amount=AMOUNT + 1)))


def test_an_ended_checkout_takes_no_money(channel: Channel) -> None:
    opened = begun(channel)
    for _ in range(2):
        ended = channel.gateway.expire_checkout(session_id=opened.external_id, command="expire:1")
        assert (ended.status, ended.paid) == ("expired", False)
    with pytest.raises(Exception, match=r"4\d\d"):
        channel.pay(opened.external_id)


def test_a_paid_checkout_can_not_be_ended(channel: Channel, paid: CheckoutSnapshot) -> None:
    assert channel.gateway.expire_checkout(session_id=paid.external_id, command="expire:2").paid


def test_a_checkout_expires_by_itself(channel: Channel) -> None:
    unseen, opened = channel.gateway.create_checkout(checkout_request()), begun(channel)
    channel.move_clock(seconds=2800)
    for one in (unseen, opened):
        assert channel.gateway.retrieve_checkout(one.external_id).status == "expired"


def test_what_is_not_there_is_missing(channel: Channel) -> None:
    number = "0" * 32
    assert refused(lambda: channel.gateway.retrieve_checkout(number)) == "resource_missing"
    assert refused(lambda: channel.gateway.retrieve_refund(number)) == "resource_missing"
    assert channel.gateway.find_checkout(command="none", since=timezone.now() - timedelta(hours=1)) is None


def test_after_a_lost_answer_the_checkout_is_found_or_opened_again_as_the_same(channel: Channel) -> None:
    request = checkout_request()
    lost = channel.gateway.create_checkout(request)
    since = timezone.now() - timedelta(hours=1)
    again = channel.gateway.find_checkout(command=request.command, since=since) or channel.gateway.create_checkout(
        request
    )
    assert (again.external_id, again.url, order_in(again)) == (lost.external_id, lost.url, order_in(lost))
    channel.visit(lost.code)
    channel.pay(lost.external_id)
    found = channel.gateway.find_checkout(command=request.command, since=since) or channel.gateway.create_checkout(
        request
    )
    assert (found.paid, found.external_id) == (True, lost.external_id)


def test_refunds_in_part_then_in_full_and_never_more(channel: Channel, paid: CheckoutSnapshot) -> None:
    gateway = channel.gateway
    part = refund_request(paid, 30_00)
    first = gateway.create_refund(part)
    assert (first.amount, first.status in ("pending", "succeeded")) == (30_00, True)
    assert gateway.create_refund(part).external_id == first.external_id
    assert refused(lambda: gateway.create_refund(replace(part, amount=31_00)))
    assert refused(lambda: gateway.create_refund(refund_request(paid, 80_01)))
    rest = gateway.create_refund(refund_request(paid, 80_00))
    for made in (first, rest):
        channel.refund_arrives(made.external_id)
        assert gateway.retrieve_refund(made.external_id).status == "succeeded"
    assert gateway.retrieve_checkout(paid.external_id).paid


def test_a_refund_is_found_by_its_command(channel: Channel, paid: CheckoutSnapshot) -> None:
    request = refund_request(paid, 1_00)
    assert channel.gateway.find_refund(command=request.command, intent_id=paid.intent_id) is None
    made = channel.gateway.create_refund(request)
    found = channel.gateway.find_refund(command=request.command, intent_id=paid.intent_id)
    assert found is not None
    assert found.external_id == made.external_id


def test_movements_add_up_to_the_balance(channel: Channel, paid: CheckoutSnapshot) -> None:
    channel.float_in(500_00)
    refund = channel.gateway.create_refund(refund_request(paid, 30_00))
    channel.move_clock(days=2)
    since = timezone.now() - timedelta(minutes=5)
    movements = list(channel.gateway.balance_transactions(since=since))
    ours = [one for one in movements if one.source in (paid.charge_id, refund.external_id)]
    assert sorted(one.amount for one in ours) == [-30_00, AMOUNT]
    assert all(one.net == one.amount - one.fee for one in movements)
    assert next(one.fee for one in ours if one.amount == AMOUNT) > 0
    settled = channel.gateway.settled_balance()
    everything = sum(one.net for one in channel.gateway.balance_transactions() if one.currency == "CNY")
    assert everything == settled.available["CNY"] + settled.pending.get("CNY", 0)
