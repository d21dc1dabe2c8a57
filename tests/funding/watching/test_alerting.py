"""Anomalies become alerts: open once, counted, told once, closed with a reason."""

import re
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.core import sweeps
from cms.core.errors import NotAllowed
from cms.mail.models import Message
from cms.mail.rendering import render
from cms.users import roles
from cms.users.models import AuditLog, User
from funding import anomalies
from funding.exceptions import ReasonRequired
from funding.models import Alert, GatewayCommand, WebhookEvent
from funding.services import alerting, informing, stalling
from funding.services.paying import apply_snapshot
from funding.webhooks import refusals
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import reserved_pledge
from tests.funding.settling.conftest import person
from tests.funding.snapshots import paid_snapshot

pytestmark = pytest.mark.django_db


def raise_one(**changes) -> None:
    alerting.alert(**{"code": "other_checkout", "subject": "payment:7", "severity": "warning", "data": {}} | changes)


def test_the_same_matter_is_counted_not_repeated(finance: User, sweep) -> None:
    raise_one(data={"seen": 1})
    raise_one(data={"seen": 2}, times=3)
    raise_one(subject="payment:8")
    sweep()
    alert = Alert.objects.get(subject="payment:7")
    assert (alert.times, alert.data, alert.severity) == (4, {"seen": 2}, "warning")
    assert alert.last_seen_at > alert.opened_at
    assert Message.objects.filter(key=f"alert:{alert.pk}:warning:{finance.pk}").count() == 1
    assert Message.objects.filter(template="alert").count() == 2


def test_a_graver_word_is_told_again_and_never_taken_back(finance: User, sweep) -> None:
    for severity in ("info", "critical", "warning"):
        raise_one(severity=severity)
        sweep()
    alert = Alert.objects.get()
    assert alert.severity == "critical"
    assert set(Message.objects.values_list("key", flat=True)) == {
        f"alert:{alert.pk}:{severity}:{finance.pk}" for severity in ("info", "critical")
    }


def test_everybody_of_finance_reads_it_in_their_language(finance: User, second_finance: User, sweep) -> None:
    User.objects.filter(pk=second_finance.pk).update(locale="zh-hans")
    left = person(roles.FINANCE)
    User.objects.filter(pk=left.pk).update(is_active=False)
    raise_one(severity="critical")
    sweep()
    mails = {message.to: message for message in Message.objects.filter(template="alert")}
    assert set(mails) == {finance.email, second_finance.email}
    english, chinese = (
        render(template="alert", locale=one.locale, context=informing_context(one), to=one.to)
        for one in (mails[finance.email], mails[second_finance.email])
    )
    assert english[0] == "Urgent: A payment has another checkout at the provider (payment:7)"
    assert chinese[0].startswith("紧急：")
    assert "/cms/funding/alert/inspect/" in chinese[1]
    assert "It was not counted." in english[2]


def informing_context(message: Message) -> dict:
    # What was sent keeps no context: it is made once more.
    user = User.objects.get(email=message.to)
    return informing._context(user, "https://example.org/cms/funding/alert/inspect/1/", Alert.objects.get())


def test_a_flood_is_told_in_one_mail_but_what_is_grave_by_itself(finance: User, sweep) -> None:
    for number in range(informing.MOST_AN_HOUR + 5):
        raise_one(subject=f"payment:{number}")
    raise_one(subject="payment:last", severity="critical")
    sweep()
    assert Message.objects.filter(template="alert").count() == informing.MOST_AN_HOUR + 2
    assert Message.objects.filter(template="alerts_many").count() == 1


def test_closing_needs_finance_and_a_reason_and_a_new_one_opens_again(finance: User) -> None:
    raise_one()
    alert = Alert.objects.get()
    with pytest.raises(NotAllowed):
        alerting.resolve(alert_id=alert.pk, actor=person(roles.AUDITOR), reason="x")
    with pytest.raises(ReasonRequired):
        alerting.resolve(alert_id=alert.pk, actor=finance, reason="  ")
    assert alerting.resolve(alert_id=alert.pk, actor=finance, reason="Refunded by hand.")
    assert not alerting.resolve(alert_id=alert.pk, actor=finance, reason="Again.")
    assert AuditLog.objects.filter(action="alert.resolved").count() == 1
    raise_one()
    assert Alert.objects.filter(resolved_at=None).count() == 1
    assert Alert.objects.count() == 2
    assert alerting.settled(code="other_checkout", subject="payment:7", because="gone")
    assert Alert.objects.latest("pk").resolved_by is None


def test_the_desk_closes_an_alert(finance: User) -> None:
    raise_one()
    alert = Alert.objects.get()
    client = Client()
    client.force_login(finance)
    page = client.get(reverse("funding_alert_modeladmin_inspect", args=[alert.pk])).content.decode()
    assert str(anomalies.advice("other_checkout")) in page
    address = reverse("funding_desk:resolve_alert", args=[alert.pk])
    assert address in page
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "Refunded by hand."}).status_code == 302
    assert Alert.objects.filter(resolved_by=finance, resolution="Refunded by hand.").exists()
    assert address not in client.get(reverse("funding_alert_modeladmin_inspect", args=[alert.pk])).content.decode()
    index = reverse("funding_alert_modeladmin_index")
    assert "payment" in client.get(index + "?resolved_at__isempty=0").content.decode().lower()


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_one() -> None:
    def one() -> None:
        try:
            raise_one()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Alert.objects.get().times == 8


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"amount": 1}, "amount_differs"),
        ({"currency": "USD"}, "amount_differs"),
        ({"external_id": "cs_2"}, "other_checkout"),
    ],
)
def test_what_the_provider_can_not_mean_is_an_alert(wrong: dict, code: str) -> None:
    payment = reserved_pledge(open_test_escrow(), extra=20_00)
    apply_snapshot(payment_id=payment.pk, snapshot=paid_snapshot(payment, **wrong))
    alert = Alert.objects.get()
    assert (alert.code, alert.subject, alert.severity) == (code, f"payment:{payment.pk}", "critical")


def test_a_fee_in_another_currency_is_an_alert_and_the_money_counts() -> None:
    payment = reserved_pledge(open_test_escrow(), extra=20_00)
    apply_snapshot(payment_id=payment.pk, snapshot=paid_snapshot(payment, fee=3, fee_currency="USD"))
    payment.refresh_from_db()
    assert (payment.state, payment.provider_fee) == ("succeeded", None)
    assert Alert.objects.get().code == "fee_currency"


def test_refused_calls_are_counted_and_written_once_a_minute(monkeypatch, settings) -> None:
    now = [1000.0]
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(refusals, "_written", {})
    monkeypatch.setattr(refusals, "_counts", {})
    for _ in range(50):
        refusals.note("stripe", "signature")
    refusals.note("stripe", "livemode")
    # Where time is moved by hand, what is on its way looks old and nobody is at fault.
    refusals.note("stripe", "stale")
    assert dict(Alert.objects.values_list("code", "times")) == {"webhook_forged": 1, "webhook_wrong_mode": 1}
    settings.CLOCK_MOVABLE = False
    refusals.note("stripe", "stale")
    assert Alert.objects.filter(code="webhook_stale").exists()
    now[0] += 61
    refusals.note("stripe", "signature")
    assert Alert.objects.get(code="webhook_forged").times == 51


def test_a_stuck_call_opens_an_alert_and_its_end_closes_it() -> None:
    hours = timezone.now() - timedelta(hours=2)
    stuck = GatewayCommand.objects.create(
        kind="create_refund", subject="refund:1", idempotency_key="k1", state="unknown", first_sent_at=hours
    )
    GatewayCommand.objects.create(kind="create_refund", subject="refund:2", idempotency_key="k2")
    assert stalling.watch_commands() == 1
    assert stalling.watch_commands() == 0
    alert = Alert.objects.get()
    assert (alert.code, alert.subject, alert.times) == ("command_stuck", f"command:{stuck.pk}", 1)
    GatewayCommand.objects.filter(pk=stuck.pk).update(state="failed")
    assert stalling.watch_commands() == 1
    alert.refresh_from_db()
    assert (alert.resolved_by, alert.resolution) == (None, "failed")


def test_an_unknown_object_is_told_when_it_is_given_up() -> None:
    from funding.webhooks import handlers

    body = {"data": {"object": {"id": "cs_x", "object": "checkout.session", "metadata": {}}}}
    stored = WebhookEvent.objects.create(
        external_id="evt_1", type="checkout.session.completed", object_id="cs_x", payload=body
    )
    for _ in range(handlers.MOST_UNKNOWN):
        handlers.handle(stored.pk)
    assert not Alert.objects.exists()
    assert handlers.handle(stored.pk)
    assert Alert.objects.get().subject == "object:cs_x"


def test_every_code_that_is_raised_has_words() -> None:
    root = Path(__file__).resolve().parents[3]
    raised = {
        code
        for package in ("funding", "campaigns")
        for path in (root / package).rglob("*.py")
        for code in re.findall(r'alert\(\s*code="(\w+)"', path.read_text())
    }
    assert raised
    assert raised <= set(anomalies.ANOMALIES), raised - set(anomalies.ANOMALIES)


def test_nothing_is_deleted_and_history_stays() -> None:
    from django.db import IntegrityError, transaction

    raise_one()
    for change in (
        lambda: Alert.objects.all().delete(),
        lambda: Alert.objects.update(code="x"),
        lambda: Alert.objects.update(resolved_at=timezone.now()),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()
    assert sweeps.run_all()
