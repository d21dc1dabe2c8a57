"""The admin has no sign-in of its own, and its forms know people by e-mail address."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction
from django.test import Client

from cms.users import audit, roles
from cms.users.models import AuditLog, User
from tests.cms.users.flows import link, member, read_mail, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> Client:
    sign_in(client, member("admin@example.com", roles.ADMIN, display_name="Ada").email)
    return client


def test_admin_sign_in_is_the_sites(client: Client) -> None:
    first = client.get("/cms/pages/")
    assert first["Location"] == "/cms/login/?next=/cms/pages/"
    assert client.get(first["Location"])["Location"] == "/accounts/login/?next=%2Fcms%2Fpages%2F"
    member("maker@example.com", roles.CREATOR)
    posted = client.post("/cms/login/", {"username": "maker@example.com", "password": "lantern-in-the-rain-7"})
    assert posted.status_code == 302
    assert "_auth_user_id" not in client.session
    response = sign_in(client, "maker@example.com", next="/cms/pages/")
    assert response["Location"] == "/cms/pages/"


def test_no_way_out_to_another_site(client: Client) -> None:
    sign_in(client, member("maker@example.com", roles.CREATOR).email)
    assert client.get("/cms/login/?next=https://evil.test/")["Location"] == "/cms/"


@pytest.mark.parametrize("path", ["/cms/password_reset/", "/cms/password_reset/confirm/MQ/abc-def/"])
def test_admin_password_reset_is_the_sites(client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/password/reset/")


def test_backers_are_shown_how_to_become_creators(client: Client) -> None:
    sign_in(client, member("backer@example.com").email)
    response = client.get("/cms/", follow=True)
    assert response.request["PATH_INFO"] == "/en/start/"


def test_add_a_person_who_then_sets_a_password(admin: Client) -> None:
    group = Group.objects.get(name=roles.REVIEWER)
    assert admin.get("/cms/users/new/").status_code == 200
    response = admin.post(
        "/cms/users/new/",
        {"email": "Rita@Example.com", "display_name": "Rita", "locale": "zh-hans", "groups": [group.pk]},
    )
    assert response.status_code == 302, response.context["form"].errors
    rita = User.objects.get(email="rita@example.com")
    assert roles.has_role(rita, roles.REVIEWER)
    assert not rita.has_usable_password()
    row = AuditLog.objects.get(action="users.add")
    assert (row.subject, row.data["roles"], row.actor.email) == (
        f"user:{rita.pk}", [roles.REVIEWER], "admin@example.com",
    )  # fmt: skip

    visitor = Client()
    visitor.post("/accounts/password/reset/", {"email": "rita@example.com"})
    page = visitor.get(link(read_mail("rita@example.com")[0].text, "password/reset/key"))
    visitor.post(page["Location"], {"password1": "another-lantern-8", "password2": "another-lantern-8"})
    rita.refresh_from_db()
    assert rita.check_password("another-lantern-8")


def test_edit_a_person_but_never_their_address(admin: Client) -> None:
    person = member("who@example.com", display_name="Who")
    url = f"/cms/users/edit/{person.pk}/"
    assert admin.get(url).status_code == 200
    group = Group.objects.get(name=roles.SUPPORT)
    data = {
        "email": "taken.over@example.com", "display_name": "Who Else", "locale": "en", "is_active": "on",
        "groups": [group.pk], "is_superuser": "on",
    }  # fmt: skip
    assert admin.post(url, data).status_code == 302
    person = User.objects.get(pk=person.pk)
    assert (person.email, person.display_name, person.is_superuser) == ("who@example.com", "Who Else", False)
    assert roles.has_role(person, roles.SUPPORT)
    assert EmailAddress.objects.get(user=person).email == "who@example.com"


def test_superusers_are_out_of_reach_of_admins(admin: Client) -> None:
    root = member("root@example.com", is_superuser=True)
    assert admin.get(f"/cms/users/edit/{root.pk}/").status_code == 302
    admin.post(f"/cms/users/edit/{root.pk}/", {"display_name": "Mine", "locale": "en"})
    root.refresh_from_db()
    assert (root.display_name, root.is_active) == ("", True)


@pytest.mark.parametrize("query", ["", "?q=admin", "?ordering=name", "?ordering=-email"])
def test_list_of_people(admin: Client, query: str) -> None:
    response = admin.get(f"/cms/users/{query}")
    assert b"admin@example.com" in response.content


def test_audit_log_is_read_by_auditors_only(client: Client) -> None:
    auditor = member("auditor@example.com", roles.AUDITOR)
    audit.record(actor=auditor, action="users.look", subject="user:1", reason="because")
    row = AuditLog.objects.get(action="users.look")
    sign_in(client, auditor.email)
    page = client.get("/cms/audit_log/?q=look")
    assert page.status_code == 200
    assert b"because" in page.content
    assert client.get(f"/cms/audit_log/inspect/{row.pk}/").status_code == 200
    creator = Client()
    sign_in(creator, member("maker@example.com", roles.CREATOR).email)
    for path in ("/cms/audit_log/", f"/cms/audit_log/inspect/{row.pk}/", "/cms/users/"):
        assert creator.get(path)["Location"] == "/cms/", path


def test_audit_log_changes_for_nobody(client: Client) -> None:
    root = member("root@example.com", is_superuser=True)
    audit.record(actor=root, action="users.look", subject="user:1")
    row = AuditLog.objects.get(action="users.look")
    sign_in(client, root.email)
    for path in ("new/", f"edit/{row.pk}/", f"delete/{row.pk}/"):
        assert client.post(f"/cms/audit_log/{path}", {"action": "x"})["Location"] == "/cms/", path
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE users_auditlog SET action = 'x'")
    assert AuditLog.objects.filter(action="users.look").exists()
