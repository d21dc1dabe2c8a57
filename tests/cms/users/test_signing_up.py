"""Sign-up, confirmation, sign-in, reset: real pages, real mails."""

import pytest
from django.contrib.auth.hashers import identify_hasher
from django.test import Client

from cms.core.models import OutboxEvent
from cms.mail.models import Message
from cms.users.models import User
from cms.users.selectors import person_hash
from tests.cms.users.flows import PASSWORD, confirm, link, member, read_mail, sign_in, sign_up

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_from_sign_up_to_sign_in(client: Client) -> None:
    response = sign_up(client, "New.Person@Example.com")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/confirm-email/"
    assert not signed_in(client)

    early = sign_in(client, "new.person@example.com")
    assert early["Location"] == "/accounts/confirm-email/"
    assert not signed_in(client)

    confirm(client, "new.person@example.com")
    response = sign_in(client, "new.person@example.com")
    assert response["Location"] == "/"
    assert signed_in(client)


def test_confirmation_is_announced_once(client: Client) -> None:
    sign_up(client, "claims@example.com")
    confirm(client, "claims@example.com")
    user = User.objects.get(email="claims@example.com")
    event = OutboxEvent.objects.get(name="users.email_verified")
    assert event.payload == {"user": user.pk, "person": person_hash("claims@example.com")}


def test_opening_the_link_alone_confirms_nothing(client: Client) -> None:
    """Mail scanners open links."""
    sign_up(client, "scanned@example.com")
    client.get(link(read_mail("scanned@example.com")[0].text, "confirm-email"))
    sign_in(client, "scanned@example.com")
    assert not signed_in(client)


def test_language_of_sign_up_is_kept_and_written_in(client: Client) -> None:
    sign_up(client, "zh@example.com", **{"accept-language": "zh-hans"})
    assert User.objects.get(email="zh@example.com").locale == "zh-hans"
    assert Message.objects.get(to="zh@example.com").locale == "zh-hans"


def test_host_header_does_not_reach_the_mail(client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": member("host@example.com").email}, headers={"host": "evil.test"})
    text = read_mail("host@example.com")[0].text
    assert "evil.test" not in text
    assert link(text, "password/reset/key")


@pytest.mark.parametrize("password", ["short", "1234567890", "password123"])
def test_weak_passwords(client: Client, password: str) -> None:
    assert sign_up(client, "weak@example.com", password).status_code == 200
    assert not User.objects.exists()


def test_wrong_password_and_unknown_address_answer_alike(client: Client) -> None:
    member("known@example.com")
    answers = [sign_in(client, email, "wrong-password-1") for email in ("known@example.com", "nobody@example.com")]
    assert [answer.status_code for answer in answers] == [200, 200]
    errors = [answer.context["form"].errors.as_text() for answer in answers]
    assert errors[0] == errors[1] != ""
    assert not signed_in(client)


def test_sign_up_with_a_taken_address_looks_like_any_other(client: Client) -> None:
    member("taken@example.com")
    taken, free = sign_up(client, "taken@example.com"), sign_up(Client(), "free@example.com")
    assert (taken.status_code, taken["Location"]) == (free.status_code, free["Location"])
    assert User.objects.filter(email="taken@example.com").count() == 1
    mails = read_mail("taken@example.com")
    assert [mail.key.split(":")[1] for mail in mails] == ["account_already_exists"]
    assert "confirm-email" not in mails[0].text


def test_reset_for_an_unknown_address_looks_like_any_other(client: Client) -> None:
    member("resets@example.com")
    answers = [
        client.post("/accounts/password/reset/", {"email": email}) for email in ("resets@example.com", "no@example.com")
    ]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/password/reset/done/")}


def test_reset_link_sets_the_password_once_and_is_kept_nowhere(client: Client) -> None:
    member("forgot@example.com")
    client.post("/accounts/password/reset/", {"email": "forgot@example.com"})
    path = link(read_mail("forgot@example.com")[0].text, "password/reset/key")
    page = client.get(path)
    assert page.status_code == 302
    client.post(page["Location"], {"password1": "another-lantern-8", "password2": "another-lantern-8"})
    sign_in(client, "forgot@example.com", "another-lantern-8")
    assert signed_in(client)
    assert Client().get(path).context["token_fail"]
    assert set(Message.objects.values_list("state", flat=True)) <= {"sent", "planned"}
    assert all(message.context == {} for message in Message.objects.filter(state="sent"))


def test_argon2_and_rehash_on_sign_in(client: Client, settings) -> None:
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher", "django.contrib.auth.hashers.Argon2PasswordHasher",
    ]  # fmt: skip
    user = member("old@example.com")
    assert identify_hasher(user.password).algorithm == "pbkdf2_sha256"
    from cms.settings import accounts

    settings.PASSWORD_HASHERS = accounts.PASSWORD_HASHERS
    sign_in(client, "old@example.com")
    assert signed_in(client)
    user.refresh_from_db()
    assert user.password.startswith("argon2$argon2id$")
    assert user.check_password(PASSWORD)
