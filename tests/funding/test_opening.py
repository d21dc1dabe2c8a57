from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from cms.core import clock
from funding.exceptions import CampaignNotOpen, InvalidTerms, RewardLocked, UnknownReward
from funding.models import Escrow, FeeSchedule, Reward, RewardVariant, TaxRule
from funding.money import BadAmount
from funding.selectors import funding_numbers
from funding.services.opening import add_reward, change_unclaimed_reward, raise_quantity
from tests.factories.funding import open_test_escrow, reward_terms, variant_terms

# Rewards are claimed by hand here, without a pledge.
pytestmark = [pytest.mark.django_db, pytest.mark.unaudited]


def test_the_rates_of_the_day_are_frozen():
    before = open_test_escrow()
    now = clock.now()
    FeeSchedule.objects.create(
        platform_fee_bps=800, compensation_fund_bps=0, hold_days=7, effective_from=now - timedelta(seconds=1)
    )
    FeeSchedule.objects.create(
        platform_fee_bps=1, compensation_fund_bps=1, hold_days=1, effective_from=now + timedelta(days=1)
    )
    TaxRule.objects.create(
        jurisdiction="CN", payee_kind="person", regime="new", rate_bps=1000, effective_from=now - timedelta(seconds=1)
    )
    after = open_test_escrow()
    before.refresh_from_db()
    assert (before.platform_fee_bps, before.compensation_fund_bps, before.hold_days) == (500, 100, 14)
    assert (before.tax_regime, before.tax_bps) == ("cn_individual", 300)
    assert (after.platform_fee_bps, after.compensation_fund_bps, after.hold_days) == (800, 0, 7)
    assert (after.tax_regime, after.tax_bps) == ("new", 1000)
    abroad = open_test_escrow(jurisdiction="JP", payee_kind="company")
    assert (abroad.tax_regime, abroad.tax_bps) == ("", 0)


def test_live_numbers():
    numbers = funding_numbers(open_test_escrow().key)
    assert numbers is not None
    assert (numbers.state, numbers.raised, numbers.goal, numbers.percent_bps) == ("open", 0, 1_000_00, 0)
    assert funding_numbers("nowhere") is None


@pytest.mark.parametrize(
    ("bad", "field"),
    [
        ({"goal": 0}, "goal"), ({"goal": -5}, "goal"), ({"goal": 1.5}, "goal"), ({"goal": True}, "goal"),
        ({"currency": "XXX"}, "currency"), ({"mode": "maybe"}, "mode"), ({"kind": "loan"}, "kind"),
        ({"payee_kind": "robot"}, "payee_kind"), ({"key": "two words"}, "key"), ({"names": {}}, "names"),
        ({"names": {"en": " "}}, "names"), ({"kind": "donation"}, "rewards"),
        ({"deadline": datetime(2020, 1, 1, tzinfo=UTC)}, "deadline"), ({"deadline": datetime(2099, 1, 1)}, "deadline"),
        ({"deadline": datetime(2099, 1, 1, tzinfo=UTC)}, "deadline"),
        ({"rewards": [reward_terms(), reward_terms()]}, "rewards"),
        ({"rewards": [reward_terms(price=0)]}, "price"), ({"rewards": [reward_terms(price=10**9)]}, "price"),
        ({"currency": "KWD", "rewards": [reward_terms(price=1_001)]}, "price"),
        ({"rewards": [reward_terms(quantity=0)]}, "quantity"), ({"rewards": [reward_terms(quantity=True)]}, "quantity"),
        ({"rewards": [reward_terms(per_person_limit=-1)]}, "per_person_limit"),
        ({"rewards": [reward_terms(shipping={})]}, "shipping"),
        ({"rewards": [reward_terms(shipping={"China": 1})]}, "shipping"),
        ({"rewards": [reward_terms(shipping={"CN": -1})]}, "shipping"),
        ({"rewards": [reward_terms(kind="digital")]}, "shipping"),
        ({"rewards": [reward_terms(titles={})]}, "titles"),
        ({"rewards": [reward_terms(variants=[variant_terms("a"), variant_terms("a")])]}, "variants"),
        (
            {"rewards": [reward_terms(
                window_start=datetime(2026, 2, 1, tzinfo=UTC), window_end=datetime(2026, 1, 1, tzinfo=UTC)
            )]},
            "window_end",
        ),
    ],
    ids=str,
)  # fmt: skip
def test_terms_that_can_not_be(bad, field):
    with pytest.raises((InvalidTerms, BadAmount)) as raised:
        open_test_escrow(**bad)
    assert raised.value.field == field
    assert not Escrow.objects.exists()


@pytest.mark.parametrize(
    "change", [{"goal": 1}, {"deadline": datetime(2030, 1, 1, tzinfo=UTC)}, {"platform_fee_bps": 0}, {"names": {}}]
)
def test_the_database_keeps_the_terms(change):
    escrow = open_test_escrow()
    with pytest.raises(DatabaseError, match="what was agreed"), transaction.atomic():
        Escrow.objects.filter(pk=escrow.pk).update(**change)


def claim(reward: Reward) -> None:
    Reward.objects.filter(pk=reward.pk).update(reserved=1)


def test_an_unclaimed_reward_may_change_and_a_claimed_one_only_gain():
    escrow = open_test_escrow(
        rewards=[reward_terms(quantity=5, variants=[variant_terms("red"), variant_terms("blue")])]
    )
    reward = escrow.rewards.get()
    terms = reward_terms("ignored", price=200_00, quantity=3, delivery_month=date(2027, 3, 1),
                         variants=[variant_terms("red", 2), variant_terms("green")])  # fmt: skip
    changed = change_unclaimed_reward(reward_id=reward.pk, terms=terms, actor=None)
    assert (changed.key, changed.price, changed.quantity) == ("lamp", 200_00, 3)
    assert sorted(changed.variants.values_list("key", "quantity")) == [("green", None), ("red", 2)]
    claim(reward)
    with pytest.raises(RewardLocked):
        change_unclaimed_reward(reward_id=reward.pk, terms=terms, actor=None)
    raise_quantity(reward_id=reward.pk, quantity=10, actor=None)
    raise_quantity(reward_id=reward.pk, quantity=4, actor=None, variant_key="red")
    for fewer in ({"quantity": 9}, {"quantity": 3, "variant_key": "red"}, {"quantity": 5, "variant_key": "green"}):
        with pytest.raises(RewardLocked):
            raise_quantity(reward_id=reward.pk, actor=None, **fewer)
    with pytest.raises(UnknownReward):
        raise_quantity(reward_id=reward.pk, quantity=50, actor=None, variant_key="purple")
    raise_quantity(reward_id=reward.pk, quantity=None, actor=None)
    with pytest.raises(RewardLocked):
        raise_quantity(reward_id=reward.pk, quantity=100, actor=None)


@pytest.mark.parametrize(
    "change", [{"price": 1}, {"titles": {}}, {"shipping": {}}, {"quantity": 4}, {"per_person_limit": 1}]
)
def test_the_database_keeps_what_somebody_claimed(change):
    reward = open_test_escrow(rewards=[reward_terms(quantity=5)]).rewards.get()
    claim(reward)
    with pytest.raises(DatabaseError, match="what was agreed"), transaction.atomic():
        Reward.objects.filter(pk=reward.pk).update(**change)
    Reward.objects.filter(pk=reward.pk).update(quantity=6, sold=1)


def test_the_database_keeps_a_claimed_variant():
    variant = open_test_escrow(rewards=[reward_terms(variants=[variant_terms("red", 2)])]).rewards.get().variants.get()
    RewardVariant.objects.filter(pk=variant.pk).update(sold=1)
    for change in ({"names": {"en": "Blue"}}, {"quantity": 1}):
        with pytest.raises(DatabaseError, match="what was agreed"), transaction.atomic():
            RewardVariant.objects.filter(pk=variant.pk).update(**change)


def test_a_reward_can_be_added_while_the_campaign_runs():
    escrow = open_test_escrow()
    assert add_reward(escrow_id=escrow.pk, terms=reward_terms("mug"), actor=None).position == 1
    with pytest.raises(InvalidTerms):
        add_reward(escrow_id=escrow.pk, terms=reward_terms("mug"), actor=None)
    clock.set_offset(timedelta(days=31))
    with pytest.raises(CampaignNotOpen):
        add_reward(escrow_id=escrow.pk, terms=reward_terms("cup"), actor=None)
