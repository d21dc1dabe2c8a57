"""Real threads on a real database: what must hold when everybody comes at once."""

import threading
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connections, transaction

from funding.exceptions import PerPersonLimitReached, RewardSoldOut
from funding.models import GatewayCommand, Holding, Pledge, Reward, RewardVariant
from funding.services import commanding, stocking
from funding.services.pledging import place_pledge
from tests.factories.funding import open_test_escrow, place_test_pledge, pledge_input, reward_terms, variant_terms
from tests.funding.snapshots import checkout_snapshot


def all_at_once(count: int, work: Callable[[int], object]) -> Counter:
    """Run `work` in as many threads, started together; how often each result or refusal came."""
    results: list[object] = []
    start = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            start.wait(60)
            results.append(work(number))
        except Exception as error:
            results.append(type(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(results)


def _opened(command: GatewayCommand, **_more: object) -> commanding.Outcome:
    command.state = "succeeded"
    return commanding.Outcome(command, checkout_snapshot(command))


@pytest.fixture
def no_provider(monkeypatch):
    """The provider's answer is not what these races are about."""
    monkeypatch.setattr(commanding, "carry_out", _opened)


@pytest.mark.django_db(transaction=True)
def test_fifty_rewards_and_two_hundred_backers(no_provider):
    escrow = open_test_escrow(rewards=[reward_terms(quantity=50)])

    def back(number: int) -> str:
        place_test_pledge(escrow, email=f"b{number}@example.com", key=f"k{number}")
        return "placed"

    assert all_at_once(100, back) + all_at_once(100, lambda n: back(100 + n)) == {"placed": 50, RewardSoldOut: 150}
    assert Reward.objects.get().reserved == 50
    assert Pledge.objects.count() == 50


@pytest.mark.django_db(transaction=True)
def test_the_last_of_a_variant(no_provider):
    escrow = open_test_escrow(rewards=[reward_terms(variants=[variant_terms("red", 3), variant_terms("blue", 2)])])

    def back(number: int) -> str:
        place_test_pledge(escrow, ("lamp", 1, "red" if number % 2 else "blue"), key=f"k{number}")
        return "placed"

    assert all_at_once(24, back) == {"placed": 5, RewardSoldOut: 19}
    assert dict(RewardVariant.objects.values_list("key", "reserved")) == {"red": 3, "blue": 2}
    assert Reward.objects.get().reserved == 5


@pytest.mark.django_db(transaction=True)
def test_one_person_in_many_windows(no_provider):
    escrow = open_test_escrow(rewards=[reward_terms(per_person_limit=3)])

    def back(number: int) -> str:
        place_test_pledge(escrow, email="one@example.com", key=f"k{number}")
        return "placed"

    assert all_at_once(20, back) == {"placed": 3, PerPersonLimitReached: 17}
    assert Holding.objects.get().quantity == 3
    assert Reward.objects.get().reserved == 3


@pytest.mark.django_db(transaction=True)
def test_a_double_click_is_one_pledge_with_one_answer(sandbox):
    request = pledge_input(open_test_escrow())

    def back(_number: int) -> str:
        return place_pledge(request=request, idempotency_key="k").payment.checkout_url

    answers = all_at_once(12, back)
    assert list(answers.values()) == [12]
    assert next(iter(answers)).startswith(sandbox.url)
    assert Reward.objects.get().reserved == 1


@pytest.mark.unaudited
@pytest.mark.django_db(transaction=True)
def test_opposite_orders_of_lines_do_not_lock_each_other_out(no_provider):
    rewards = [reward_terms(key, per_person_limit=1000) for key in ("a", "b", "c")]
    escrow = open_test_escrow(rewards=rewards)

    def back(number: int) -> str:
        lines = [("a", 1), ("b", 1), ("c", 1)]
        for n in range(5):
            result = place_test_pledge(
                escrow, *(lines if number % 2 else lines[::-1]), email="same@example.com", key=f"{number}:{n}"
            )
            with transaction.atomic():
                stocking.release([result.pledge.pk])
        return "done"

    assert all_at_once(12, back) == {"done": 12}
    assert set(Reward.objects.values_list("reserved", flat=True)) == {0}
    assert set(Holding.objects.values_list("quantity", flat=True)) == {0}
