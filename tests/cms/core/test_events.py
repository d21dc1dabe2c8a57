from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from cms.core import events
from cms.core.models import OutboxEvent
from cms.users.models import User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NAME = "test.happened"


@pytest.fixture
def heard(monkeypatch):
    payloads = []
    monkeypatch.setitem(events._handlers, NAME, [payloads.append])
    return payloads


def publish(key: str = "test:1", **payload) -> OutboxEvent:
    events.publish(name=NAME, key=key, payload=payload)
    return OutboxEvent.objects.get(key=key)


def test_an_event_is_delivered_after_the_commit(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        event = publish(n=1)
        assert heard == []
    event.refresh_from_db()
    assert heard == [{"n": 1}]
    assert event.delivered_at


def test_the_same_key_is_one_event(heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        publish(n=1)
        publish(n=2)
    assert heard == [{"n": 1}]


def test_an_event_dies_with_its_transaction():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish()
        raise ZeroDivisionError
    assert not OutboxEvent.objects.exists()


def test_a_sweep_finds_what_a_lost_nudge_left(heard):
    publish(n=1)  # nothing commits in this test, so nobody is nudged
    assert events.sweep_events() == 1
    assert events.sweep_events() == 0
    assert heard == [{"n": 1}]


def test_events_are_swept_in_order(heard):
    for n in range(3):
        publish(key=f"test:{n}", n=n)
    events.sweep_events()
    assert heard == [{"n": 0}, {"n": 1}, {"n": 2}]


def test_a_failing_handler_undoes_its_work_and_is_tried_again_later(monkeypatch):
    failures = [RuntimeError("first time")]

    def handler(payload):
        UserFactory()
        if failures:
            raise failures.pop()

    monkeypatch.setitem(events._handlers, NAME, [handler])
    event = publish()
    before = timezone.now()
    assert events.sweep_events() == 0
    event.refresh_from_db()
    assert (event.attempts, event.delivered_at) == (1, None)
    assert "first time" in event.last_error
    assert event.next_attempt_at >= before + timedelta(seconds=10)
    assert not User.objects.exists()
    assert events.sweep_events() == 0  # not due yet
    OutboxEvent.objects.update(next_attempt_at=before)
    assert events.sweep_events() == 1
    assert User.objects.count() == 1


def test_the_wait_between_attempts_grows_to_an_hour(monkeypatch):
    def handler(payload):
        raise RuntimeError

    monkeypatch.setitem(events._handlers, NAME, [handler])
    event = publish()
    waits = []
    for _ in range(12):
        events.deliver(event.pk)
        event.refresh_from_db()
        waits.append(round((event.next_attempt_at - timezone.now()).total_seconds()))
    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (10, 3600)


def test_all_handlers_hear_an_event_and_each_is_registered_once(heard):
    more = []
    handler = more.append
    events.subscribe(NAME, handler)
    events.subscribe(NAME, handler)
    publish(n=1)
    events.sweep_events()
    assert (heard, more) == ([{"n": 1}], [{"n": 1}])
