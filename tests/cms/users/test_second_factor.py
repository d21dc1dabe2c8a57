"""TOTP, recovery codes, and the admin's door for staff."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from cms.users import roles
from tests.cms.users.flows import PASSWORD, member, read_mail, sign_in

pytestmark = pytest.mark.django_db


def code_for(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def set_up_totp(client: Client) -> str:
    """Activate an authenticator app as the page asks; the secret it shows."""
    page = client.get("/accounts/2fa/totp/activate/", follow=True)
    if "reauthenticate" in page.request["PATH_INFO"]:
        page = client.post(page.request["PATH_INFO"] + "?next=/accounts/2fa/totp/activate/", {"password": PASSWORD})
        page = client.get("/accounts/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)}).status_code == 302
    return secret


def test_password_alone_no_longer_opens_an_account_with_an_app(client: Client) -> None:
    user = member("careful@example.com")
    sign_in(client, user.email)
    secret = set_up_totp(client)
    client.post("/accounts/logout/")

    response = sign_in(client, user.email)
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "_auth_user_id" not in client.session
    client.post("/accounts/2fa/authenticate/", {"code": code_for(secret, steps=1)})
    # The step may have turned since activation; the next code is within the tolerance or the present one is.
    if "_auth_user_id" not in client.session:
        client.post("/accounts/2fa/authenticate/", {"code": code_for(secret)})
    assert "_auth_user_id" in client.session


def test_a_new_factor_is_told_by_mail(client: Client, django_capture_on_commit_callbacks) -> None:
    user = member("told@example.com")
    sign_in(client, user.email)
    with django_capture_on_commit_callbacks(execute=True):
        set_up_totp(client)
    texts = " ".join(mail.text for mail in read_mail(user.email))
    assert "An authenticator app now protects your account." in texts
    assert "From the network address 127.0.0.1" in texts


def test_recovery_code_works_once() -> None:
    user = member("lost@example.com")
    client = Client()
    sign_in(client, user.email)
    set_up_totp(client)
    codes = Authenticator.objects.get(user=user, type="recovery_codes").wrap().get_unused_codes()
    outcomes = []
    for _ in range(2):
        device = Client()
        sign_in(device, user.email)
        device.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        outcomes.append("_auth_user_id" in device.session)
    assert outcomes == [True, False]


def test_secrets_are_sealed_in_the_database(client: Client) -> None:
    user = member("sealed@example.com")
    sign_in(client, user.email)
    secret = set_up_totp(client)
    assert secret not in str(Authenticator.objects.get(user=user, type="totp").data)


@pytest.mark.parametrize("role", sorted(roles.STAFF))
def test_staff_without_a_second_factor_stay_out(client: Client, settings, role: str) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    sign_in(client, member("staff@example.com", role).email)
    for path in ("/cms/", "/cms/pages/", "/cms/account/"):
        response = client.get(path)
        assert (response.status_code, response.get("Location")) == (302, "/accounts/2fa/"), path


def test_superuser_without_a_second_factor_stays_out(client: Client, settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    sign_in(client, member("root@example.com", is_superuser=True).email)
    assert client.get("/cms/")["Location"] == "/accounts/2fa/"


def test_staff_with_one_enter_and_creators_need_none(client: Client, settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    sign_in(client, member("finance@example.com", roles.FINANCE).email)
    set_up_totp(client)
    assert client.get("/cms/").status_code == 200
    creator = Client()
    sign_in(creator, member("maker@example.com", roles.CREATOR).email)
    assert creator.get("/cms/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client: Client, settings) -> None:
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    user = member("codes@example.com", roles.EDITOR)
    Authenticator.objects.create(user=user, type="recovery_codes", data={"seed": "x", "used_mask": 0})
    client.force_login(user)
    assert client.get("/cms/")["Location"] == "/accounts/2fa/"


def test_production_requires_it_and_the_demo_does_not() -> None:
    from cms.settings import accounts, dev

    assert accounts.STAFF_SECOND_FACTOR_REQUIRED is True
    assert dev.STAFF_SECOND_FACTOR_REQUIRED is False
