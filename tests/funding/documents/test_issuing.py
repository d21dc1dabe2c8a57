"""Receipts and credit notes: for what, with which number, saying what, and never twice."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from cms.core import clock
from cms.users.models import User
from funding.models import Dispute, Document, DocumentSeries, Escrow, Payment
from funding.services import commanding, issuing, refunding
from funding.services.auditing import audit_ledger
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.test_pledging_races import all_at_once

pytestmark = pytest.mark.django_db


def at(moment: datetime) -> None:
    """Set app time."""
    clock.set_offset(clock.offset() + (moment - clock.now()))


def refund(payment: Payment, amount: int, actor: User) -> None:
    refunding.finance_refund(pledge_id=payment.pledge_id, amount=amount, reason="Broken.", actor=actor)
    commanding.sweep_commands()


def test_a_receipt_for_each_payment_and_a_credit_note_for_each_refund(
    creator: User, gateway: ScriptedGateway, finance: User
) -> None:
    at(datetime(2027, 3, 4, 12, tzinfo=UTC))
    escrow = open_test_escrow(creator=creator)
    payment = paid_pledge(escrow, rewards={"lamp": 2}, extra=50_00)
    refund(payment, 30_00, finance)
    assert (issuing.issue_due(), issuing.issue_due()) == (2, 0)
    receipt, note = Document.objects.order_by("pk")
    assert (receipt.reference, receipt.amount, receipt.currency) == ("KD-R-2027-000001", 250_00, "CNY")
    assert (note.reference, note.amount, note.refund.amount) == ("KD-C-2027-000001", 30_00, 30_00)
    assert receipt.content["lines"] == [{
        "reward": "lamp", "titles": {"en": "A lamp", "zh-hans": "一盏灯"}, "variant": {}, "quantity": 2,
        "unit_price": 100_00, "amount": 200_00,
    }]  # fmt: skip
    assert (receipt.content["extra"], receipt.content["part_of"]) == (50_00, None)
    assert receipt.content["campaign"]["names"] == {"en": "Salt-water lamp", "zh-hans": "盐水灯"}
    assert receipt.content["terms"]["platform_fee_bps"] == 500
    assert (note.content["receipt"], note.content["reason"]) == ("KD-R-2027-000001", "finance")
    # A person can be forgotten while the books stand.
    assert payment.pledge.email not in str(receipt.content)


def test_the_sweep_looks_back_to_the_last_it_issued_however_long_ago(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    """Ninety days without a sweep: the first after them misses nothing."""
    paid_pledge(escrow, extra=10_00)
    assert issuing.issue_due() == 1
    paid_pledge(escrow, extra=20_00)
    later(days=90)
    assert (issuing.issue_due(), issuing.issue_due()) == (1, 0)


def test_the_year_is_the_issuers(creator: User, gateway: ScriptedGateway) -> None:
    at(datetime(2027, 12, 31, 15, 50, tzinfo=UTC))
    escrow = open_test_escrow(creator=creator)
    paid_pledge(escrow, extra=1_00)
    issuing.issue_due()
    at(datetime(2027, 12, 31, 16, 1, tzinfo=UTC))  # 00:01 of New Year's Day in Shanghai
    paid_pledge(escrow, extra=2_00)
    issuing.issue_due()
    assert [str(document) for document in Document.objects.order_by("pk")] == ["KD-R-2027-000001", "KD-R-2028-000001"]
    assert Document.objects.last().content["happened_on"] == "2028-01-01"


def test_an_orphan_has_neither(escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]) -> None:
    payment = paid_pledge(escrow, extra=5_00)
    Payment.objects.filter(pk=payment.pk).update(orphan=True)
    assert issuing.issue_due() == 0
    Payment.objects.filter(pk=payment.pk).update(orphan=False)


def test_an_event_issues_for_its_pledges_alone(escrow: Escrow, gateway: ScriptedGateway) -> None:
    one, _other = paid_pledge(escrow, extra=1_00), paid_pledge(escrow, extra=2_00)
    issuing.on_event({"escrow": str(escrow.pk), "pledges": [str(one.pledge_id)]})
    issuing.on_event({"escrow": str(escrow.pk), "pledges": [str(one.pledge_id)]})
    assert [document.payment_id for document in Document.objects.all()] == [one.pk]


def test_batches_number_on(escrow: Escrow, gateway: ScriptedGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "BATCH", 3)
    for amount in range(1, 8):
        paid_pledge(escrow, extra=amount * 100)
    assert issuing.issue_due() == 7
    assert sorted(Document.objects.values_list("number", "amount")) == [(n, n * 100) for n in range(1, 8)]


def test_a_batch_costs_the_same_for_more_rows(
    escrow: Escrow, gateway: ScriptedGateway, django_assert_max_num_queries: Callable
) -> None:
    for _ in range(6):
        paid_pledge(escrow, rewards={"lamp": 1})
    with django_assert_max_num_queries(20):
        assert issuing.issue_due() == 6


@pytest.mark.unaudited
def test_a_lost_dispute_has_a_credit_note_and_what_comes_back_a_receipt(
    escrow: Escrow, gateway: ScriptedGateway
) -> None:
    payment = paid_pledge(escrow, extra=80_00)
    dispute = Dispute.objects.create(
        payment=payment, external_id="dp_1", amount=80_00, currency="CNY", withdrawn=80_00, from_escrow=80_00,
        opened_at=clock.now(),
    )  # fmt: skip
    assert issuing.issue_due() == 2
    Dispute.objects.filter(pk=dispute.pk).update(from_escrow=0, reinstated=80_00)
    assert (issuing.issue_due(), issuing.issue_due()) == (1, 0)
    made = [(d.key, d.kind, d.amount) for d in Document.objects.filter(dispute=dispute).order_by("pk")]
    assert made == [
        (f"dispute:{dispute.pk}:1", "credit_note", 80_00), (f"dispute:{dispute.pk}:2", "receipt", 80_00),
    ]  # fmt: skip


def test_a_number_is_not_lost_with_its_transaction(escrow: Escrow, gateway: ScriptedGateway) -> None:
    paid_pledge(escrow, extra=1_00)

    class Crash(Exception):
        pass

    with pytest.raises(Crash), transaction.atomic():
        assert issuing.issue_due() == 1
        raise Crash
    assert not Document.objects.exists()
    paid_pledge(escrow, extra=2_00)
    issuing.issue_due()
    assert list(Document.objects.order_by("pk").values_list("number", flat=True)) == [1, 2]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE funding_document SET amount = 2",
        "DELETE FROM funding_document",
        "TRUNCATE funding_document",
        "DELETE FROM funding_documentseries",
        "UPDATE funding_documentseries SET year = 2001",
        # A number left out, one twice, one before the first; the counter may say what it likes.
        """INSERT INTO funding_document (key, issuer, kind, year, number, payment_id, amount, currency, content)
           SELECT 'x', issuer, kind, year, 3, payment_id, 1, currency, content FROM funding_document""",
        """INSERT INTO funding_document (key, issuer, kind, year, number, payment_id, amount, currency, content)
           SELECT 'x', issuer, kind, year, 1, payment_id, 1, currency, content FROM funding_document""",
        """INSERT INTO funding_document (key, issuer, kind, year, number, payment_id, amount, currency, content)
           SELECT key, issuer, kind, year, 2, payment_id, 1, currency, content FROM funding_document""",
    ],
)
def test_the_database_refuses_gaps_and_changes(escrow: Escrow, gateway: ScriptedGateway, statement: str) -> None:
    paid_pledge(escrow, extra=1_00)
    issuing.issue_due()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_audit_sees_a_missing_receipt_after_a_day(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    payment = paid_pledge(escrow, extra=9_00)
    assert audit_ledger().ok
    later(days=2)
    assert [str(problem) for problem in audit_ledger().problems] == [
        f"receipts: payment:{payment.pk}:receipt should be 900, is 0"
    ]
    issuing.issue_due()
    assert audit_ledger().ok


def test_the_audit_sees_a_counter_that_ran_ahead(escrow: Escrow, gateway: ScriptedGateway) -> None:
    paid_pledge(escrow, extra=9_00)
    issuing.issue_due()
    DocumentSeries.objects.update(last=2)
    assert [problem.check for problem in audit_ledger().problems] == ["document_numbers"]
    DocumentSeries.objects.update(last=1)


@pytest.mark.django_db(transaction=True)
def test_many_workers_give_each_number_once(escrow: Escrow, gateway: ScriptedGateway) -> None:
    payments = [paid_pledge(escrow, extra=100 + n) for n in range(24)]
    names = [{"pledges": [str(payment.pledge_id)]} for payment in payments]

    def work(number: int) -> str:
        # Each is told twice, and some sweep meanwhile.
        issuing.on_event(names[number % 24])
        if number % 6 == 0:
            issuing.issue_due()
        return "done"

    assert all_at_once(16, work) + all_at_once(32, lambda n: work(n + 16)) == {"done": 48}
    assert sorted(Document.objects.values_list("number", flat=True)) == list(range(1, 25))
    assert Document.objects.values("payment").distinct().count() == 24
    assert DocumentSeries.objects.get().last == 24
