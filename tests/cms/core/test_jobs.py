import logging

import pytest
from celery import current_app
from django.db import transaction

from cms.core import jobs

TASK = "core.deliver_event"


@pytest.fixture
def sent(monkeypatch):
    calls = []
    monkeypatch.setattr(current_app.tasks[TASK], "apply_async", lambda **options: calls.append(options["args"]))
    return calls


@pytest.mark.django_db
def test_a_nudge_waits_for_the_commit(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue(TASK, 7)
        assert sent == []
    assert sent == [(7,)]


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_nudges_nobody(sent):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        jobs.enqueue(TASK, 7)
        raise ZeroDivisionError
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_is_logged_and_raises_nothing(monkeypatch, caplog):
    def down(**_):
        raise OSError("no broker")

    monkeypatch.setattr(current_app.tasks[TASK], "apply_async", down)
    with caplog.at_level(logging.WARNING), transaction.atomic():
        jobs.enqueue(TASK, 7)
    assert "the sweeps will find the work" in caplog.text


@pytest.mark.django_db
def test_a_task_that_does_not_exist_is_logged(caplog, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        jobs.enqueue("core.no_such_task")
    assert "core.no_such_task" in caplog.text
