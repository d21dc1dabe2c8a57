"""The back-this page refuses in the reader's language, and says what is wrong where it is wrong."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from campaigns.models import Campaign
from funding.models import Pledge
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


def address(campaign: Campaign, locale: str = "en") -> str:
    with translation.override(locale):
        return reverse("back", kwargs={"key": campaign.key})


@pytest.mark.parametrize(
    ("typed", "english", "chinese"),
    [
        ("12.345", "CNY has at most 2 digits after the point.", "CNY 最多 2 位小数。"),
        ("12,50", "Enter an amount as a plain number.", "请填写数字金额。"),
        ("NaN", "Enter an amount as a plain number.", "请填写数字金额。"),
        ("-5", "Enter an amount as a plain number.", "请填写数字金额。"),
        ("99999999999999", "The amount is too large.", "金额过大。"),
    ],
)
def test_a_wrong_sum_is_refused_in_the_reader_s_language(
    client: Client, campaign: Campaign, typed: str, english: str, chinese: str
) -> None:
    for locale, sentence in (("en", english), ("zh-hans", chinese)):
        data = {"extra": typed, "email": "guest@example.com", "idempotency_key": "k", "action": "pay"}
        response = client.post(address(campaign, locale), data)
        assert response.status_code == 400
        assert sentence in response.content.decode()
    assert not Pledge.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("-1", "Enter a whole number"), ("1.5", "Enter a whole number"), ("９", "Enter a whole number"),
        ("1000000000", "not enough of this reward left"),
    ],
)  # fmt: skip
def test_a_wrong_quantity_says_what_is_wrong(client: Client, campaign: Campaign, typed: str, sentence: str) -> None:
    assert campaign.escrow is not None
    reward = campaign.escrow.rewards.filter(is_addon=False).first()
    assert reward is not None
    data = {f"quantity-{reward.key}": typed, "email": "guest@example.com", "idempotency_key": "k", "action": "pay"}
    response = client.post(address(campaign), data)
    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert not Pledge.objects.exists()


def test_before_the_launch_the_link_leads_to_the_page_that_says_so(client: Client, site: None) -> None:
    waiting = scenes.approved()
    response = client.get(address(waiting), follow=True)
    assert response.redirect_chain
    assert "Nobody can pay" in response.content.decode()
