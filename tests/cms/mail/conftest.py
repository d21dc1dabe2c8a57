"""A transport under the tests' control, and a template of their own."""

from pathlib import Path

import pytest

from tests.cms.mail.transports import Scripted


@pytest.fixture
def smtp(settings):
    settings.EMAIL_BACKEND = "tests.cms.mail.transports.Scripted"
    Scripted.on_open, Scripted.on_send, Scripted.sent = [], [], []
    return Scripted


@pytest.fixture(autouse=True)
def _templates(settings, tmp_path: Path) -> None:
    folder = tmp_path / "emails"
    folder.mkdir()
    (folder / "hello.subject.txt").write_text('{% load i18n %}{% trans "Confirm your e-mail address" %}\n {{ who }}')
    (folder / "hello.txt").write_text("{{ who }} {{ site_url }}")
    (folder / "hello.html").write_text("<p>{{ who }}</p>")
    (folder / "plain.subject.txt").write_text("s")
    (folder / "plain.txt").write_text("t")
    (folder / "broken.subject.txt").write_text("s")
    engine = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path, *engine["DIRS"]]}]
