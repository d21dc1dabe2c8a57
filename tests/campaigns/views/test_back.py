"""Back this: from the form to the checkout, with everything that can go wrong on the way."""

from typing import Any

import pytest
from django.test import Client

from campaigns.models import Campaign
from funding.models import Pledge
from tests.funding.sandbox_server import Sandbox

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def campaign(transactional_db: None, launched: Campaign) -> Campaign:
    return launched


def form(campaign: Campaign, **fields: Any) -> dict[str, Any]:
    assert campaign.escrow is not None
    reward = campaign.escrow.rewards.get()
    return {
        f"quantity-{reward.key}": "1", "country": "CN", "email": "guest@example.com", "extra": "", "message": "",
        "version": "", "idempotency_key": "one", "action": "pay", **fields,
    }  # fmt: skip


def test_a_guest_is_sent_to_the_checkout_once(client: Client, campaign: Campaign, sandbox: Sandbox) -> None:
    url = f"/en/back/{campaign.key}/"
    first = client.post(url, form(campaign))
    assert first.status_code == 302
    assert first["Location"].startswith(sandbox.url)
    assert client.post(url, form(campaign))["Location"] == first["Location"]
    assert Pledge.objects.count() == 1


def test_errors_stand_beside_their_fields_and_nothing_is_written(client: Client, campaign: Campaign) -> None:
    url = f"/en/back/{campaign.key}/"
    assert campaign.escrow is not None
    key = campaign.escrow.rewards.get().key
    for fields in (
        {"email": "nobody"}, {"extra": "-5"}, {"extra": "NaN"}, {"extra": "1.234"}, {"extra": "9" * 40},
        {f"quantity-{key}": "-1"}, {f"quantity-{key}": "1.5"}, {f"quantity-{key}": "9" * 50}, {f"quantity-{key}": "0"},
        {"country": ""}, {"country": "XX"}, {"message": "x" * 281}, {"version": "unknown"},
    ):  # fmt: skip
        page = client.post(url, form(campaign, **fields))
        assert page.status_code in (400, 409), fields
        assert any(mark in page.content.decode() for mark in ('class="errors', 'role="alert"')), fields
    assert not Pledge.objects.exists()


def test_all_that_is_wrong_is_said_at_once_with_a_link_to_each_place(client: Client, campaign: Campaign) -> None:
    wrong = form(campaign, country="", email="nobody", extra="x")
    page = client.post(f"/en/back/{campaign.key}/", wrong).content.decode()
    summary = page[page.index("alert--form") : page.index("</ul>", page.index("alert--form"))]
    assert "autofocus" in summary
    for place in ("id_country", "id_email", "id_extra"):
        assert f'href="#{place}"' in summary
        assert f'id="{place}"' in page
        assert f'id="{place}_error"' in page


def test_another_choice_after_a_failed_try_is_another_pledge(
    client: Client, campaign: Campaign, sandbox: Sandbox, settings: Any
) -> None:
    url = f"/en/back/{campaign.key}/"
    reached, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://localhost:9"
    assert client.post(url, form(campaign)).status_code == 503
    settings.STRIPE_API_BASE = reached
    changed = client.post(url, form(campaign, extra="7"))
    assert changed.status_code == 409
    assert 'value="one"' not in changed.content.decode()
