import threading

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from funding import ledger
from funding.exceptions import LedgerConflict, LedgerOverdrawn
from funding.ledger import Line, Posting
from funding.models import Entry, Journal, LedgerAccount
from funding.money import MAX_AMOUNT, BadAmount

pytestmark = pytest.mark.unaudited

CAPTURE = [Line("provider:stripe", "escrow:k1", 500)]


def capture(key: str = "capture:1", amount: int = 500, currency: str = "CNY") -> bool:
    line = Line("provider:stripe", "escrow:k1", amount)
    return ledger.post(key=key, kind="capture", escrow=None, lines=[line], currency=currency)


@pytest.mark.django_db
def test_a_posting_moves_both_sides_and_makes_the_accounts():
    assert capture()
    assert ledger.balance("provider:stripe", "CNY") == 500
    assert ledger.balance("escrow:k1", "CNY") == 500
    assert ledger.balance("escrow:k1", "USD") == 0
    escrow = LedgerAccount.objects.get(code="escrow:k1")
    assert (escrow.kind, escrow.limited, escrow.debits, escrow.credits) == ("liability", True, 0, 500)
    provider = LedgerAccount.objects.get(code="provider:stripe")
    assert (provider.kind, provider.limited, provider.debits, provider.credits) == ("asset", False, 0, 0)


@pytest.mark.django_db
def test_the_same_posting_twice_is_one():
    assert capture()
    assert not capture()
    assert Entry.objects.count() == 1
    assert ledger.balance("escrow:k1", "CNY") == 500


@pytest.mark.django_db
@pytest.mark.parametrize("other", [{"amount": 501}, {"currency": "USD"}])
def test_the_same_key_with_other_content_is_a_conflict(other):
    capture()
    with pytest.raises(LedgerConflict), transaction.atomic():
        capture(**other)
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_a_limited_account_never_goes_below_zero():
    capture()
    line = Line("escrow:k1", "payable:creator:1", 501)
    with pytest.raises(LedgerOverdrawn), transaction.atomic():
        ledger.post(key="release:1", kind="release", escrow=None, lines=[line], currency="CNY")
    assert Journal.objects.count() == 1
    assert ledger.balance("escrow:k1", "CNY") == 500


@pytest.mark.django_db
def test_the_database_refuses_an_overdraft_by_itself():
    capture()
    with pytest.raises(IntegrityError, match="ledger_limited_never_negative"), transaction.atomic():
        LedgerAccount.objects.filter(code="escrow:k1").update(debits=501)


@pytest.mark.django_db
def test_a_reversal_mirrors_and_happens_once():
    capture()
    journal = Journal.objects.get()
    assert ledger.reverse(key="reversal:1", journal=journal)
    assert ledger.balance("escrow:k1", "CNY") == 0
    assert ledger.balance("provider:stripe", "CNY") == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        ledger.reverse(key="reversal:2", journal=journal)


@pytest.mark.django_db
def test_many_postings_cost_as_many_statements_as_one(django_assert_max_num_queries):
    capture("first")
    postings = [Posting(f"capture:{n}", "capture", CAPTURE, "CNY") for n in range(200)]
    with django_assert_max_num_queries(6):
        assert len(ledger.post_many(postings)) == 200
    assert ledger.balance("escrow:k1", "CNY") == 201 * 500
    assert ledger.post_many([*postings, Posting("capture:new", "capture", CAPTURE, "CNY")]) == ["capture:new"]


@pytest.mark.django_db
@pytest.mark.parametrize("amount", [0, -1, True, 1.5, "5", 10**18])
def test_only_positive_whole_amounts_are_posted(amount):
    with pytest.raises(BadAmount):
        capture(amount=amount)


@pytest.mark.django_db
def test_a_campaigns_sum_may_be_more_than_any_pledge():
    capture(amount=MAX_AMOUNT * 3)
    assert ledger.balance("escrow:k1", "CNY") == MAX_AMOUNT * 3


@pytest.mark.django_db
def test_one_posting_holds_a_key_once():
    postings = [Posting("capture:1", "capture", CAPTURE, "CNY")] * 2
    with pytest.raises(ValueError, match="same key"):
        ledger.post_many(postings)
    assert ledger.balance("escrow:k1", "CNY") == 0


@pytest.mark.django_db
def test_an_unknown_code_is_refused():
    with pytest.raises(KeyError):
        ledger.post(key="x", kind="x", escrow=None, lines=[Line("cellar", "bank", 1)], currency="CNY")


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["funding_journal", "funding_entry"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_journal_only_grows(table, statement):
    capture()
    with connection.cursor() as cursor:
        # Deferred foreign-key checks would refuse first, with another message.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="append-only"):
            cursor.execute(statement.format(table))


@pytest.mark.django_db
def test_an_entry_is_in_its_accounts_currency():
    capture()
    debit, credit = LedgerAccount.objects.order_by("pk")
    with pytest.raises(IntegrityError, match="currency of both"), transaction.atomic():
        Entry.objects.create(journal=Journal.objects.get(), debit=debit, credit=credit, amount=1, currency="USD")


@pytest.mark.django_db(transaction=True)
def test_threads_posting_to_new_accounts_do_not_collide():
    failures: list[Exception] = []

    def work(worker: int) -> None:
        try:
            for n in range(10):
                # Two limited accounts, named in opposite orders.
                codes = ["escrow:a", "escrow:b"] if worker % 2 else ["escrow:b", "escrow:a"]
                lines = [Line("provider:stripe", code, 1) for code in codes]
                ledger.post(key=f"{worker}:{n}", kind="capture", escrow=None, lines=lines, currency="CNY")
                ledger.post(key=f"shared:{n}", kind="capture", escrow=None, lines=CAPTURE, currency="CNY")
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ledger.balance("escrow:a", "CNY") == ledger.balance("escrow:b", "CNY") == 80
    assert ledger.balance("escrow:k1", "CNY") == 10 * 500
