"""What goes wrong is said on the product's own pages, in the reader's language; also in the demo."""

import os
import subprocess
import sys

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("address", "words"), [("/en/nowhere/", "Nothing burns here"), ("/zh-hans/nowhere/", "首页")])
def test_a_missing_page_is_the_product_s_own(client: Client, address: str, words: str, site: None) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert words in answer.content.decode()
    assert "Kindling" in answer.content.decode()


def test_a_stale_form_is_answered_by_the_product_s_own_page() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a", "password": "b"})
    assert answer.status_code == 403
    assert "form stood open too long" in answer.content.decode()


@pytest.mark.parametrize(("asked", "shown"), [("", "False"), ("1", "True")])
def test_the_demo_shows_tracebacks_only_when_asked(asked: str, shown: str) -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "DEBUG": asked}
    code = "from django.conf import settings; print(settings.DEBUG)"
    answer = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == shown
