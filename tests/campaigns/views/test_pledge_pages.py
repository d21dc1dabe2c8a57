"""A pledge's own pages: whose they are, and what must not travel with their address."""

import uuid

import pytest
from django.test import Client

from campaigns.models import Campaign
from cms.core.clock import now
from cms.users.selectors import person_hash
from funding.models import Pledge
from funding.selectors import access_token
from funding.services import pledging
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(launched: Campaign) -> Campaign:
    return launched


def _reserved(campaign: Campaign, email: str = "guest@example.com", **fields: object) -> Pledge:
    pledge = Pledge.objects.create(
        escrow=campaign.escrow, email=email, person=person_hash(email), locale="en", currency="CNY",
        rewards_amount=10_000, total=10_000, reserved_until=now(), idempotency_scope=email,
        idempotency_key=uuid.uuid4().hex, idempotency_fingerprint="x", **fields,
    )  # fmt: skip
    return Pledge.objects.get(pk=pledge.pk)


def test_a_pledge_is_its_backer_s_alone(client: Client, campaign: Campaign) -> None:
    backer = scenes.person()
    mine, guests = _reserved(campaign, backer.email, backer=backer), _reserved(campaign)
    paths = ("", "cancel/", "retry/", "version/")
    for reader in (None, scenes.person(), campaign.creator):
        client.logout()
        if reader is not None:
            client.force_login(reader)
        for pledge in (mine, guests):
            for path in paths:
                assert client.get(f"/en/pledges/{pledge.pk}/{path}").status_code == 404
                assert client.get(f"/en/pledges/{pledge.pk}/{path}", {"token": "é" * 64}).status_code == 404
        # One pledge's token opens no other.
        assert client.get(f"/en/pledges/{mine.pk}/", {"token": access_token(guests)}).status_code == 404
    client.force_login(backer)
    assert client.get(f"/en/pledges/{mine.pk}/").status_code == 200


def test_its_address_leaves_no_trace(client: Client, campaign: Campaign) -> None:
    guests = _reserved(campaign)
    for path in ("", "cancel/"):
        page = client.get(f"/en/pledges/{guests.pk}/{path}", {"token": access_token(guests)})
        assert page.status_code == 200
        # With `no-referrer` a browser would send `Origin: null` with the page's own form, and be refused.
        assert page["Referrer-Policy"] == "same-origin"
        assert "no-store" in page["Cache-Control"]
        assert page["X-Robots-Tag"] == "noindex"


def test_a_guest_who_has_signed_in_since_cancels_as_a_guest(
    client: Client, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Funding lets members cancel only what is theirs by account; the link is another right."""
    asked: list[dict[str, object]] = []
    monkeypatch.setattr(pledging, "cancel_pledge", lambda **given: asked.append(given))
    member = scenes.person()
    guests, own = _reserved(campaign), _reserved(campaign, member.email, backer=member)
    client.force_login(member)
    assert client.post(f"/en/pledges/{guests.pk}/cancel/").status_code == 404
    assert client.post(f"/en/pledges/{guests.pk}/cancel/?token={access_token(guests)}").status_code == 302
    assert client.post(f"/en/pledges/{own.pk}/cancel/").status_code == 302
    assert [(given["pledge_id"], given["actor"]) for given in asked] == [(guests.pk, None), (own.pk, member)]
