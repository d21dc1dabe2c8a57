"""What a person does, through the test client, as a browser would."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client

from cms.mail import services
from cms.mail.models import MailboxEntry
from cms.users.models import User

PASSWORD = "lantern-in-the-rain-7"


def read_mail(to: str) -> list[MailboxEntry]:
    """Let the worker send what is planned; what `to` has received, newest first."""
    services.send_due()
    return list(MailboxEntry.objects.filter(to=to).order_by("-pk"))


def link(text: str, containing: str) -> str:
    """The path of the first link in a mail that contains a word; it must lead to this site."""
    found = re.findall(rf"https?://\S*{re.escape(containing)}\S*", text)
    assert found, text
    parts = urlsplit(found[0])
    assert f"{parts.scheme}://{parts.netloc}" == settings.PUBLIC_URL
    return parts.path


def sign_up(client: Client, email: str, password: str = PASSWORD, **headers: str):
    return client.post("/accounts/signup/", {"email": email, "password1": password}, headers=headers)


def confirm(client: Client, email: str) -> None:
    path = link(read_mail(email)[0].text, "confirm-email")
    assert client.get(path).status_code == 200
    client.post(path)


def sign_in(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post("/accounts/login/", {"login": email, "password": password, **extra})


def member(email: str, *role_names: str, **fields) -> User:
    from cms.users import roles
    from cms.users.services import register_verified

    user = register_verified(email=email, password=PASSWORD, **fields)
    for role in role_names:
        roles.assign(user, role)
    return user
