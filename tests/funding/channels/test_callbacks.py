"""What WeChat Pay calls us with: proven by a certificate of its root, fresh, for us, and once."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import load_pem_x509_certificate
from django.core.exceptions import ImproperlyConfigured
from wechatpayv3 import WeChatPay, WeChatPayType

from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.gateways import get_gateway
from funding.models import Alert, Payment, WebhookEvent
from funding.services import polling
from funding.webhooks import refusals
from tests.factories.funding import open_test_escrow, place_test_pledge
from tests.funding.channels.direct_server import DirectSandbox
from tests.funding.channels.test_contract import checkout_request
from tests.funding.sandbox_server import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _refusals_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "SPACING", 0.0)


@pytest.fixture
def wechat(direct: DirectSandbox, live_server: Any, settings: Any) -> DirectSandbox:
    """WeChat Pay that calls this site, the only provider."""
    settings.PAYMENT_PROVIDERS = ["wechatpay"]
    settings.WECHATPAY = direct.wechat_settings(f"{live_server.url}/webhooks/wechatpay/")
    return direct


@pytest.fixture
def payment(wechat: DirectSandbox) -> Payment:
    """Paid at the provider; no callback has come."""
    placed = place_test_pledge(open_test_escrow(), provider="wechatpay")
    wechat.post(f"wechat/orders/{placed.payment.session_id}", notify=False)
    return placed.payment


def state(payment: Payment) -> str:
    return Payment.objects.values_list("state", flat=True).get(pk=payment.pk)


def test_a_callback_counts_and_its_repeat_changes_nothing(wechat: DirectSandbox, payment: Payment) -> None:
    told = wechat.post("wechat/callbacks", number=payment.session_id)
    assert told["status"] == 200
    assert state(payment) == "succeeded"
    event = WebhookEvent.objects.get()
    assert (event.provider, event.type, event.object_id) == ("wechatpay", "direct.order", payment.session_id)
    assert "payer" not in json.dumps(event.payload)


def test_the_provider_calls_by_itself_until_it_is_heard(wechat: DirectSandbox) -> None:
    placed = place_test_pledge(open_test_escrow(), provider="wechatpay")
    wechat.post(f"wechat/orders/{placed.payment.session_id}")
    eventually(lambda: state(placed.payment) == "succeeded", what="the callback")
    again = wechat.post("wechat/callbacks", number=placed.payment.session_id, same=True)
    assert (again["status"], WebhookEvent.objects.count()) == (200, 1)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("expired_certificate", "certificate_expired"), ("unknown_ca", "unknown_ca"), ("stale", "stale"),
        ("tampered", "signature"), ("forged", "signature"), ("wrong_merchant", "merchant"),
    ],
)  # fmt: skip
def test_a_callback_that_proves_nothing_is_refused(
    wechat: DirectSandbox, payment: Payment, fault: str, reason: str, settings: Any
) -> None:
    settings.CLOCK_MOVABLE = False
    assert wechat.post("wechat/callbacks", number=payment.session_id, fault=fault)["status"] == 400
    assert state(payment) == "submitting"
    assert not WebhookEvent.objects.exists()
    assert Alert.objects.filter(subject=f"webhooks:wechatpay:{reason}").exists()
    # The poller finds it all the same.
    polling.poll_payments()
    assert state(payment) == "succeeded"


def test_a_callback_with_another_sum_is_told_to_finance_and_the_order_itself_counts(
    wechat: DirectSandbox, payment: Payment
) -> None:
    assert wechat.post("wechat/callbacks", number=payment.session_id, fault="wrong_amount")["status"] == 200
    assert Alert.objects.filter(code="event_amount_differs", subject=f"payment:{payment.pk}").exists()
    assert Payment.objects.get(pk=payment.pk).captured == payment.amount


def test_our_own_clock_says_what_is_fresh(wechat: DirectSandbox, payment: Payment) -> None:
    # Everybody else's clock is ten minutes behind.
    wechat.clock(-600)
    assert wechat.post("wechat/callbacks", number=payment.session_id)["status"] == 400


def test_another_root_makes_every_answer_worthless(wechat: DirectSandbox, settings: Any) -> None:
    strange = str(wechat.folder / "wechat-strange-root.pem")
    settings.WECHATPAY = {**settings.WECHATPAY, "root": strange}
    with pytest.raises(ProviderUnavailable):
        get_gateway("wechatpay").create_checkout(checkout_request())


def test_a_key_of_somebody_else_is_not_taken(wechat: DirectSandbox, settings: Any, tmp_path: Path) -> None:
    strange = {"certificate": "wechat-strange.pem", "private_key": "wechat-strange.key"}
    settings.WECHATPAY = {**settings.WECHATPAY, **{name: str(wechat.folder / file) for name, file in strange.items()}}
    with pytest.raises(ProviderUnavailable):
        get_gateway("wechatpay").create_checkout(checkout_request())
    settings.WECHATPAY = {**settings.WECHATPAY, "private_key": str(wechat.folder / "wechat-merchant.key")}
    with pytest.raises(ImproperlyConfigured, match="not the RSA key"):
        get_gateway("wechatpay")


def test_busy_and_a_lost_answer(wechat: DirectSandbox) -> None:
    gateway, request = get_gateway("wechatpay"), checkout_request()
    gateway.balance()
    wechat.post("wechat/faults", fault="error_after_commit")
    with pytest.raises(ProviderUnavailable):
        gateway.create_checkout(request)
    opened = gateway.create_checkout(request)
    wechat.post(f"wechat/orders/{opened.external_id}")
    assert gateway.retrieve_checkout(opened.external_id).amount == request.amount
    wechat.post("wechat/faults", fault="busy")
    with pytest.raises(ProviderUnavailable) as busy:
        gateway.balance()
    assert busy.value.code == "provider_rate_limited"


def test_what_the_channel_has_no_part_in_is_refused(wechat: DirectSandbox) -> None:
    gateway = get_gateway("wechatpay")
    with pytest.raises(ProviderRefused):
        gateway.retrieve_dispute("dp_1")
    assert list(gateway.disputes()) == []


def test_the_stand_in_is_what_the_published_client_expects(wechat: DirectSandbox) -> None:
    """wechatpayv3's own client, which knows nothing of ours, opens an order and reads it at the stand-in."""
    account = wechat.wechat_settings()
    certificates = wechat.folder / "client"
    certificates.mkdir(exist_ok=True)
    (certificates / "platform.pem").write_bytes((wechat.folder / "wechat-platform.pem").read_bytes())
    client = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE, mchid=account["mchid"], appid=account["appid"],
        private_key=Path(account["private_key"]).read_text(), cert_serial_no=_serial(wechat),
        apiv3_key=account["api_key"], notify_url=account["notify_url"], cert_dir=str(certificates),
    )  # fmt: skip
    client._core._gate_way = wechat.url
    status, answer = client.pay(
        description="A lamp", out_trade_no="published0001", amount={"total": 1, "currency": "CNY"},
        time_expire="2099-01-01T00:00:00+08:00",
    )  # fmt: skip
    assert (status, json.loads(answer)["code_url"][:9]) == (200, "weixin://")
    status, answer = client.query(out_trade_no="published0001")
    assert (status, json.loads(answer)["trade_state"]) == (200, "NOTPAY")


def _serial(wechat: DirectSandbox) -> str:
    pem = (wechat.folder / "wechat-merchant.pem").read_bytes()
    return f"{load_pem_x509_certificate(pem).serial_number:X}"
