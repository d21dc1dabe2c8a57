from datetime import timedelta

import pytest

from cms.core import clock
from cms.core.errors import NotAllowed
from cms.core.sweeps import run_all
from funding import exceptions, ledger
from funding.models import Escrow, GatewayCommand, Payment, Pledge, Refund, Reward
from funding.selectors import access_token, pledge_by_token, why_not
from funding.services import paying
from funding.services.auditing import audit_ledger
from funding.services.pledging import cancel_pledge
from tests.factories import UserFactory
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms


@pytest.mark.django_db(transaction=True)
def test_a_reserved_pledge_ends_with_its_checkout(sandbox):
    escrow = open_test_escrow(rewards=[reward_terms(quantity=1, per_person_limit=1)])
    result = place_test_pledge(escrow)
    pledge = cancel_pledge(pledge_id=result.pledge.pk, actor=None)
    assert (pledge.state, Payment.objects.get().state) == ("cancelled", "cancelled")
    assert pledge.ended_at is not None
    assert Reward.objects.get().reserved == 0
    session = sandbox.client().v1.checkout.sessions.retrieve(result.payment.session_id)
    assert session.status == "expired"
    with pytest.raises(exceptions.PledgeNotCancellable) as refusal:
        cancel_pledge(pledge_id=pledge.pk, actor=None)
    assert refusal.value.extra["reason"] == "pledge_cancelled"


@pytest.mark.django_db(transaction=True)
def test_stock_is_free_on_the_providers_answer_only(sandbox, settings):
    result = place_test_pledge(open_test_escrow(rewards=[reward_terms(quantity=1)]))
    working, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://localhost:9"
    with pytest.raises(exceptions.ProviderUnavailable):
        cancel_pledge(pledge_id=result.pledge.pk, actor=None)
    assert (Pledge.objects.get().state, Reward.objects.get().reserved) == ("reserved", 1)
    settings.STRIPE_API_BASE = working
    GatewayCommand.objects.update(next_attempt_at=None)
    run_all()
    # The wish was written down; the sweep carries it out.
    assert (Pledge.objects.get().state, Reward.objects.get().reserved) == ("cancelled", 0)


@pytest.mark.django_db(transaction=True)
def test_a_paid_pledge_gets_its_money_back(sandbox):
    sandbox.top_up(1_000_00, "cny")
    backer = UserFactory()
    result = place_test_pledge(open_test_escrow(), user=backer, email=backer.email)
    sandbox.play(result.payment.session_id)
    paying.refresh_payment(payment_id=result.payment.pk)
    pledge = cancel_pledge(pledge_id=result.pledge.pk, actor=backer, reason="changed my mind")
    assert pledge.state in ("refund_pending", "refunded")
    run_all()
    pledge.refresh_from_db()
    assert (pledge.state, pledge.refunded_amount) == ("refunded", pledge.total)
    assert Refund.objects.get().amount == pledge.total
    escrow = Escrow.objects.get()
    assert (escrow.raised, escrow.backers) == (0, 0)
    assert ledger.balance(f"escrow:{escrow.key}", "CNY") == 0
    assert audit_ledger().ok


@pytest.mark.django_db(transaction=True)
def test_paid_while_it_was_being_cancelled_goes_back_too(sandbox):
    sandbox.top_up(1_000_00, "cny")
    result = place_test_pledge(open_test_escrow())
    sandbox.play(result.payment.session_id)
    assert Pledge.objects.get().state == "reserved"
    pledge = cancel_pledge(pledge_id=result.pledge.pk, actor=None)
    assert pledge.state in ("refund_pending", "refunded")


@pytest.mark.django_db(transaction=True)
def test_a_payment_under_way_can_not_be_called_off(sandbox):
    result = place_test_pledge(open_test_escrow())
    sandbox.play(result.payment.session_id, method="alipay", outcome="succeed_late", seconds=600)
    with pytest.raises(exceptions.PledgeNotCancellable) as refusal:
        cancel_pledge(pledge_id=result.pledge.pk, actor=None)
    assert refusal.value.extra["reason"] == "payment_in_progress"
    assert Reward.objects.get().reserved == 1


@pytest.mark.django_db(transaction=True)
def test_somebody_elses_pledge_is_not_ours_to_cancel(sandbox):
    result = place_test_pledge(open_test_escrow())
    with pytest.raises(NotAllowed):
        cancel_pledge(pledge_id=result.pledge.pk, actor=UserFactory())
    assert Pledge.objects.get().state == "reserved"


@pytest.mark.django_db(transaction=True)
def test_after_the_deadline_nothing_is_taken_back(sandbox):
    result = place_test_pledge(open_test_escrow(deadline=clock.now() + timedelta(minutes=5)))
    clock.set_offset(timedelta(minutes=6))
    with pytest.raises(exceptions.PledgeNotCancellable) as refusal:
        cancel_pledge(pledge_id=result.pledge.pk, actor=None)
    assert refusal.value.extra["reason"] == "deadline_passed"
    assert why_not(Pledge.objects.select_related("escrow").get()) == {
        "cancel": "deadline_passed", "change": "pledge_reserved", "pay": "deadline_passed",
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_only_its_own_token_shows_a_pledge(sandbox):
    first, second = (place_test_pledge(open_test_escrow()).pledge for _ in range(2))
    assert pledge_by_token(first.pk, access_token(first)) == first
    assert pledge_by_token(str(first.pk), access_token(first)) == first
    for wrong in (access_token(second), "", "é", "x" * 10_000):
        assert pledge_by_token(first.pk, wrong) is None
    assert pledge_by_token("no uuid", access_token(first)) is None


@pytest.mark.django_db(transaction=True)
def test_a_checkout_that_the_provider_does_not_know_frees_its_stock_when_its_time_is_up(sandbox):
    place_test_pledge(open_test_escrow(rewards=[reward_terms(quantity=1)]))
    Payment.objects.update(session_id="cs_of_another_store")
    run_all()
    assert (Pledge.objects.get().state, Reward.objects.get().reserved) == ("reserved", 1)
    clock.set_offset(timedelta(hours=1))
    run_all()
    assert (Pledge.objects.get().state, Reward.objects.get().reserved) == ("expired", 0)
    assert Payment.objects.get().failure_code == "checkout_missing"
