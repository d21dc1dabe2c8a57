from datetime import UTC, datetime, timedelta

import pytest
import stripe as stripe_library

from funding.exceptions import ProviderRefused, ProviderUnavailable, RateLimited
from funding.gateways import get_gateway, limits
from funding.gateways import stripe as stripe_gateway
from funding.gateways.base import CheckoutRequest, RefundRequest, TransferRequest

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def test_the_pinned_version_is_the_librarys():
    assert stripe_library.api_version == stripe_gateway.API_VERSION


def test_an_unknown_provider_is_an_error():
    with pytest.raises(KeyError):
        get_gateway("barter")


@pytest.mark.parametrize(
    ("currency", "days", "offered"),
    [
        ("CNY", 60 + 14, ["card", "alipay", "wechat_pay"]),
        ("CNY", 84, ["card", "wechat_pay"]),
        ("CNY", 174, ["card"]),
        ("KWD", 1, ["card"]),
        ("JPY", 83, ["card", "alipay", "wechat_pay"]),
    ],
)
def test_a_method_that_could_not_be_refunded_in_time_is_not_offered(currency, days, offered):
    until = NOW + timedelta(days=days)
    assert limits.methods_for(currency=currency, paid_at=NOW, refundable_until=until) == offered


def checkout(command: str = "c1", **changes) -> CheckoutRequest:
    values = {
        "command": f"{command}:{datetime.now(UTC).timestamp()}", "pledge": "p", "payment": 1, "escrow": "k",
        "name": "盐水灯", "email": "a@example.com", "locale": "zh-hans", "amount": 100_00, "currency": "CNY",
        "methods": ["card"], "expires_at": int(datetime.now(UTC).timestamp()) + 2700,
        "success_url": "http://localhost/ok", "cancel_url": "http://localhost/no",
    }  # fmt: skip
    return CheckoutRequest(**values | changes)


@pytest.mark.django_db
def test_the_whole_road_of_money_at_the_provider(sandbox):
    gateway, request = get_gateway(), checkout()
    opened = gateway.create_checkout(request)
    assert (opened.status, opened.paid, opened.amount, opened.currency) == ("open", False, 100_00, "CNY")
    assert gateway.create_checkout(request).external_id == opened.external_id
    since = datetime.now(UTC) - timedelta(hours=1)
    found = gateway.find_checkout(command=request.command, since=since)
    assert found is not None
    assert found.external_id == opened.external_id
    assert gateway.find_checkout(command="other", since=since) is None

    sandbox.play(opened.external_id)
    paid = gateway.retrieve_checkout(opened.external_id)
    assert (paid.paid, paid.method, paid.intent_status, paid.fee_currency) == (True, "card", "succeeded", "CNY")
    assert paid.fee == 4_90
    assert paid.begun_at is not None
    intent = sandbox.client().v1.payment_intents.retrieve(paid.intent_id)
    assert (intent.transfer_group, intent.metadata["command"]) == ("escrow:k", request.command)

    ask = RefundRequest(f"r:{opened.external_id}", 1, 1, "k", paid.intent_id, 30_00, "CNY")
    refund = gateway.create_refund(ask)
    assert (refund.amount, refund.status, refund.metadata["refund"]) == (30_00, "succeeded", "1")
    assert gateway.create_refund(ask) == refund
    assert gateway.retrieve_refund(refund.external_id) == refund
    assert gateway.find_refund(command=ask.command, intent_id=paid.intent_id) == refund
    too_much = RefundRequest(f"r2:{opened.external_id}", 2, 1, "k", paid.intent_id, 80_00, "CNY")
    with pytest.raises(ProviderRefused):
        gateway.create_refund(too_much)


@pytest.mark.django_db
def test_a_creators_account_and_a_transfer_to_it(sandbox):
    gateway = get_gateway()
    sandbox.top_up(500_00, "cny")
    account = gateway.create_account(
        country="CN", email="c@example.com", kind="person", creator_id=1, command=f"a:{datetime.now(UTC)}"
    )
    assert (account.transfers_enabled, account.details_submitted, account.country) == (False, False, "CN")
    assert account.requirements
    link = gateway.account_link(
        account_id=account.external_id, return_url="http://localhost/r", refresh_url="http://localhost/f"
    )
    assert link.startswith(sandbox.url)
    transfer = TransferRequest(f"t:{account.external_id}", 1, "k", 200_00, "CNY", account.external_id)
    with pytest.raises(ProviderRefused):
        gateway.create_transfer(transfer)
    sandbox.onboard(account.external_id)
    assert gateway.retrieve_account(account.external_id).transfers_enabled
    transfer = TransferRequest(f"t2:{account.external_id}", 1, "k", 200_00, "CNY", account.external_id)
    made = gateway.create_transfer(transfer)
    assert (made.amount, made.destination, made.reversed) == (200_00, account.external_id, False)
    assert gateway.retrieve_transfer(made.external_id) == made
    assert gateway.find_transfer(command=transfer.command, escrow="k") == made
    movements = list(gateway.balance_transactions(since=datetime.now(UTC) - timedelta(minutes=5)))
    assert movements[0].net == -200_00
    assert gateway.balance().available["CNY"] >= 300_00


@pytest.mark.django_db
def test_an_ended_checkout_is_answered_as_it_is(sandbox):
    gateway = get_gateway()
    for played, paid in ((False, False), (True, True)):
        opened = gateway.create_checkout(checkout(str(played)))
        if played:
            sandbox.play(opened.external_id)
        for attempt in range(2):
            ended = gateway.expire_checkout(session_id=opened.external_id, command=f"{opened.external_id}:{attempt}")
            assert (ended.paid, ended.status) == (paid, "complete" if paid else "expired")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fault", "error"),
    [("rate_limit", RateLimited), ("error_after_commit", ProviderUnavailable), ("drop", ProviderUnavailable)],
)
def test_trouble_has_our_names(sandbox, fault, error):
    sandbox.fault(fault, path="/v1/checkout/sessions")
    with pytest.raises(error) as raised:
        get_gateway().create_checkout(checkout(fault))
    assert type(raised.value) is error


@pytest.mark.django_db
def test_a_wrong_key_is_no_refusal_of_the_request(sandbox, settings):
    settings.STRIPE_SECRET_KEY = "rk_wrong"
    with pytest.raises(ProviderUnavailable):
        get_gateway().create_checkout(checkout())
