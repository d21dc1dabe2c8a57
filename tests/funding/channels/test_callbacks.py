"""What direct channels call us with: proven by a certificate of their root, fresh, for us, and once."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cryptography.x509 import load_pem_x509_certificate
from django.core.exceptions import ImproperlyConfigured
from wechatpayv3 import WeChatPay, WeChatPayType

from funding.exceptions import ProviderRefused, ProviderUnavailable
from funding.gateways import get_gateway
from funding.models import Alert, Payment, WebhookEvent
from funding.services import checkouts, polling
from funding.webhooks import refusals
from tests.factories.funding import open_test_escrow, place_test_pledge
from tests.funding.channels.direct_server import DirectSandbox
from tests.funding.channels.test_contract import checkout_request, refund_request
from tests.funding.sandbox_server import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _refusals_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "SPACING", 0.0)


@dataclass
class Caller:
    """A stand-in that calls this site, the only provider."""

    name: str
    short: str
    direct: DirectSandbox

    @property
    def setting(self) -> str:
        return self.name.upper()

    def pay(self, payment: Payment, **how: Any) -> None:
        if self.name == "alipay":
            self.direct.visit(checkouts.pay_code(payment))
        self.direct.post(f"{self.short}/orders/{payment.session_id}", **how)

    def call(self, payment: Payment, **how: Any) -> dict[str, Any]:
        return self.direct.post(f"{self.short}/callbacks", number=payment.session_id, **how)

    def order(self, fault: str) -> None:
        self.direct.post(f"{self.short}/faults", fault=fault)

    def placed(self) -> Payment:
        return place_test_pledge(open_test_escrow(), provider=self.name).payment


@pytest.fixture(params=["wechatpay", "alipay"])
def caller(request: pytest.FixtureRequest, direct: DirectSandbox, live_server: Any, settings: Any) -> Caller:
    name = request.param
    short = "wechat" if name == "wechatpay" else name
    settings.PAYMENT_PROVIDERS = [name]
    make = direct.wechat_settings if name == "wechatpay" else direct.alipay_settings
    setattr(settings, name.upper(), make(f"{live_server.url}/webhooks/{name}/"))
    return Caller(name, short, direct)


@pytest.fixture
def wechat(direct: DirectSandbox, settings: Any) -> DirectSandbox:
    settings.PAYMENT_PROVIDERS = ["wechatpay"]
    return direct


@pytest.fixture
def payment(caller: Caller) -> Payment:
    """Paid at the provider; no callback has come."""
    found = caller.placed()
    caller.pay(found, notify=False)
    return found


def state(payment: Payment) -> str:
    return Payment.objects.values_list("state", flat=True).get(pk=payment.pk)


def test_a_callback_counts_and_its_repeat_changes_nothing(caller: Caller, payment: Payment) -> None:
    told = caller.call(payment)
    assert (told["status"], told["answer"]) == (200, get_gateway(caller.name).acknowledgement)
    assert state(payment) == "succeeded"
    event = WebhookEvent.objects.get()
    assert (event.provider, event.type, event.object_id) == (caller.name, "direct.order", payment.session_id)
    assert not {"payer", "buyer_id", "openid"} & set(event.payload)


def test_the_provider_calls_by_itself_until_it_is_heard_late_or_twice(caller: Caller) -> None:
    payment = caller.placed()
    caller.order("late")
    caller.order("duplicate")
    caller.pay(payment)
    assert state(payment) == "submitting"
    caller.direct.clock(90)
    eventually(lambda: state(payment) == "succeeded", what="the callback")
    again = caller.call(payment, same=True)
    assert (again["status"], WebhookEvent.objects.count()) == (200, 1)


def test_a_callback_that_never_comes_is_not_waited_for(caller: Caller) -> None:
    payment = caller.placed()
    caller.order("lost")
    caller.pay(payment)
    assert state(payment) == "submitting"
    polling.poll_payments()
    assert state(payment) == "succeeded"


def test_a_callback_that_proves_nothing_is_refused(caller: Caller, payment: Payment, settings: Any) -> None:
    settings.CLOCK_MOVABLE = False
    for fault, reason in {
        "expired_certificate": "certificate_expired", "unknown_ca": "unknown_ca", "stale": "stale",
        "tampered": "signature", "forged": "signature", "wrong_merchant": "merchant",
    }.items():  # fmt: skip
        if caller.name == "alipay":
            # Whoever makes up certificates is not asked about at every call; here each is a new one.
            get_gateway("alipay")._client._asked_at = float("-inf")  # type: ignore[attr-defined]
        assert caller.call(payment, fault=fault)["status"] == 400, fault
        assert Alert.objects.filter(subject=f"webhooks:{caller.name}:{reason}").exists(), fault
    assert state(payment) == "submitting"
    assert not WebhookEvent.objects.exists()
    # The poller finds it all the same.
    polling.poll_payments()
    assert state(payment) == "succeeded"


def test_a_callback_with_another_sum_is_told_to_finance_and_the_order_itself_counts(
    caller: Caller, payment: Payment
) -> None:
    assert caller.call(payment, fault="wrong_amount")["status"] == 200
    assert Alert.objects.filter(code="event_amount_differs", subject=f"payment:{payment.pk}").exists()
    assert Payment.objects.get(pk=payment.pk).captured == payment.amount


def test_our_own_clock_says_what_is_fresh(caller: Caller, payment: Payment) -> None:
    # Everybody else's clock is ten minutes behind.
    caller.direct.clock(-600)
    assert caller.call(payment)["status"] == 400


def test_another_root_makes_every_answer_worthless(caller: Caller, settings: Any) -> None:
    strange = str(caller.direct.folder / f"{caller.short}-strange-root.pem")
    setattr(settings, caller.setting, {**getattr(settings, caller.setting), "root": strange})
    with pytest.raises(ProviderUnavailable):
        get_gateway(caller.name).create_checkout(checkout_request())


def test_a_key_of_somebody_else_is_not_taken(caller: Caller, settings: Any) -> None:
    def ours(**files: str) -> None:
        paths = {name: str(caller.direct.folder / f"{caller.short}-{file}") for name, file in files.items()}
        setattr(settings, caller.setting, {**getattr(settings, caller.setting), **paths})

    ours(certificate="strange.pem", private_key="strange.key")
    with pytest.raises(ProviderUnavailable):
        get_gateway(caller.name).create_checkout(checkout_request())
    ours(private_key="merchant.key")
    with pytest.raises(ImproperlyConfigured, match="not the RSA key"):
        get_gateway(caller.name)


def test_busy_and_a_lost_answer(caller: Caller) -> None:
    gateway, request = get_gateway(caller.name), checkout_request()
    if caller.name == "wechatpay":
        caller.order("error_after_commit")
        with pytest.raises(ProviderUnavailable):
            gateway.create_checkout(request)
    opened = gateway.create_checkout(request)
    if caller.name == "alipay":
        caller.direct.visit(opened.code)
    caller.direct.post(f"{caller.short}/orders/{opened.external_id}")
    paid = gateway.retrieve_checkout(opened.external_id)
    assert paid.amount == request.amount
    refund = refund_request(paid, 1_00)
    caller.direct.post(f"{caller.short}/topups", amount=100_00)
    caller.order("error_after_commit")
    with pytest.raises(ProviderUnavailable):
        gateway.create_refund(refund)
    found = gateway.find_refund(command=refund.command, intent_id=paid.intent_id)
    assert found is not None
    assert gateway.create_refund(refund).external_id == found.external_id
    caller.order("busy")
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
