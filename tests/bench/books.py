"""The ledger: targets 7 and 8, the audit of a million entries, and the public chain."""

import statistics
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction

from cms.core import jobs
from funding import chart, ledger
from funding.models import Entry, Escrow
from funding.services import sealing, treasury
from funding.services.auditing import audit_ledger
from funding.services.rebuilding import rebuild_balances
from tests import databases
from tests.bench.flood import account, pour
from tests.bench.lines import Line
from tests.bench.meter import ratio, seconds
from tests.bench.sizes import sizes
from tests.factories.funding import open_test_escrow

PASSES = 3


def measure() -> Iterator[Line]:
    """On a ledger that grows from a thousand entries to a million."""
    with databases.cloned(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs, "enqueue", lambda *_: None)
        escrow = open_test_escrow()
        yield from _posting(escrow)
        pour(open_test_escrow(), 250, moved=True)
        few = _quickest(lambda: _read(escrow))
        watched = _quickest(treasury.positions)
        many = open_test_escrow()
        pour(many, sizes.of(250_000), moved=True)
        yield Line("8", "balance read, a million entries / a thousand", _quickest(lambda: _read(many)) / few, 2, 1.2)
        yield from _proving(many, watched)


def _read(escrow: Escrow) -> int:
    return ledger.balance(chart.escrow(escrow.key), escrow.currency)


def _quickest(act: Callable[[], Any]) -> float:
    return min(seconds(act) for _ in range(30))


_JOURNAL = "INSERT INTO funding_journal (key, kind, fingerprint, escrow_id) VALUES (%s, 'capture', '', %s) RETURNING id"
_ENTRY = "INSERT INTO funding_entry (journal_id, debit_id, credit_id, amount, currency) VALUES (%s, %s, %s, 5, 'CNY')"
_MOVE = "UPDATE funding_ledgeraccount SET credits = credits + 5 WHERE id = %s AND credits + 5 >= debits"


def _posting(escrow: Escrow) -> Iterator[Line]:
    provider, held = account(chart.provider(), "CNY"), account(chart.escrow(escrow.key), "CNY")
    line = ledger.Line(chart.provider(), chart.escrow(escrow.key), 5)

    def ours() -> None:
        ledger.post(key=f"bench:{uuid.uuid4()}", kind="capture", escrow=escrow, currency="CNY", lines=[line])

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_JOURNAL, [f"bench:{uuid.uuid4()}", escrow.pk])
            cursor.execute(_ENTRY, [cursor.fetchone()[0], provider, held])
            cursor.execute(_MOVE, [held])

    with transaction.atomic():
        yield Line("7", "posting / bare SQL of the same rows", ratio(ours, bare), 0.25, 0.5, most=False)
        # Made by no service: the audit below would rightly ask what they were.
        transaction.set_rollback(True)


def _proving(escrow: Escrow, watched: float) -> Iterator[Line]:
    yield Line("", "entries in the ledger", Entry.objects.count(), exact=True)
    yield Line("", "watching coverage, a million entries / a thousand", _quickest(treasury.positions) / watched, 2, 1.2)
    begun = time.perf_counter()
    report = audit_ledger()
    assert report.ok, report.problems[:5]
    yield Line("", "audit of all of them", time.perf_counter() - begun, unit=" s")
    assert not rebuild_balances().differences
    yield from _sealing()


def _sealing() -> Iterator[Line]:
    """A hundred thousand entries of one campaign, each of another person whose pseudonym's key is made on the way."""
    times, bare = [], []
    for _ in range(PASSES):
        sealing.seal_due()
        fresh = open_test_escrow()
        bare.append(seconds(lambda fresh=fresh: pour(fresh, sizes.of(100_000))))
        times.append(seconds(lambda fresh=fresh: sealing.seal_escrow(escrow_id=fresh.pk)))
    yield Line("", "sealing 100,000 entries", statistics.median(times), unit=" s")
    shares = [one / other for one, other in zip(times, bare, strict=True)]
    yield Line("", "sealing them / writing their pledges as set SQL, time", statistics.median(shares), 1, 0.5)
    report = audit_ledger()
    assert report.ok, report.problems[:5]
