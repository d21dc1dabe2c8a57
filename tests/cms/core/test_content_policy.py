"""What browsers are told to refuse."""

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from cms.images import films
from cms.users import roles
from tests.campaigns import scenes

pytestmark = pytest.mark.django_db

FILMS = ["https://youtu.be/dQw4w9WgXcQ", "https://vimeo.com/76979871", "https://www.bilibili.com/video/BV1GJ411x7h7"]


def _policy(client: Client, address: str) -> dict[str, list[str]]:
    header = client.get(address).headers["Content-Security-Policy"]
    return {name: sources for name, *sources in (part.split() for part in header.split(";"))}


def test_pages_run_nothing_that_was_not_shipped(client: Client, site: None) -> None:
    for address in ("/en/", reverse("account_login"), "/en/nothing-here/", "/healthz"):
        policy = _policy(client, address)
        assert policy["default-src"] == ["'none'"]
        assert policy["script-src"] == policy["style-src"] == ["'self'"], address
        assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]


def test_films_play_and_no_other_frame(client: Client) -> None:
    players = {"/".join(film.player.split("/")[:3]) for url in FILMS if (film := films.find(url))}
    assert len(players) == len(FILMS)
    assert set(_policy(client, "/healthz")["frame-src"]) == {"'self'", *players}


@override_settings(STRIPE_IS_LOCAL=False)
def test_forms_lead_to_the_checkout(client: Client) -> None:
    ours = ["'self'", "https://checkout.stripe.com", "https://connect.stripe.com", "https://*.alipay.com"]
    assert _policy(client, "/healthz")["form-action"] == ours
    with override_settings(STRIPE_IS_LOCAL=True, STRIPE_API_BASE="http://localhost:8901"):
        assert _policy(client, "/healthz")["form-action"] == [*ours, "http://localhost:8901"]


def test_the_admin_allows_what_wagtail_writes(client: Client, site: None) -> None:
    client.force_login(scenes.person(roles.ADMIN))
    policy = _policy(client, reverse("wagtailadmin_home"))
    assert policy["script-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["frame-ancestors"] == ["'self'"]


def test_data_is_no_page(client: Client, site: None) -> None:
    assert _policy(client, "/api/v2/site/") == {"default-src": ["'none'"], "frame-ancestors": ["'none'"]}


def test_a_mail_keeps_its_styles(client: Client) -> None:
    from cms.mail.models import MailboxEntry

    fields = {"to": "a@example.com", "subject": "Hello", "text": "Hello", "html": "<p>Hello</p>"}
    names = {field.name for field in MailboxEntry._meta.get_fields()}
    entry = MailboxEntry.objects.create(**{name: value for name, value in fields.items() if name in names})
    policy = _policy(client, f"/mailbox/{entry.pk}/")
    assert policy["style-src"] == ["'self'", "'unsafe-inline'"]
    assert policy["script-src"] == ["'self'"]


def test_the_other_headers(client: Client) -> None:
    headers = client.get("/healthz").headers
    assert headers["Referrer-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "camera=()" in headers["Permissions-Policy"]
