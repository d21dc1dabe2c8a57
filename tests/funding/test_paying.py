import threading
from datetime import timedelta

import pytest
from django.db import connections

from cms.core import clock
from cms.core.models import OutboxEvent
from cms.core.sweeps import run_all
from funding import ledger
from funding.models import Alert, Backing, Escrow, Journal, Payment, Pledge, Refund, Reward, TransitionLog
from funding.services import paying
from funding.services.paying import apply_snapshot
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms
from tests.funding.sandbox_server import eventually
from tests.funding.snapshots import paid_snapshot, unpaid_snapshot


def state(pledge: Pledge) -> str:
    return Pledge.objects.values_list("state", flat=True).get(pk=pledge.pk)


def advance(sandbox, **by: float) -> None:
    """Move the local Stripe's clock and ours, as the command does."""
    offset = clock.offset() + timedelta(**by)
    sandbox.clock(offset.total_seconds())
    clock.set_offset(offset)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("method", ["card", "card_3ds", "alipay", "wechat_pay"])
def test_a_payment_arrives_by_webhook(sandbox, webhooks, method):
    escrow = open_test_escrow()
    result = place_test_pledge(escrow, ("lamp", 2), extra=1)
    sandbox.play(result.payment.session_id, method=method)
    eventually(lambda: state(result.pledge) == "paid", what="the pledge's payment")
    eventually(lambda: Payment.objects.get().provider_fee is not None, what="the fee")
    payment, escrow = Payment.objects.get(), Escrow.objects.get()
    assert (payment.state, payment.captured, payment.method) == ("succeeded", 220_01, method.removesuffix("_3ds"))
    assert (escrow.captured, escrow.backers, escrow.raised) == (220_01, 1, 220_01)
    assert ledger.balance(f"escrow:{escrow.key}", "CNY") == 220_01
    assert ledger.balance("provider_fees", "CNY") == payment.provider_fee
    assert ledger.balance("provider:stripe", "CNY") == 220_01 - payment.provider_fee
    reward = Reward.objects.get()
    assert (reward.reserved, reward.sold) == (0, 2)
    assert OutboxEvent.objects.filter(name="funding.pledge_paid").count() == 1
    assert OutboxEvent.objects.get(name="funding.pledge_paid").payload == {
        "escrow": str(escrow.pk), "pledges": [str(result.pledge.pk)],
    }  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_payment_is_found_without_any_webhook(sandbox):
    result = place_test_pledge(open_test_escrow())
    run_all()
    assert state(result.pledge) == "reserved"
    sandbox.play(result.payment.session_id)
    Payment.objects.update(polled_at=None)
    run_all()
    assert state(result.pledge) == "paid"


@pytest.mark.django_db(transaction=True)
def test_a_decline_can_be_followed_by_a_success(sandbox, webhooks):
    result = place_test_pledge(open_test_escrow())
    sandbox.play(result.payment.session_id, outcome="decline")
    eventually(lambda: Payment.objects.get().failure_code, what="the decline")
    assert state(result.pledge) == "reserved"
    sandbox.play(result.payment.session_id)
    eventually(lambda: state(result.pledge) == "paid", what="the payment")
    assert Payment.objects.get().failure_code == ""


@pytest.mark.django_db(transaction=True)
def test_a_wallet_that_fails_later_frees_the_stock(sandbox, webhooks):
    result = place_test_pledge(open_test_escrow(rewards=[reward_terms(quantity=1, per_person_limit=1)]))
    sandbox.play(result.payment.session_id, method="alipay", outcome="fail_late", seconds=5)
    eventually(lambda: Payment.objects.get().state == "processing", what="the processing")
    advance(sandbox, seconds=10)
    eventually(lambda: state(result.pledge) == "expired", what="the failure")
    assert Payment.objects.get().state == "failed"
    assert Reward.objects.get().reserved == 0
    assert OutboxEvent.objects.filter(name="funding.payment_failed").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_twice_or_late_changes_nothing(sandbox):
    result = place_test_pledge(open_test_escrow())
    sandbox.play(result.payment.session_id)
    payment = result.payment
    paying.refresh_payment(payment_id=payment.pk)
    before = TransitionLog.objects.count(), Journal.objects.count()
    paying.refresh_payment(payment_id=payment.pk)
    for late in ("open", "expired"):
        apply_snapshot(payment_id=payment.pk, snapshot=unpaid_snapshot(payment, late, intent_status="processing"))
    apply_snapshot(
        payment_id=payment.pk,
        snapshot=unpaid_snapshot(payment, "complete", intent_status="canceled", failure_code="card_declined"),
    )
    assert (TransitionLog.objects.count(), Journal.objects.count()) == before
    assert state(result.pledge) == "paid"
    assert Escrow.objects.get().captured == payment.amount


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("wrong", [{"amount": 1}, {"currency": "USD"}, {"external_id": "cs_other"}])
def test_another_amount_currency_or_checkout_never_counts(sandbox, wrong):
    result = place_test_pledge(open_test_escrow())
    apply_snapshot(payment_id=result.payment.pk, snapshot=paid_snapshot(result.payment, **wrong))
    assert (state(result.pledge), Escrow.objects.get().captured, Journal.objects.count()) == ("reserved", 0, 0)
    assert Alert.objects.get().subject == f"payment:{result.payment.pk}"


@pytest.mark.django_db(transaction=True)
def test_backers_are_people_not_pledges(sandbox):
    escrow = open_test_escrow()
    for email in ("one@example.com", "two@example.com", "One@Example.com"):
        payment = place_test_pledge(escrow, email=email).payment
        apply_snapshot(payment_id=payment.pk, snapshot=paid_snapshot(payment))
    assert Escrow.objects.get().backers == 2
    assert sorted(Backing.objects.values_list("paid_pledges", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_a_reservation_ends_with_its_checkout(sandbox):
    result = place_test_pledge(open_test_escrow(rewards=[reward_terms(quantity=1, per_person_limit=1)]))
    advance(sandbox, minutes=44)
    run_all()
    assert state(result.pledge) == "reserved"
    advance(sandbox, minutes=2)
    run_all()
    assert (state(result.pledge), Payment.objects.get().state) == ("expired", "cancelled")
    assert Reward.objects.get().reserved == 0
    assert place_test_pledge(result.pledge.escrow, email=result.pledge.email).pledge.state == "reserved"


@pytest.mark.django_db(transaction=True)
def test_stock_stays_held_while_the_provider_does_not_answer(sandbox, settings):
    result = place_test_pledge(open_test_escrow(rewards=[reward_terms(quantity=1)]))
    advance(sandbox, minutes=46)
    settings.STRIPE_API_BASE = "http://localhost:9"
    run_all()
    assert state(result.pledge) == "reserved"
    assert Reward.objects.get().reserved == 1


@pytest.mark.django_db(transaction=True)
def test_a_success_after_the_expiry_takes_stock_again(sandbox):
    escrow = open_test_escrow(rewards=[reward_terms(quantity=1, per_person_limit=1)])
    payment = place_test_pledge(escrow).payment
    apply_snapshot(payment_id=payment.pk, snapshot=unpaid_snapshot(payment, "expired"))
    assert state(payment.pledge) == "expired"
    apply_snapshot(payment_id=payment.pk, snapshot=paid_snapshot(payment))
    assert state(payment.pledge) == "paid"
    reward = Reward.objects.get()
    assert (reward.reserved, reward.sold) == (0, 1)
    assert Escrow.objects.get().captured == payment.amount


def orphan_of(sandbox, payment: Payment) -> None:
    """Pay at the provider what can't count any more, and see it go back."""
    sandbox.play(payment.session_id)
    paying.refresh_payment(payment_id=payment.pk)
    run_all()
    payment.refresh_from_db()
    assert payment.orphan
    assert payment.captured == payment.amount
    refund = Refund.objects.get(payment=payment)
    assert (refund.reason, refund.amount, refund.state) == ("orphan", payment.amount, "succeeded")
    escrow = payment.pledge.escrow
    assert ledger.balance(f"escrow:{escrow.key}", "CNY") == escrow.captured - escrow.refunded
    assert ledger.balance(f"refund_payable:{escrow.key}", "CNY") == 0


@pytest.mark.django_db(transaction=True)
def test_paid_after_the_deadline_goes_back(sandbox):
    sandbox.top_up(1_000_00, "cny")
    escrow = open_test_escrow(deadline=clock.now() + timedelta(minutes=10))
    payment = place_test_pledge(escrow).payment
    advance(sandbox, minutes=11)
    orphan_of(sandbox, payment)
    assert Escrow.objects.get().captured == 0
    reward = Reward.objects.get()
    assert (reward.reserved, reward.sold) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_begun_before_the_deadline_and_paid_within_the_grace_counts(sandbox):
    escrow = open_test_escrow(deadline=clock.now() + timedelta(minutes=10), goal=1_00)
    payment = place_test_pledge(escrow).payment
    sandbox.play(payment.session_id, method="alipay", outcome="succeed_late", seconds=15 * 60)
    advance(sandbox, minutes=11)
    run_all()
    assert state(payment.pledge) == "reserved"
    advance(sandbox, minutes=5)
    Payment.objects.update(polled_at=None)
    run_all()
    payment.refresh_from_db()
    assert (state(payment.pledge), payment.orphan) == ("paid", False)


@pytest.mark.django_db(transaction=True)
def test_late_and_somebody_else_has_the_last_one(sandbox):
    sandbox.top_up(1_000_00, "cny")
    escrow = open_test_escrow(rewards=[reward_terms(quantity=1)])
    late = place_test_pledge(escrow).payment
    apply_snapshot(payment_id=late.pk, snapshot=unpaid_snapshot(late, "expired"))
    other = place_test_pledge(escrow).payment
    sandbox.play(other.session_id)
    paying.refresh_payment(payment_id=other.pk)
    orphan_of(sandbox, late)
    assert Escrow.objects.get().captured == other.amount
    assert Reward.objects.get().sold == 1


@pytest.mark.django_db(transaction=True)
def test_many_tellers_of_one_payment(sandbox):
    result = place_test_pledge(open_test_escrow())
    sandbox.play(result.payment.session_id)
    failures: list[Exception] = []

    def tell() -> None:
        try:
            paying.refresh_payment(payment_id=result.payment.pk)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Escrow.objects.get().captured == result.payment.amount
    assert Journal.objects.filter(kind="capture").count() == 1


@pytest.mark.django_db(transaction=True)
def test_many_payments_of_one_campaign_at_once(sandbox):
    escrow = open_test_escrow(rewards=[reward_terms(), reward_terms("mug")])
    placed = [place_test_pledge(escrow, ("lamp", 1), ("mug", 2)).payment for _ in range(16)]
    failures: list[Exception] = []

    def pay(payment: Payment) -> None:
        try:
            for _ in range(2):
                apply_snapshot(payment_id=payment.pk, snapshot=paid_snapshot(payment))
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=pay, args=(payment,)) for payment in placed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    escrow.refresh_from_db()
    assert (escrow.captured, escrow.backers) == (sum(payment.amount for payment in placed), 16)
    assert dict(Reward.objects.values_list("key", "sold")) == {"lamp": 16, "mug": 32}
