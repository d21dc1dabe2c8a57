"""How a backer comes to WeChat Pay: the choice, our own page of the payment, and what production asks for."""

from pathlib import Path
from typing import Any
from urllib.parse import unquote

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


def placed(client: Client, campaign: Campaign, **extra: Any) -> str:
    """The address that the form leads to, without its host."""
    assert campaign.escrow is not None
    key = campaign.escrow.rewards.get().key
    form = {
        f"quantity-{key}": "1", "country": "CN", "email": "guest@example.com", "extra": "", "message": "",
        "version": "", "idempotency_key": "one", "action": "pay", "provider": "wechatpay",
    }  # fmt: skip
    answer = client.post(f"/en/back/{campaign.key}/", form, **extra)
    assert answer.status_code == 302, answer.content
    payment = Payment.objects.get()
    assert (payment.provider, answer["Location"]) == ("wechatpay", payment.checkout_url)
    return "/" + payment.checkout_url.split("/", 3)[3]


def test_the_choice_is_offered_where_there_is_one(client: Client, campaign: Campaign, settings: Any) -> None:
    url = f"/en/back/{campaign.key}/"
    assert 'value="wechatpay"' in client.get(url).content.decode()
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


def test_the_page_says_when_nobody_can_be_reached(client: Client, campaign: Campaign, settings: Any) -> None:
    address = placed(client, campaign)
    settings.WECHATPAY = {**settings.WECHATPAY, "base": "http://localhost:9"}
    page = client.get(address)
    assert page.status_code == 503
    assert "know yet whether the payment arrived" in page.content.decode()


@pytest.mark.django_db
def test_only_yuan_goes_through_a_direct_channel(sandbox: Sandbox, direct: DirectSandbox) -> None:
    dollars = open_test_escrow(currency="USD", rewards=[reward_terms()])
    with pytest.raises(InvalidPledge) as refusal:
        place_test_pledge(dollars, provider="wechatpay")
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


@pytest.mark.parametrize("value", ["", "paypal", "stripe,stripe", "stripe,paypal"])
def test_unknown_providers_are_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("PAYMENT_PROVIDERS", value)
    with pytest.raises(ImproperlyConfigured, match="PAYMENT_PROVIDERS"):
        direct_settings()
