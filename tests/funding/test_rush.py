"""Five hundred threads want fifty rewards: exactly fifty are sold, nothing locks up, nothing goes below zero.

Five hundred real threads stand at one barrier. They share a pool of sixteen connections, taken for one pledge and given
back, as web servers do before a pool: PostgreSQL sees sixteen at once and the queue behind them.
"""

import queue
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, connections

from funding.exceptions import RewardSoldOut
from funding.models import Pledge, Reward
from funding.services import commanding
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms
from tests.funding.test_pledging_races import _opened

THREADS, REWARDS, CONNECTIONS = 500, 50, 16

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def pooled() -> Iterator["queue.Queue[object]"]:
    """Connections that any thread may use, one at a time."""
    pool: queue.Queue[object] = queue.Queue()
    for _number in range(CONNECTIONS):
        wrapper = connection.copy()
        wrapper.inc_thread_sharing()
        pool.put(wrapper)
    yield pool
    while not pool.empty():
        pool.get().close()


def rush(run: int, pool: "queue.Queue[object]") -> Counter:
    escrow = open_test_escrow(rewards=[reward_terms(quantity=REWARDS)])
    start, results = threading.Barrier(THREADS), []

    def back(number: int) -> None:
        start.wait(60)
        mine = pool.get()
        connections["default"] = mine
        try:
            place_test_pledge(escrow, email=f"b{number}@example.com", key=f"r{run}-{number}")
            results.append("sold")
        except Exception as error:
            results.append(type(error))
        finally:
            pool.put(mine)

    threads = [threading.Thread(target=back, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reward = Reward.objects.get(escrow=escrow)
    assert (reward.reserved, reward.sold) == (REWARDS, 0)
    assert Pledge.objects.filter(escrow=escrow).count() == REWARDS
    return Counter(results)


def many(runs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # The provider's answer is not what this is about.
    monkeypatch.setattr(commanding, "carry_out", _opened)
    with pooled() as pool:
        for run in range(runs):
            assert rush(run, pool) == {"sold": REWARDS, RewardSoldOut: THREADS - REWARDS}


def test_five_hundred_want_fifty_five_times(monkeypatch):
    many(5, monkeypatch)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_five_hundred_want_fifty_a_hundred_times(monkeypatch):
    many(100, monkeypatch)
