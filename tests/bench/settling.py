"""Settlement: targets 9 and 10. A campaign with 100,000 pledges is called off and everybody's refund is asked for."""

import os
import signal
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction

from cms.core import jobs
from funding import chart
from funding.models import Escrow, Refund
from funding.services import settling
from funding.services.auditing import audit_ledger
from funding.states import ESCROW, EscrowState
from funding.transitions import transition
from tests import databases
from tests.bench.crowd import apart, crowd, in_background
from tests.bench.flood import account, pour
from tests.bench.lines import Line
from tests.bench.pledges import Town, no_provider
from tests.bench.sizes import sizes
from tests.factories.funding import open_test_escrow

PASSES, SECONDS, PEOPLE = 3, 4, 4
FEW = 1_000

# The same rows as the services write, by the least number of statements: one for each table.
_SET_SQL = """
CREATE TEMPORARY TABLE due ON COMMIT DROP AS
SELECT y.id AS payment, y.pledge_id AS pledge, g.person, y.captured AS amount, y.intent_id AS intent,
       nextval(pg_get_serial_sequence('funding_refund', 'id')) AS refund
  FROM funding_payment y JOIN funding_pledge g ON g.id = y.pledge_id WHERE g.escrow_id = %(escrow)s;
UPDATE funding_payment SET refund_reserved = captured FROM due WHERE id = due.payment;
INSERT INTO funding_refund (id, payment_id, amount, currency, reason, note, state, external_id, failure_code, attempt,
    route) SELECT refund, payment, amount, 'CNY', 'campaign_cancelled', '', 'requested', '', '', 1, 'provider' FROM due;
UPDATE funding_pledge SET state = 'refund_pending' FROM due WHERE id = due.pledge;
INSERT INTO funding_transitionlog (machine, object_id, sequence, source, target, reason)
SELECT 'refund', refund::text, 1, '', 'requested', 'campaign_cancelled' FROM due
UNION ALL SELECT 'pledge', pledge::text, 3, 'paid', 'refund_pending', 'campaign_cancelled' FROM due;
INSERT INTO funding_gatewaycommand (provider, kind, subject, amount, currency, idempotency_key, payload, state,
    attempts, external_id, last_error)
SELECT 'stripe', 'create_refund', 'refund:' || refund, amount, 'CNY', 'refund:' || intent || ':' || refund || ':1',
       jsonb_build_object('command', 'refund:' || intent || ':' || refund || ':1', 'refund', refund, 'payment', payment,
                          'escrow', %(key)s, 'intent_id', intent, 'amount', amount, 'currency', 'CNY'),
       'planned', 0, '', '' FROM due;
INSERT INTO funding_journal (key, kind, fingerprint, escrow_id)
SELECT 'refund:' || refund, 'refund_asked', encode(sha256(convert_to(refund::text, 'UTF8')), 'hex'), %(escrow)s
  FROM due;
INSERT INTO funding_entry (journal_id, debit_id, credit_id, amount, currency)
SELECT j.id, %(held)s, %(owed)s, d.amount, 'CNY' FROM due d JOIN funding_journal j ON j.key = 'refund:' || d.refund;
UPDATE funding_backing b SET paid_pledges = 0 FROM due WHERE b.escrow_id = %(escrow)s AND b.person = due.person;
UPDATE funding_ledgeraccount SET debits = debits + (SELECT sum(amount) FROM due) WHERE id = %(held)s;
UPDATE funding_ledgeraccount SET credits = credits + (SELECT sum(amount) FROM due) WHERE id = %(owed)s;
UPDATE funding_escrow SET refunded = captured, backers = 0 WHERE id = %(escrow)s
"""


def measure() -> Iterator[Line]:
    """Each pass on a copy of one database, ours and the yardstick's by turns."""
    with pytest.MonkeyPatch.context() as patch, databases.copied() as called_off:
        patch.setattr(jobs, "enqueue", lambda *_: None)
        with databases.connected_to(called_off):
            large, small = _called_off(sizes.of(100_000)), _called_off(FEW)
        yield from _against_set_sql(called_off, large, small)
        yield from _killed(called_off, large)
    yield from _beside_others()


def _called_off(pledges: int) -> Escrow:
    escrow = open_test_escrow()
    pour(escrow, pledges)
    transition(machine=ESCROW, model=Escrow, ids=[escrow.pk], target=EscrowState.CANCELLING)
    return escrow


def _settle(escrow: Escrow) -> None:
    settling.settle_escrow(escrow_id=escrow.pk)


def _settle_by_set_sql(escrow: Escrow) -> None:
    held, owed = (account(name(escrow.key), "CNY") for name in (chart.escrow, chart.refund_payable))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SET_SQL, {"escrow": escrow.pk, "key": escrow.key, "held": held, "owed": owed})


def _against_set_sql(called_off: str, large: Escrow, small: Escrow) -> Iterator[Line]:
    ratios, rates, grown = [], [], []
    for _ in range(PASSES):
        with databases.cloned(of=called_off):
            ours, memory = apart(lambda: _settle(large))
            _, least = apart(lambda: _settle(small))
            assert Refund.objects.count() == sizes.of(100_000) + FEW
            report = audit_ledger()
            assert report.ok, report.problems[:5]
        with databases.cloned(of=called_off):
            other, _ = apart(lambda: _settle_by_set_sql(large))
        ratios.append(other / ours)
        rates.append(sizes.of(100_000) / ours)
        grown.append((memory - least) / 1024)
    yield Line("9", "settling 100,000 pledges / set SQL of the same rows", statistics.median(ratios), 0.25, 0.7, False)
    yield Line("", "the same as pledges/s, on this machine", statistics.median(rates))
    yield Line("9", "its memory, 100,000 pledges over 1,000", statistics.median(grown), 40, 15, unit=" MB")


def _killed(called_off: str, large: Escrow) -> Iterator[Line]:
    """How much of the work is done twice if the worker is killed in the middle."""
    with databases.cloned(of=called_off):
        with in_background(lambda: _settle(large)) as child:
            _until(lambda: Refund.objects.count() >= sizes.of(100_000) // 4)
            os.kill(child, signal.SIGKILL)
        _settle(large)
        with connection.cursor() as cursor:
            cursor.execute("SELECT last_value FROM funding_refund_id_seq")
            redone = cursor.fetchone()[0] - Refund.objects.filter(payment__pledge__escrow=large).count()
        # Numbers of the pouring's own are drawn in advance, one a pledge.
        redone -= sizes.of(100_000) + FEW
        assert audit_ledger().ok
    yield Line("9", "work done again after kill -9, in chunks", redone / settling.CHUNK, 1, 1)


def _until(true: Callable[[], bool]) -> None:
    limit = time.monotonic() + 120
    while not true():
        assert time.monotonic() < limit
        time.sleep(0.02)


@contextmanager
def _settling(escrow: Escrow) -> Iterator[None]:
    before = Refund.objects.count()
    with in_background(lambda: _settle(escrow)) as child:
        _until(lambda: Refund.objects.count() > before)
        connections.close_all()
        yield
        os.kill(child, signal.SIGKILL)


def _beside_others() -> Iterator[Line]:
    """Pledges on other campaigns, by turns alone and while a settlement runs."""
    throughput, slowest = [], []
    with databases.cloned(), no_provider():
        town = Town(50)
        # One for each turn, large enough not to be over before the others have been measured.
        called_off = [_called_off(sizes.of(60_000)) for _ in range(PASSES)]

        def pledge() -> Any:
            return crowd(town.pledge, people=PEOPLE, seconds=SECONDS)

        for large in called_off:
            alone = pledge()
            with _settling(large):
                during = pledge()
                asked = Refund.objects.filter(payment__pledge__escrow=large).count()
                assert asked < sizes.of(60_000), "the settlement was over before the others were measured"
            throughput.append(during.rate / alone.rate)
            slowest.append(during.p99 / alone.p99)
        report = audit_ledger()
        assert report.ok, report.problems[:5]
    yield Line("10", "others' pledges during a settlement: throughput", statistics.median(throughput), 0.6, 0.8, False)
    yield Line("10", "the same: p99 of their latency", statistics.median(slowest), 3, 1.5, unit="×")
