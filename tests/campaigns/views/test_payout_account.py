"""The studio's payout page: changing where the money goes takes a fresh sign-in; what is in the way stands in words."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from cms.core import clock
from cms.users import roles
from funding.models import PayoutAccount
from tests.funding.settling.conftest import person

pytestmark = pytest.mark.django_db


def test_another_account_takes_a_fresh_sign_in(client: Client) -> None:
    creator = person(roles.CREATOR)
    account = PayoutAccount.objects.create(
        creator=creator, external_id="acct_1", details_submitted=True, transfers_enabled=True, bank_last4="6789"
    )
    client.force_login(creator)
    page = client.get(reverse("studio:payouts")).content.decode()
    assert "Use another payout account" in page
    assert "6789" in page
    for body in ({"replace": "1"}, {}):
        answer = client.post(reverse("studio:payouts"), body)
        assert answer.status_code == 302
        assert "reauthenticate" in answer["Location"]
    assert PayoutAccount.objects.get() == account


def test_a_hold_is_told_with_what_to_do(client: Client) -> None:
    creator = person(roles.CREATOR)
    PayoutAccount.objects.create(
        creator=creator, external_id="acct_1", details_submitted=True, transfers_enabled=True,
        held_until=clock.now() + timedelta(hours=3),
    )  # fmt: skip
    client.force_login(creator)
    assert "payouts wait for 72 hours" in client.get(reverse("studio:payouts")).content.decode()
