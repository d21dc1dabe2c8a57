"""One message, at most once, whatever SMTP does."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cms.core import sweeps
from cms.mail import services
from cms.mail.models import MailboxEntry, Message
from tests.cms.mail import transports

pytestmark = pytest.mark.django_db


def planned(key: str = "k", template: str = "hello", **context) -> Message:
    message = services.plan(
        key=key, to="a@example.com", locale="en", template=template, context={"who": "A & <B>", **context}
    )
    assert message is not None
    return message


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.state


def test_text_is_plain_html_is_escaped_and_the_key_travels(smtp) -> None:
    message = planned()
    assert services.send(message.pk)
    (mail,) = smtp.sent
    assert mail.subject == "Confirm your e-mail address A & <B>"
    assert mail.body == "A & <B> http://localhost:8000\n"
    assert mail.alternatives[0][0] == "<p>A &amp; &lt;B&gt;</p>"
    assert mail.extra_headers["X-Kindling-Key"] == "k"
    assert state(message) == "sent"
    assert (message.context, message.subject) == ({}, mail.subject)
    assert message.sent_at is not None


def test_a_subject_never_breaks_the_line(smtp) -> None:
    services.send(planned(who="x\r\nBcc: everybody@example.com").pk)
    assert "\n" not in smtp.sent[0].subject


def test_html_may_be_missing(smtp) -> None:
    services.send(planned(template="plain").pk)
    assert smtp.sent[0].alternatives == []


def test_same_key_is_one_mail(smtp) -> None:
    message = planned("receipt:1")
    again = services.plan(key="receipt:1", to="b@example.com", locale="en", template="hello", context={})
    assert again is None
    services.plan_many([services.Plan(key="receipt:1", to="c@example.com", locale="en", template="hello")])
    assert [services.send(message.pk), services.send(message.pk)] == [True, False]
    services.send_due()
    assert [mail.to for mail in smtp.sent] == [["a@example.com"]]


def test_planned_with_a_fact_that_did_not_happen_is_not_sent(smtp) -> None:
    with transaction.atomic():
        planned()
        transaction.set_rollback(True)
    services.send_due()
    assert smtp.sent == []


def test_commit_nudges_a_worker(smtp, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        message = planned()
        services.plan_many([services.Plan(key="many", to="b@example.com", locale="en", template="plain")])
        assert smtp.sent == []
    assert state(message) == "sent"
    assert len(smtp.sent) == 2


@pytest.mark.parametrize(
    ("where", "error", "expected"),
    [
        ("on_open", transports.REFUSED_CONNECTION, "planned"),
        ("on_open", transports.TIMED_OUT, "planned"),
        ("on_send", transports.GREYLISTED, "planned"),
        ("on_send", transports.BUSY, "planned"),
        ("on_send", transports.NO_SUCH_PERSON, "failed"),
        ("on_send", transports.REJECTED_TEXT, "failed"),
        ("on_send", transports.LOST, "unknown"),
        ("on_send", transports.TIMED_OUT, "unknown"),
    ],
)
def test_what_each_failure_leaves(smtp, where: str, error: Exception, expected: str) -> None:
    message = planned()
    setattr(smtp, where, [error])
    assert not services.send(message.pk)
    assert state(message) == expected
    assert message.last_error
    # Right away nothing more happens; a later sweep sends what is merely late, and only that.
    services.send_due()
    assert smtp.sent == []
    Message.objects.exclude(next_attempt_at=None).update(next_attempt_at=timezone.now() - timedelta(seconds=1))
    services.send_due()
    assert len(smtp.sent) == (1 if expected == "planned" else 0)


def test_delays_grow_and_end(smtp) -> None:
    message = planned()
    smtp.on_open = [transports.REFUSED_CONNECTION] * 20
    delays = []
    for _ in range(services.MAX_ATTEMPTS):
        services.send(message.pk)
        if state(message) == "planned":
            delays.append((message.next_attempt_at - timezone.now()).total_seconds())
        Message.objects.update(next_attempt_at=None)
    assert state(message) == "failed"
    assert delays == sorted(delays)
    assert 25 < delays[0] < 31


def test_a_broken_template_waits_for_its_repair(smtp) -> None:
    message = planned(template="broken")
    assert not services.send(message.pk)
    assert state(message) == "planned"
    assert "TemplateDoesNotExist" in message.last_error


def test_a_dead_worker_leaves_unknown_which_nobody_sends_again(smtp) -> None:
    dead, busy = planned("dead"), planned("busy")
    Message.objects.update(state="sending")
    Message.objects.filter(pk=dead.pk).update(claimed_at=timezone.now() - timedelta(minutes=11))
    Message.objects.filter(pk=busy.pk).update(claimed_at=timezone.now() - timedelta(minutes=9))
    services.send_due()
    services.send_due()
    assert (state(dead), state(busy)) == ("unknown", "sending")
    assert smtp.sent == []


@pytest.mark.parametrize("error", [transports.NO_SUCH_PERSON, transports.LOST])
def test_account_links_are_not_kept_however_it_ends(smtp, error: Exception) -> None:
    message = services.plan(
        key="r", to="a@example.com", locale="en", template="account/reset", context={"password_reset_url": "secret"}
    )
    smtp.on_send = [error]
    services.send(message.pk)
    assert state(message) in {"failed", "unknown"}
    assert message.context == {}


def test_the_sweep_knows_of_mail(smtp) -> None:
    message = planned()
    assert sweeps.run_all()["mail"] == 1
    assert state(message) == "sent"


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_one_copy(settings) -> None:
    settings.EMAIL_BACKEND = "cms.mail.backends.MailboxBackend"
    with transaction.atomic():
        ids = [planned(f"k{number}").pk for number in range(5)]
        transaction.get_connection().run_on_commit.clear()
    barrier = Barrier(4)

    def work() -> None:
        barrier.wait()
        for pk in ids:
            services.send(pk)
        connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(MailboxEntry.objects.values_list("key", flat=True)) == [f"k{number}" for number in range(5)]
