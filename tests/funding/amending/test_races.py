"""Threads on a real database: terms that change while they are chosen, changes that meet, and the locks of both."""

import threading

import pytest
from django.db import connections

from cms.core.errors import Refusal
from funding.exceptions import RewardLocked, TermsChanged
from funding.models import Amendment, Pledge, Reward
from funding.services import opening, ordering
from funding.services.cancelling import cancel_pledge
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms, variant_terms
from tests.factories.scripted import pay
from tests.funding.amending.conftest import change, fresh, paid, pay_difference, stock
from tests.funding.test_pledging_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = [{"price": 90_00}, {"shipping": {"CN": 11_00}}, {"shipping": {"FR": 1_00}}, {"per_person_limit": 5}]


@pytest.mark.parametrize("terms", [*CHANGES, {"variants": [variant_terms("blue")]}])
def test_terms_that_change_between_reading_and_reserving(gateway, monkeypatch, terms):
    """A second thread changes the reward exactly in between: no pledge has the old terms."""
    variants = [variant_terms("red")]
    escrow = open_test_escrow(rewards=[reward_terms(variants=variants)])
    reward, read_terms = Reward.objects.get(), ordering.read_terms

    def read_then_be_overtaken(*args):
        found = read_terms(*args)
        new = reward_terms(**{"variants": variants, **terms})
        creator = threading.Thread(target=_changed, args=(reward.pk, new))
        creator.start()
        creator.join()
        return found

    monkeypatch.setattr(ordering, "read_terms", read_then_be_overtaken)
    with pytest.raises(TermsChanged) as refusal:
        place_test_pledge(escrow, ("lamp", 1, "red"))
    assert (refusal.value.status, refusal.value.extra["reward"]) == (409, "lamp")
    assert not Pledge.objects.exists()
    assert stock(escrow) == {}


def _changed(reward_id, terms):
    try:
        opening.change_unclaimed_reward(reward_id=reward_id, terms=terms, actor=None)
    finally:
        connections.close_all()


def test_creator_and_backers_in_the_same_milliseconds(gateway):
    """Either the pledge stands and the reward is locked, or it changed first and the pledge says so. No deadlock."""
    variants = [variant_terms("red"), variant_terms("blue")]
    for number in range(6):
        escrow = open_test_escrow(rewards=[reward_terms(variants=variants)])
        reward = Reward.objects.get(escrow=escrow)

        def act(who: int, escrow=escrow, reward=reward, number=number) -> str:
            if who == 0:
                new = reward_terms(price=90_00, variants=variants[:1])
                opening.change_unclaimed_reward(reward_id=reward.pk, terms=new, actor=None)
                return "changed"
            place_test_pledge(escrow, ("lamp", 1, "blue"), email=f"b{who}-{number}@example.com")
            return "placed"

        seen = all_at_once(3, act)
        price = Reward.objects.get(pk=reward.pk).price
        assert set(seen) in ({"placed", RewardLocked}, {"changed", TermsChanged}, {"changed"} | _UNKNOWN), seen
        assert all(line.unit_price == price for p in Pledge.objects.filter(escrow=escrow) for line in p.lines.all())


_UNKNOWN = {ordering.UnknownReward}


def test_two_changes_at_once_are_one(gateway):
    escrow = open_test_escrow(rewards=[reward_terms(quantity=9)])
    pledge = paid(escrow)

    def act(number: int) -> str:
        try:
            return change(pledge, ("lamp", 2 + number)).amendment.state
        except Refusal as refusal:
            return str(refusal.extra.get("reason", refusal.code))

    seen = all_at_once(6, act)
    assert seen == {"awaiting_payment": 1, "amendment_open": 5}
    row = Amendment.objects.get()
    assert stock(escrow) == {"lamp": (row.difference // 110_00, 1)}


def test_the_last_one_goes_to_one_change_and_the_other_is_told(gateway):
    escrow = open_test_escrow(rewards=[reward_terms(), reward_terms("rare", price=150_00, quantity=1)])
    pledges = [paid(escrow) for _number in range(4)]

    def act(number: int) -> str:
        try:
            return change(pledges[number], ("rare", 1)).amendment.state
        except Refusal as refusal:
            return refusal.code

    assert all_at_once(4, act) == {"awaiting_payment": 1, "reward_sold_out": 3}
    pay_difference_of_all()
    assert stock(escrow) == {"lamp": (0, 3), "rare": (0, 1)}


def pay_difference_of_all() -> None:
    for amendment in Amendment.objects.filter(state="awaiting_payment"):
        pay(amendment.payments.get())


def test_paying_cancelling_and_swapping_cross_without_deadlock(gateway, sweep):
    """Pairs of pledges swap two rewards back and forth while others are cancelled and paid."""
    escrow = open_test_escrow(rewards=[reward_terms("a", quantity=8), reward_terms("b", quantity=8)])
    pledges = [paid(escrow, ("a" if number % 2 else "b", 1)) for number in range(6)]
    raised = [change(pledge, ("a", 1), ("b", 1)) for pledge in pledges[:3]]

    def act(number: int) -> str:
        try:
            if number < 3:
                pay_difference(raised[number])
                return "paid"
            if number < 6:
                cancel_pledge(pledge_id=pledges[number - 3].pk, actor=None)
                return "cancelled"
            own = pledges[number - 3]
            change(own, ("b" if number % 2 else "a", 1))
        except Refusal:
            return "refused"
        return "swapped"

    seen = all_at_once(9, act)
    assert set(seen) <= {"paid", "cancelled", "swapped", "refused"}, seen
    sweep()
    assert all(fresh(pledge).state in ("paid", "refunded") for pledge in pledges)
