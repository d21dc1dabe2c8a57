"""Where an account is signed in is noted now and then, not with each request."""

from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from cms.users.middleware import SessionActivityMiddleware
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db
ADDRESS = "/en/me/"


@pytest.fixture
def signed_in(client: Client, site: None) -> Client:
    client.force_login(scenes.person())
    assert client.get(ADDRESS).status_code == 200
    return client


def _seen() -> Any:
    return UserSession.objects.values_list("last_seen_at", "user_agent").get()


def test_it_is_noted_once(signed_in: Client) -> None:
    before = _seen()
    signed_in.get(ADDRESS)
    assert _seen() == before


def test_it_is_noted_again_after_a_while(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _seen()
    monkeypatch.setattr(SessionActivityMiddleware, "EVERY", 0)
    signed_in.get(ADDRESS)
    assert _seen()[0] > before[0]


def test_another_browser_shows_at_once(signed_in: Client) -> None:
    signed_in.get(ADDRESS, headers={"User-Agent": "Elsewhere"})
    assert _seen()[1] == "Elsewhere"


def test_public_answers_do_not_ask_who_reads(signed_in: Client) -> None:
    assert "Cookie" not in signed_in.get("/api/v2/campaigns/").headers.get("Vary", "")
