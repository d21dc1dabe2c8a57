"""The suite's own ground: clones, not flushes."""

import threading

import pytest
from django.db import connection, connections
from wagtail.models import Page

from cms.users import audit
from cms.users.models import AuditLog, User
from tests import databases
from tests.factories import UserFactory


@pytest.mark.django_db
def test_a_normal_test_runs_in_a_transaction():
    assert connection.in_atomic_block
    assert connection.settings_dict["NAME"].startswith(databases.CLONE_PREFIX)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("run", [1, 2])
def test_a_committing_test_has_a_database_of_its_own(run):
    assert not connection.in_atomic_block
    assert not AuditLog.objects.exists()
    audit.record(actor=UserFactory(), action="test", subject="test:1")  # append-only: no flush could remove it
    assert Page.objects.filter(depth=1).count() == 1


@pytest.mark.django_db(transaction=True)
def test_threads_see_what_was_committed():
    UserFactory()
    seen = []

    def look() -> None:
        seen.append(User.objects.count())
        connections.close_all()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen == [1]


@pytest.mark.django_db(transaction=True)
def test_a_clone_in_use_is_no_leftover():
    databases.drop_leftovers()
    assert User.objects.count() == 0


def test_the_fingerprint_follows_what_shapes_a_database_and_nothing_else(monkeypatch, tmp_path):
    monkeypatch.setattr(databases, "ROOT", tmp_path)
    monkeypatch.setattr(databases, "SHAPING", [])
    guards, views = tmp_path / "funding" / "guards.py", tmp_path / "funding" / "views.py"
    guards.parent.mkdir()
    guards.write_text("one")
    before = databases.fingerprint()
    views.write_text("anything")
    assert databases.fingerprint() == before
    guards.write_text("two")
    assert databases.fingerprint() != before
