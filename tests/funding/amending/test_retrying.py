"""A pledge whose payment failed is taken up again, while that is still possible."""

import pytest

from funding.exceptions import PledgeNotPayable, ProviderUnavailable, RewardSoldOut, TermsChanged
from funding.models import Escrow, Holding, Payment, Pledge, Refund, Reward
from funding.selectors import why_not
from funding.services import opening, paying
from funding.services.cancelling import cancel_pledge
from funding.services.retrying import retry_pledge
from tests.factories.funding import place_test_pledge, reward_terms
from tests.factories.scripted import pay
from tests.funding.amending.conftest import fresh, paid, stock
from tests.funding.snapshots import unpaid_snapshot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def expired(escrow) -> Pledge:
    """One lamp whose checkout ran out."""
    placed = place_test_pledge(escrow)
    paying.apply_snapshot(payment_id=placed.payment.pk, snapshot=unpaid_snapshot(placed.payment, "expired"))
    return fresh(placed.pledge)


def test_it_takes_its_stock_again_and_is_paid(escrow, expired, sweep):
    assert (expired.state, stock(escrow), why_not(expired)) == ("expired", {}, {
        "cancel": "pledge_expired", "change": "pledge_expired",
    })  # fmt: skip
    retry = retry_pledge(pledge_id=expired.pk, actor=None)
    assert (retry.pledge.state, retry.payment.amount, stock(escrow)) == ("reserved", 110_00, {"lamp": (1, 0)})
    assert Holding.objects.get().quantity == 1
    again = retry_pledge(pledge_id=expired.pk, actor=None)
    assert (again.payment.pk, again.payment.checkout_url) == (retry.payment.pk, retry.payment.checkout_url)
    pay(Payment.objects.get(pk=retry.payment.pk))
    assert (fresh(expired).state, stock(escrow), Escrow.objects.get().captured) == ("paid", {"lamp": (0, 1)}, 110_00)
    # The first checkout was paid, too: that money goes back by itself, and the pledge stays paid.
    first = Payment.objects.earliest("pk")
    assert pay(first).orphan
    sweep()
    assert (Refund.objects.get().payment, fresh(expired).state) == (first, "paid")


def test_the_first_checkout_paid_late_pays_the_pledge(escrow, expired, sweep):
    retry = retry_pledge(pledge_id=expired.pk, actor=None)
    first = pay(Payment.objects.earliest("pk"))
    assert (first.orphan, fresh(expired).state, stock(escrow)) == (False, "paid", {"lamp": (0, 1)})
    second = pay(Payment.objects.get(pk=retry.payment.pk))
    sweep()
    assert (second.orphan, Escrow.objects.get().captured, fresh(expired).state) == (True, 110_00, "paid")


def test_a_late_word_on_the_first_checkout_does_not_end_the_second(escrow, expired):
    retry_pledge(pledge_id=expired.pk, actor=None)
    first = Payment.objects.earliest("pk")
    late = unpaid_snapshot(first, "complete", intent_status="canceled", failure_code="card_declined")
    paying.apply_snapshot(payment_id=first.pk, snapshot=late)
    assert (fresh(expired).state, stock(escrow)) == ("reserved", {"lamp": (1, 0)})


def test_why_it_can_not_be_taken_up(escrow, expired, later):
    paid(escrow, ("lamp", 3))
    paid(escrow, ("lamp", 2))
    with pytest.raises(RewardSoldOut):
        retry_pledge(pledge_id=expired.pk, actor=None)
    assert (fresh(expired).state, stock(escrow)) == ("expired", {"lamp": (0, 5)})
    later(days=31)
    with pytest.raises(PledgeNotPayable) as refusal:
        retry_pledge(pledge_id=expired.pk, actor=None)
    assert refusal.value.extra["reason"] == "deadline_passed"


def test_another_price_by_now_is_another_pledge(escrow, expired):
    reward = Reward.objects.get(escrow=escrow, key="lamp")
    opening.change_unclaimed_reward(reward_id=reward.pk, terms=reward_terms(price=120_00), actor=None)
    with pytest.raises(TermsChanged):
        retry_pledge(pledge_id=expired.pk, actor=None)
    assert fresh(expired).state == "expired"


def test_with_the_provider_down_the_next_try_goes_on(escrow, expired, gateway):
    gateway.down = True
    with pytest.raises(ProviderUnavailable):
        retry_pledge(pledge_id=expired.pk, actor=None)
    gateway.down = False
    assert retry_pledge(pledge_id=expired.pk, actor=None).payment.checkout_url
    assert Payment.objects.count() == 2


def test_what_was_cancelled_or_paid_is_not_paid_again(escrow, gateway):
    pledge = place_test_pledge(escrow).pledge
    cancel_pledge(pledge_id=pledge.pk, actor=None)
    for state, row in (("cancelled", pledge), ("paid", paid(escrow))):
        with pytest.raises(PledgeNotPayable) as refusal:
            retry_pledge(pledge_id=row.pk, actor=None)
        assert refusal.value.extra["reason"] == f"pledge_{state}"
