"""Settlement against the local Stripe: a process of its own, over real HTTP, with its webhooks lost or heard."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from cms.core import clock
from cms.users.models import User
from funding import ledger
from funding.models import Escrow, GatewayCommand, Payment, Payout, PayoutAccount, Refund
from funding.services import onboarding, refunding, returning
from funding.services.reconciling import reconcile
from tests.factories.funding import open_test_escrow, place_test_pledge
from tests.funding.sandbox_server import Sandbox, eventually

pytestmark = pytest.mark.django_db(transaction=True)

WHERE = {"return_url": "http://localhost:8161/me/", "refresh_url": "http://localhost:8161/again/"}


@pytest.fixture
def advance(sandbox: Sandbox, sweep: Callable[[], None]) -> Callable[..., None]:
    """Move both clocks, then do what is due."""

    def move(**by: float) -> None:
        offset = clock.offset() + timedelta(**by)
        sandbox.clock(offset.total_seconds())
        clock.set_offset(offset)
        GatewayCommand.objects.update(next_attempt_at=None)
        Payment.objects.update(polled_at=None)
        sweep()

    return move


def pay(sandbox: Sandbox, escrow: Escrow, **terms: Any) -> Payment:
    """A pledge paid on the local Stripe's pay page."""
    method = terms.pop("method", "card")
    placed = place_test_pledge(escrow, **terms)
    sandbox.play(placed.payment.session_id, method=method)
    return placed.payment


def test_a_success_is_paid_out_to_an_account_that_was_onboarded(
    creator: User, sandbox: Sandbox, sweep: Callable[[], None], advance: Callable[..., None]
) -> None:
    PayoutAccount.objects.all().delete()
    assert onboarding.start_onboarding(creator=creator, kind="person", country="CN", **WHERE).startswith("http")
    account = PayoutAccount.objects.get()
    assert not account.transfers_enabled
    escrow = open_test_escrow(creator=creator, goal=100_00)
    pay(sandbox, escrow, extra=1_00)
    pay(sandbox, escrow, extra=33, method="wechat_pay")
    advance(minutes=1)
    advance(days=30)
    advance(days=14)
    escrow.refresh_from_db()
    payout = escrow.releases.get().payout
    assert (escrow.state, payout.state, payout.blockers) == ("releasing", "approved", ["transfers_disabled"])

    sandbox.onboard(account.external_id)
    sweep()
    escrow.refresh_from_db()
    payout.refresh_from_db()
    assert (escrow.state, payout.state, ledger.balance(f"escrow:{escrow.key}", "CNY")) == ("released", "paid", 0)
    transfer = sandbox.client().v1.transfers.retrieve(payout.external_id)
    assert (transfer.amount, transfer.destination) == (payout.amount, account.external_id)
    posted = [one for one in sandbox.log()["requests"] if one["method"] == "POST" and one["path"] == "/v1/transfers"]
    assert len(posted) == 1


@pytest.mark.parametrize("fault", [None, "error_after_commit", "timeout_after_commit"])
def test_a_failure_refunds_everybody_once_whatever_the_line_does(
    fault: str | None, sandbox: Sandbox, advance: Callable[..., None], settings: Any
) -> None:
    settings.STRIPE_TIMEOUT = 2
    sandbox.top_up(1_000_00, "cny")
    escrow = open_test_escrow()
    payments = [pay(sandbox, escrow, extra=n, method=m) for n, m in enumerate(["card", "alipay", "wechat_pay"])]
    advance(minutes=1)
    if fault:
        sandbox.fault(fault, path="/v1/refunds", count=2, **({"seconds": 4} if "timeout" in fault else {}))
    advance(days=30)
    for _ in range(3):
        advance(minutes=5)
    escrow.refresh_from_db()
    assert (escrow.state, escrow.raised, escrow.backers) == ("refunded", 0, 0)
    assert ledger.balance(f"escrow:{escrow.key}", "CNY") == 0
    assert ledger.balance(f"refund_payable:{escrow.key}", "CNY") == 0
    for payment in payments:
        payment.refresh_from_db()
        made = sandbox.client().v1.refunds.list({"payment_intent": payment.intent_id}).data
        assert [one.amount for one in made] == [payment.captured]


def test_refunds_are_heard_of_by_webhook(
    sandbox: Sandbox, webhooks: str, finance: User, advance: Callable[..., None]
) -> None:
    sandbox.top_up(1_000_00, "cny")
    escrow = open_test_escrow()
    payment = pay(sandbox, escrow, method="alipay")
    eventually(lambda: Payment.objects.get().state == "succeeded", what="the payment")
    refunding.finance_refund(pledge_id=payment.pledge_id, amount=10_00, reason="A kindness.", actor=finance)
    eventually(lambda: Refund.objects.get().state in ("pending", "succeeded"), what="the answer")
    sandbox.advance(5)
    eventually(lambda: Refund.objects.get().state == "succeeded", what="the wallet's word")
    assert [one["event"]["data"]["object"]["id"] for one in sandbox.webhooks("refund.updated")]


def test_losing_transfers_is_heard_of_by_webhook(creator: User, sandbox: Sandbox, webhooks: str) -> None:
    PayoutAccount.objects.all().delete()
    onboarding.start_onboarding(creator=creator, kind="person", country="CN", **WHERE)
    account = PayoutAccount.objects.get()
    sandbox.onboard(account.external_id)
    eventually(lambda: PayoutAccount.objects.get().transfers_enabled, what="the onboarding")
    sandbox.switch_account(account.external_id, transfers_enabled=False)
    eventually(lambda: not PayoutAccount.objects.get().transfers_enabled, what="the loss")


def test_reconciling_with_the_local_stripe(sandbox: Sandbox, finance: User, advance: Callable[..., None]) -> None:
    # Other tests of this process left movements there: only ours are asked for.
    begun = clock.now()
    escrow = open_test_escrow()
    payment = pay(sandbox, escrow, extra=500_00)
    advance(seconds=2)
    refunding.finance_refund(pledge_id=payment.pledge_id, amount=25_00, reason="A kindness.", actor=finance)
    advance(seconds=2)
    found = reconcile(since=begun)
    ours = {payment.intent_id, *Refund.objects.values_list("external_id", flat=True)}
    assert found.movements >= 2
    assert not [one for one in found.problems if one.subject in ours]
    assert Payment.objects.get().provider_fee is not None


def test_a_bank_returns_a_payout_and_another_bank_is_given(
    creator: User, finance: User, sandbox: Sandbox, webhooks: str, advance: Callable[..., None]
) -> None:
    PayoutAccount.objects.all().delete()
    onboarding.start_onboarding(creator=creator, kind="person", country="CN", **WHERE)
    account = PayoutAccount.objects.get()
    sandbox.onboard(account.external_id)
    sandbox.top_up(1_000_00, "cny")
    escrow = open_test_escrow(creator=creator, goal=100_00)
    pay(sandbox, escrow, extra=1_00)
    advance(minutes=1)
    advance(days=30)
    advance(days=14)
    payout = escrow.releases.get().payout
    assert payout.state == "paid"
    advance(seconds=5)
    eventually(lambda: Payout.objects.get().bank_status == "paid", what="the bank's word")
    at_bank = sandbox.client().v1.payouts.list({}, {"stripe_account": account.external_id}).data[0].id
    sandbox.return_payout(at_bank)
    eventually(lambda: Payout.objects.get().bank_status == "failed", what="the return")
    returning.take_back(payout_id=payout.pk, actor=finance, reason="The bank account is closed.")
    advance(seconds=2)
    assert (Payout.objects.get().state, Payout.objects.get().attempt) == ("scheduled", 2)
    sandbox.change_bank(account.external_id)
    eventually(lambda: PayoutAccount.objects.get().held_until is not None, what="the hold")
    advance(hours=2)
    assert Payout.objects.get().blockers == ["account_changed"]
    advance(hours=72)
    assert Payout.objects.get().state == "paid"
