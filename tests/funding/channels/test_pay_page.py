"""How a backer comes to WeChat Pay or Alipay: the choice, the way there, and what production asks for."""

from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from campaigns.models import Campaign
from cms.settings import payments
from funding.exceptions import InvalidPledge
from funding.models import Payment
from tests.campaigns import scenes
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms
from tests.funding.channels.direct_server import DirectSandbox
from tests.funding.sandbox_server import Sandbox

PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36"
FILES = ["WECHATPAY_CERTIFICATE", "WECHATPAY_PRIVATE_KEY", "WECHATPAY_ROOT"]


@pytest.fixture
def campaign(transactional_db: None, sandbox: Sandbox, direct: DirectSandbox, settings: Any, site: None) -> Campaign:
    settings.DIRECT_SANDBOX = direct.url
    return scenes.launched()


def placed(client: Client, campaign: Campaign, provider: str = "wechatpay", **extra: Any) -> str:
    """The address that the form leads to, without its host."""
    assert campaign.escrow is not None
    key = campaign.escrow.rewards.get().key
    form = {
        f"quantity-{key}": "1", "country": "CN", "email": "guest@example.com", "extra": "", "message": "",
        "version": "", "idempotency_key": "one", "action": "pay", "provider": provider,
    }  # fmt: skip
    answer = client.post(f"/en/back/{campaign.key}/", form, **extra)
    assert answer.status_code == 302, answer.content
    payment = Payment.objects.get()
    assert (payment.provider, answer["Location"]) == (provider, payment.checkout_url)
    return "/" + payment.checkout_url.split("/", 3)[3]


def test_the_choice_is_offered_where_there_is_one(client: Client, campaign: Campaign, settings: Any) -> None:
    url = f"/en/back/{campaign.key}/"
    text = client.get(url).content.decode()
    assert 'value="wechatpay"' in text
    assert 'value="alipay"' in text
    settings.PAYMENT_PROVIDERS = ["stripe"]
    assert 'name="provider"' not in client.get(url).content.decode()


def test_a_desktop_shows_a_code_and_moves_on_when_paid(
    client: Client, campaign: Campaign, direct: DirectSandbox
) -> None:
    address = placed(client, campaign)
    page = client.get(address)
    text = page.content.decode()
    assert "<svg" in text
    assert "data-pledge-url" in text
    assert page["Cache-Control"].startswith("private, no-store")
    number = Payment.objects.get().session_id
    assert f"{direct.url}/wechat/pay/{number}" in text
    assert client.get(address.replace("token=", "token=x")).status_code == 404
    direct.post(f"wechat/orders/{number}", notify=False)
    assert client.get(address)["Location"].startswith("/en/pledges/")
    assert Payment.objects.get().state == "succeeded"


def test_a_phone_gets_a_link_that_comes_back(client: Client, campaign: Campaign, direct: DirectSandbox) -> None:
    address = placed(client, campaign, headers={"user-agent": PHONE})
    text = unquote(client.get(address).content.decode())
    assert 'class="qr"' not in text
    assert f'href="{direct.url}/wechat/pay/' in text
    assert "redirect_url=http" in text


@pytest.mark.parametrize(("agent", "method"), [("", "alipay.trade.page.pay"), (PHONE, "alipay.trade.wap.pay")])
def test_alipays_page_is_led_to_anew_each_time_and_leads_back(
    client: Client, campaign: Campaign, direct: DirectSandbox, agent: str, method: str
) -> None:
    address = placed(client, campaign, "alipay", headers={"user-agent": agent})
    there = client.get(address)["Location"]
    assert f"method={method}" in there
    page = direct.visit(there)
    payment = Payment.objects.get()
    back = parse_qs(urlsplit(there).query)["return_url"][0]
    assert f"/en/pledges/{payment.pledge_id}/" in back
    assert escape(back) in page
    direct.post(f"alipay/orders/{payment.session_id}", notify=False)
    # Coming back asks Alipay rather than wait for its word; our page leads there no more.
    assert client.get("/" + back.split("/", 3)[3]).status_code == 200
    assert Payment.objects.get().state == "succeeded"
    assert client.get(address)["Location"].startswith("/en/pledges/")


def test_the_page_says_when_nobody_can_be_reached(client: Client, campaign: Campaign, settings: Any) -> None:
    address = placed(client, campaign)
    settings.WECHATPAY = {**settings.WECHATPAY, "base": "http://localhost:9"}
    page = client.get(address)
    assert page.status_code == 503
    assert "know yet whether the payment arrived" in page.content.decode()


@pytest.mark.django_db
def test_only_yuan_goes_through_a_direct_channel(sandbox: Sandbox, direct: DirectSandbox) -> None:
    dollars = open_test_escrow(currency="USD", rewards=[reward_terms()])
    for name in ("wechatpay", "alipay"):
        with pytest.raises(InvalidPledge) as refusal:
            place_test_pledge(dollars, provider=name)
        assert refusal.value.extra["offered"] == ["stripe"]
    assert place_test_pledge(dollars).payment.provider == "stripe"


def direct_settings() -> dict[str, Any]:
    return payments.direct(allow_local=False, public_url="https://example.org", var=Path("/nowhere"))


def test_production_asks_for_everything(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDERS", "wechatpay")
    monkeypatch.delenv("STRIPE_SECRET_KEY", raising=False)
    assert payments.stripe(allow_local=False)["STRIPE_SECRET_KEY"] == ""
    with pytest.raises(ImproperlyConfigured, match=r"WECHATPAY_MCHID, .*WECHATPAY_ROOT must be set"):
        direct_settings()
    for name in ("WECHATPAY_MCHID", "WECHATPAY_APPID", *FILES):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    monkeypatch.setenv("WECHATPAY_API_V3_KEY", "short")
    with pytest.raises(ImproperlyConfigured, match="32 characters"):
        direct_settings()
    monkeypatch.setenv("WECHATPAY_API_V3_KEY", "x" * 32)
    with pytest.raises(ImproperlyConfigured, match="names no file"):
        direct_settings()
    (tmp_path / "file").write_text("")
    found = direct_settings()
    assert found["WECHATPAY"]["base"] == "https://api.mch.weixin.qq.com"
    assert found["DIRECT_SANDBOX"] == ""


def test_half_an_alipay_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDERS", "stripe")
    assert direct_settings()["ALIPAY"] == {}
    monkeypatch.setenv("PAYMENT_PROVIDERS", "alipay")
    with pytest.raises(ImproperlyConfigured, match=r"ALIPAY_APP_ID, .*ALIPAY_ROOT must be set"):
        direct_settings()
    (tmp_path / "file").write_text("")
    for name in ("ALIPAY_APP_CERTIFICATE", "ALIPAY_PRIVATE_KEY", "ALIPAY_CERTIFICATE", "ALIPAY_ROOT"):
        monkeypatch.setenv(name, str(tmp_path / "file"))
    # Nor does debugging make up the other half, and leaving it out of the list does not hide it.
    for providers in ("alipay", "stripe"):
        monkeypatch.setenv("PAYMENT_PROVIDERS", providers)
        with pytest.raises(ImproperlyConfigured, match="ALIPAY_APP_ID, ALIPAY_SELLER_ID must be set"):
            payments.direct(allow_local=True, public_url="", var=tmp_path)
    monkeypatch.setenv("ALIPAY_APP_ID", "2021000000000001")
    monkeypatch.setenv("ALIPAY_SELLER_ID", "1234000000000001")
    with pytest.raises(ImproperlyConfigured, match="2088"):
        direct_settings()
    monkeypatch.setenv("ALIPAY_SELLER_ID", "2088000000000001")
    found = direct_settings()
    # Enabled no more, and still there for what it took.
    assert (found["PAYMENT_PROVIDERS"], found["ALIPAY"]["base"]) == (
        ["stripe"],
        "https://openapi.alipay.com/gateway.do",
    )
    assert found["ALIPAY"]["notify_url"] == "https://example.org/webhooks/alipay/"


@pytest.mark.parametrize("value", ["", "paypal", "stripe,stripe", "stripe,paypal"])
def test_unknown_providers_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDERS", value)
    with pytest.raises(ImproperlyConfigured, match="PAYMENT_PROVIDERS"):
        direct_settings()
