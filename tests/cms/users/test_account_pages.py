"""Becoming a creator, the profile, the language of pages that carry none."""

import pytest
from django.test import Client

from cms.core.errors import InvalidInput, NotAllowed
from cms.users import roles, selectors, services
from cms.users.models import AuditLog, User
from tests.cms.users.flows import PASSWORD, confirm, member, sign_in

pytestmark = pytest.mark.django_db


def test_becoming_a_creator_ends_in_the_studio(client: Client) -> None:
    user = member("maker@example.com")
    sign_in(client, user.email)
    assert client.get("/en/start/").status_code == 200
    response = client.post("/en/start/", {"display_name": " Ada  Lin ", "country": "CN", "payee_kind": "person"})
    assert response["Location"] == "/cms/"
    assert client.get("/cms/").status_code == 200
    user = User.objects.get(pk=user.pk)
    assert (user.display_name, user.country, user.payee_kind) == ("Ada Lin", "CN", "person")
    assert AuditLog.objects.filter(action="users.become_creator", subject=f"user:{user.pk}").count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [("display_name", " x "), ("display_name", "x" * 81), ("country", "KP"), ("country", ""), ("payee_kind", "duke")],
)
def test_bad_answers_name_the_field_and_grant_nothing(client: Client, field: str, value: str) -> None:
    user = member("maker@example.com")
    answers = {"display_name": "Ada Lin", "country": "CN", "payee_kind": "person", field: value}
    with pytest.raises(InvalidInput) as refusal:
        services.become_creator(user=user, **answers)
    assert refusal.value.field == field
    sign_in(client, user.email)
    response = client.post("/en/start/", answers)
    assert response.status_code == 400
    assert field in response.context["start"]["form"].errors
    assert not roles.has_role(User.objects.get(pk=user.pk), roles.CREATOR)


def test_signed_out_people_are_asked_to_sign_in(client: Client) -> None:
    page = client.get("/zh-hans/start/")
    assert page.context["start"]["state"] == "signed_out"
    assert client.post("/zh-hans/start/")["Location"].startswith("/accounts/login/?next=")
    assert client.get("/en/me/")["Location"].startswith("/accounts/login/")


def test_profile_changes_language_and_escapes_what_people_write(client: Client) -> None:
    user = member("who@example.com")
    sign_in(client, user.email)
    data = {"display_name": "<script>alert(1)</script>", "bio": "", "locale": "zh-hans", "timezone": "Asia/Tokyo"}
    response = client.post("/en/me/", data)
    assert response["Location"] == "/zh-hans/me/"
    user.refresh_from_db()
    assert (user.locale, user.timezone) == ("zh-hans", "Asia/Tokyo")
    assert b"<script>alert(1)" not in client.get("/zh-hans/me/").content


def test_profile_links_lead_somewhere(client: Client) -> None:
    sign_in(client, member("who@example.com").email)
    profile = client.get("/en/me/").context["profile"]
    for name in ("email_url", "password_url", "security_url", "sessions_url", "creator_url"):
        assert client.get(profile[name], follow=True).status_code == 200, name


@pytest.mark.parametrize("field", ["locale", "timezone"])
def test_profile_refuses_what_it_does_not_offer(client: Client, field: str) -> None:
    user = member("who@example.com")
    sign_in(client, user.email)
    data = {"display_name": "Who", "bio": "", "locale": "en", "timezone": "UTC", field: "xx"}
    assert client.post("/en/me/", data).status_code == 400
    user.refresh_from_db()
    assert user.display_name == ""


def test_account_pages_speak_the_language_asked_for_and_remember_it(client: Client) -> None:
    assert client.get("/accounts/login/?lang=zh-hans")["Content-Language"] == "zh-hans"
    assert client.get("/accounts/signup/")["Content-Language"] == "zh-hans"
    assert client.get("/accounts/signup/?lang=xx")["Content-Language"] == "zh-hans"
    assert client.get("/en/start/?lang=zh-hans")["Content-Language"] == "en"


def test_other_sessions_can_be_ended(client: Client) -> None:
    user = member("who@example.com")
    elsewhere = Client()
    sign_in(elsewhere, user.email)
    sign_in(client, user.email)
    assert elsewhere.get("/en/me/").status_code == 200
    client.get("/accounts/sessions/")
    client.post("/accounts/sessions/")
    assert elsewhere.get("/en/me/").status_code == 302
    assert client.get("/en/me/").status_code == 200


def test_the_address_changes_once_the_new_one_is_confirmed(client: Client) -> None:
    user = member("old@example.com")
    sign_in(client, user.email)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.com"})
    user.refresh_from_db()
    assert user.email == "old@example.com"
    confirm(client, "new@example.com")
    user.refresh_from_db()
    assert user.email == "new@example.com"
    assert AuditLog.objects.filter(action="users.change_email", subject=f"user:{user.pk}").count() == 1


def test_payout_blockers() -> None:
    user = User.objects.create_user("who@example.com", "x")
    assert selectors.payout_blockers(user) == ["not_a_creator", "email_unverified"]
    maker = member("maker@example.com", roles.CREATOR)
    assert selectors.payout_blockers(maker) == []
    with pytest.raises(NotAllowed):
        services.hold_payouts(user=maker, actor=maker, held=True, reason="mine")
    finance = member("finance@example.com", roles.FINANCE)
    with pytest.raises(InvalidInput):
        services.hold_payouts(user=maker, actor=finance, held=True, reason=" ")
    services.hold_payouts(user=maker, actor=finance, held=True, reason="checks")
    assert selectors.payout_blockers(User.objects.get(pk=maker.pk)) == ["payouts_held"]
    maker.is_active = False
    assert "account_disabled" in selectors.payout_blockers(maker)


def test_pseudonyms_are_keyed_and_ignore_case(settings) -> None:
    first = selectors.person_hash(" Who@Example.com")
    assert first == selectors.person_hash("who@example.com")
    assert len(first) == 64
    settings.PERSON_HASH_KEY = "another"
    assert selectors.person_hash("who@example.com") != first


def test_roles_exist_and_open_the_admin() -> None:
    from django.contrib.auth.models import Group

    roles.ensure()
    for role in roles.ALL:
        group = Group.objects.get(name=role)
        assert group.permissions.filter(codename="access_admin").exists(), role
    with pytest.raises(LookupError):
        roles.grant(roles.EDITOR, ["nowhere.fly"])


def test_superusers_hold_all_roles_and_the_disabled_none() -> None:
    root = member("root@example.com", is_superuser=True)
    assert roles.has_role(root, roles.FINANCE)
    gone = User.objects.get(pk=member("gone@example.com", roles.FINANCE).pk)
    gone.is_active = False
    assert not roles.has_role(gone, roles.FINANCE)
