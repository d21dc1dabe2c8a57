"""Sign-in and its family wear the site's own frame, in both languages, and say beside each field what is wrong."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from cms.users.models import User

DOOR = ["account_login", "account_signup", "account_reset_password"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", DOOR)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_door_wears_the_frame(client: Client, name: str, language: str) -> None:
    response = client.get(reverse(name), headers={"accept-language": language})
    html = response.content.decode()
    assert response.status_code == 200
    assert f'<html lang="{language}">' in html
    assert 'class="skip"' in html
    assert 'class="entrance__panel"' in html
    assert len(re.findall("<h1", html)) == 1


@pytest.mark.django_db
def test_a_wrong_field_names_its_error(client: Client) -> None:
    html = client.post(reverse("account_signup"), {"email": "nobody", "password1": "x"}).content.decode()
    field = re.search(r'<input type="email"[^>]*>', html)
    assert field
    assert 'aria-invalid="true"' in field[0]
    described = re.search(r'aria-describedby="([^"]+)"', field[0])
    assert described
    assert f'id="{described[1].split()[-1]}"' in html


@pytest.mark.django_db
def test_what_a_member_changes_stands_in_one_family(client: Client) -> None:
    member = User.objects.create_user(email="member@example.com", password="a long enough word")
    client.force_login(member)
    for name in ("account_email", "account_change_password", "mfa_index", "usersessions_list", "account_logout"):
        html = client.get(reverse(name), follow=True).content.decode()
        assert 'class="skip"' in html, name
