"""The demo's mailbox, and every account mail in both languages."""

import pytest
from django.test import Client

from cms.mail import rendering
from cms.mail.models import MailboxEntry

pytestmark = pytest.mark.django_db


def entry(to: str, subject: str = "S", **fields) -> MailboxEntry:
    return MailboxEntry.objects.create(to=to, subject=subject, text=fields.pop("text", "t"), **fields)


def test_json_newest_first_for_one_address(client: Client) -> None:
    entry("a@example.com", "first", key="k1")
    entry("b@example.com", "other")
    entry("a@example.com", "second", key="k2")
    answer = client.get("/mailbox/?to=A@example.com", headers={"accept": "application/json"}).json()
    assert [mail["subject"] for mail in answer] == ["second", "first"]
    assert set(answer[0]) == {"to", "subject", "key", "sent_at", "text"}


def test_page_lists_pages_on_and_escapes(client: Client) -> None:
    for number in range(60):
        entry("a@example.com", f"<b>mail {number}</b>")
    page = client.get("/mailbox/")
    assert len(page.context["mailbox"]["mails"]) == 50
    assert b"<b>mail" not in page.content
    older = client.get(page.context["mailbox"]["pager"]["next_url"])
    assert len(older.context["mailbox"]["mails"]) == 10
    assert client.get("/mailbox/?before=x&to=nobody").status_code == 200


def test_links_in_a_mail_can_be_followed_and_its_scripts_cannot_run(client: Client) -> None:
    mail = entry("a@example.com", text="go to http://localhost:8000/en/x/?token=1", html="<script>1</script><a>x</a>")
    page = client.get(f"/mailbox/{mail.pk}/").content.decode()
    assert 'href="http://localhost:8000/en/x/?token=1"' in page
    assert 'sandbox="allow-top-navigation-by-user-activation"' in page
    assert "<script>1</script>" not in page
    assert "&lt;script&gt;1" in page
    assert client.get("/mailbox/999999/").status_code == 404


def test_nowhere_but_in_the_demo(client: Client, settings) -> None:
    mail = entry("a@example.com")
    settings.DEMO = False
    for path in ("/mailbox/", f"/mailbox/{mail.pk}/"):
        assert client.get(path).status_code == 404
    assert client.get("/mailbox/", headers={"accept": "application/json"}).status_code == 404


@pytest.mark.parametrize("locale", ["en", "zh-hans"])
@pytest.mark.parametrize(
    ("template", "link"),
    [
        ("account/confirm", "activate_url"),
        ("account/reset", "password_reset_url"),
        ("account/exists", "password_reset_url"),
        ("account/unknown", "signup_url"),
    ],
)
def test_account_mails_carry_their_link(locale: str, template: str, link: str) -> None:
    url = "http://localhost:8000/x?a=1&b=2"
    subject, text, html = rendering.render(template=template, locale=locale, context={link: url}, to="a@example.com")
    assert url in text
    assert 'href="http://localhost:8000/x?a=1&amp;b=2"' in html
    assert subject


@pytest.mark.parametrize(
    "notice", ["email_changed", "password_changed", "totp_deactivated", "webauthn_added", "something_new"]
)
def test_notices_say_what_happened(notice: str) -> None:
    _, text, html = rendering.render(
        template="account/notice",
        locale="en",
        context={"notice": notice, "ip": "10.0.0.1", "user_agent": "<b>"},
        to="a",
    )
    assert "account" in text
    assert "10.0.0.1, with <b>" in text
    assert "<b>" not in html.replace("<b>Kindling", "")
