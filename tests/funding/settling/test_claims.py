"""What the provider could not refund: claims, the balance that was short, windows that are over."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from cms.core import clock
from cms.core.errors import NotAllowed, Refusal
from cms.users.models import AuditLog, User
from funding import ledger
from funding.exceptions import ClaimNotOpen, ReasonRequired
from funding.gateways.base import BalanceSnapshot, RefundSnapshot
from funding.models import Escrow, GatewayCommand, Payment, Refund, RefundClaim
from funding.services import (
    alerting,
    claiming,
    closing,
    commanding,
    covering,
    polling,
    refund_answers,
    refunding,
    settling,
)
from funding.services.refund_calls import command_key
from tests.factories.scripted import ScriptedGateway, paid_pledge, pay, reserved_pledge
from tests.funding.settling.conftest import person

pytestmark = pytest.mark.django_db


def ask(payment: Payment, amount: int, actor: User) -> Refund:
    return refunding.finance_refund(pledge_id=payment.pledge_id, amount=amount, reason="A kindness.", actor=actor)


def payable(escrow: Escrow) -> int:
    return ledger.balance(f"refund_payable:{escrow.key}", "CNY")


@pytest.fixture
def alerts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What finance was told: code and subject."""
    told: list[tuple[str, str]] = []

    def alert(*, code: str, subject: str, **_more: Any) -> None:
        told.append((code, subject))

    monkeypatch.setattr(alerting, "alert", alert)
    return told


@pytest.fixture
def blocked(escrow: Escrow, creator: User, gateway: ScriptedGateway) -> Escrow:
    """A campaign that was called off; one of its two refunds was refused."""
    first, second = paid_pledge(escrow, extra=10_00), paid_pledge(escrow, extra=20_00, rewards={"lamp": 1})
    gateway.refund_status = {second.pk: "refused"}
    closing.cancel_escrow(escrow_id=escrow.pk, actor=creator, reason="The kiln broke.")
    settling.settle_due()
    commanding.sweep_commands()
    settling.settle_due()
    escrow.refresh_from_db()
    assert first.refunds.get().state == "succeeded"
    return escrow


def test_a_refusal_blocks_the_run_with_a_claim_and_holds_the_money_for_the_backer(blocked: Escrow) -> None:
    claim = RefundClaim.objects.get()
    assert (blocked.state, blocked.raised, payable(blocked)) == ("refund_blocked", 0, 120_00)
    assert (claim.state, claim.code, claim.refund.state) == ("open", "charge_not_refundable", "requested")
    assert claim.refund.payment.pledge.state == "refund_pending"
    assert [(one.amount, one.claim_id) for one in claiming.unrefunded(escrow_id=blocked.pk)] == [(120_00, claim.pk)]


def test_finance_pays_a_claim_by_bank_and_the_run_ends(
    blocked: Escrow, finance: User, sweep: Callable[[], None]
) -> None:
    claim = RefundClaim.objects.get()
    with pytest.raises(ReasonRequired):
        claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof=" ")
    with pytest.raises(NotAllowed):
        claiming.pay_by_bank(claim_id=claim.pk, actor=person("Admins"), proof="X1")
    claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof="BOC-2231", note="Account confirmed by phone.")
    claim.refresh_from_db()
    assert (claim.state, claim.resolution, claim.proof, claim.resolved_by) == ("resolved", "bank", "BOC-2231", finance)
    assert (payable(blocked), ledger.balance("bank", "CNY")) == (0, -120_00)
    pledge = claim.refund.payment.pledge
    assert (pledge.state, pledge.refunded_amount, blocked.rewards.get().sold) == ("refunded", 120_00, 0)
    sweep()
    blocked.refresh_from_db()
    assert (blocked.state, claiming.unrefunded(escrow_id=blocked.pk)) == ("refunded", [])
    assert AuditLog.objects.filter(action="claim.paid_by_bank").count() == 1
    for again in (
        lambda: claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof="BOC-2231"),
        lambda: refunding.retry_refund(refund_id=claim.refund_id, actor=finance),
    ):
        with pytest.raises(Refusal):
            again()


def test_a_claim_that_the_provider_is_asked_about_is_not_paid_by_bank_as_well(
    blocked: Escrow, finance: User, gateway: ScriptedGateway, sweep: Callable[[], None]
) -> None:
    claim = RefundClaim.objects.get()
    refunding.retry_refund(refund_id=claim.refund_id, actor=finance)
    with pytest.raises(ClaimNotOpen):
        claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof="BOC-2231")
    commanding.sweep_commands()
    claim.refresh_from_db()
    # Refused again: open again.
    assert (claim.state, claim.refund.attempt) == ("open", 3)
    gateway.refund_status.clear()
    refunding.retry_refund(refund_id=claim.refund_id, actor=finance)
    sweep()
    claim.refresh_from_db()
    blocked.refresh_from_db()
    assert (claim.state, claim.resolution, blocked.state) == ("resolved", "provider", "refunded")


@pytest.mark.django_db(transaction=True)
def test_two_people_who_pay_one_claim_pay_it_once(blocked: Escrow, finance: User, second_finance: User) -> None:
    claim = RefundClaim.objects.get()

    def pay(actor: User) -> str:
        try:
            claiming.pay_by_bank(claim_id=claim.pk, actor=actor, proof=f"by {actor.pk}")
        except ClaimNotOpen as refused:
            return refused.code
        finally:
            connection.close()
        return "paid"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(pay, [finance, second_finance])) == ["claim_not_open", "paid"]
    assert ledger.balance("bank", "CNY") == -120_00


@pytest.mark.django_db(transaction=True)
def test_two_people_who_refund_at_once_never_send_more_than_came_in(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, second_finance: User
) -> None:
    payment = paid_pledge(escrow, extra=100_00)

    def refund(actor: User) -> str:
        try:
            ask(payment, 60_00, actor)
        except Refusal as refused:
            return refused.code
        finally:
            connection.close()
        return "asked"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(refund, [finance, second_finance] * 3))
    assert answers == ["asked", *["refund_exceeds_payment"] * 5]
    commanding.sweep_commands()
    payment.refresh_from_db()
    assert (payment.refund_reserved, sum(one.amount for one in gateway.refunds.values())) == (60_00, 60_00)


def test_a_refund_that_fails_days_later_becomes_a_claim(
    escrow: Escrow, creator: User, gateway: ScriptedGateway, finance: User, later: Callable[..., None],
    sweep: Callable[[], None],
) -> None:  # fmt: skip
    paid_pledge(escrow, extra=10_00)
    closing.cancel_escrow(escrow_id=escrow.pk, actor=creator, reason="The kiln broke.")
    sweep()
    escrow.refresh_from_db()
    assert escrow.state == "refunded"
    later(days=6)
    refund = Refund.objects.get()
    word = RefundSnapshot(refund.external_id, "failed", 10_00, "CNY", failure_code="expired_or_canceled_card")
    for _ in range(2):
        refund_answers.apply_refund(refund_id=refund.pk, snapshot=word)
    claim = RefundClaim.objects.get()
    assert (claim.state, claim.code, payable(escrow)) == ("open", "expired_or_canceled_card", 10_00)
    claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof="BOC-1")
    assert payable(escrow) == 0


@pytest.mark.parametrize(("method", "days", "sent"), [
    ("alipay", 89, True), ("alipay", 91, False), ("wechat_pay", 179, True), ("wechat_pay", 181, False),
    ("card", 400, True),
])  # fmt: skip
def test_past_a_wallets_window_nothing_is_sent_and_a_claim_is_written(
    method: str, days: int, sent: bool, escrow: Escrow, gateway: ScriptedGateway, finance: User
) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    Payment.objects.filter(pk=payment.pk).update(method=method, succeeded_at=clock.now() - timedelta(days=days))
    refund = ask(payment, 40_00, finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    assert (refund.state == "succeeded", bool(gateway.refunds)) == (sent, sent)
    assert GatewayCommand.objects.exists() == sent
    if not sent:
        claim = RefundClaim.objects.get()
        assert (claim.code, refund.failure_code, payable(escrow)) == (
            "refund_window_passed", "refund_window_passed", 40_00,
        )  # fmt: skip
        claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof="BOC-1")
        payment.pledge.refresh_from_db()
        assert (payment.pledge.state, payment.pledge.refunded_amount) == ("paid", 40_00)


def test_a_run_writes_claims_for_what_is_too_old_and_refunds_the_rest(
    escrow: Escrow, creator: User, gateway: ScriptedGateway, sweep: Callable[[], None]
) -> None:
    old, fresh = paid_pledge(escrow, extra=10_00), paid_pledge(escrow, extra=20_00)
    Payment.objects.filter(pk=old.pk).update(method="alipay", succeeded_at=clock.now() - timedelta(days=91))
    closing.cancel_escrow(escrow_id=escrow.pk, actor=creator, reason="The kiln broke.")
    sweep()
    escrow.refresh_from_db()
    assert (escrow.state, fresh.refunds.get().state) == ("refund_blocked", "succeeded")
    assert [(one.amount, one.why) for one in claiming.unrefunded(escrow_id=escrow.pk)] == [
        (10_00, "refund_window_passed")
    ]


def test_an_orphan_that_cannot_be_refunded_is_a_claim(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    late = reserved_pledge(escrow, extra=30_00)
    later(days=31)
    sweep()
    gateway.refund_status = {late.pk: "refused"}
    pay(late)
    sweep()
    claim = RefundClaim.objects.get()
    assert (claim.refund.reason, claim.state, payable(escrow)) == ("orphan", "open", 30_00)
    claiming.pay_by_bank(claim_id=claim.pk, actor=finance, proof="BOC-1")
    late.pledge.refresh_from_db()
    assert (payable(escrow), late.pledge.state, late.pledge.refunded_amount) == (0, "refunded", 0)


def test_a_wallets_refund_that_the_balance_does_not_cover_goes_out_when_it_does(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, later: Callable[..., None], alerts: list[tuple[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    payment = paid_pledge(escrow, extra=100_00)
    gateway.refund_status[payment.pk], gateway.refund_code = "failed", "insufficient_funds"
    refund = ask(payment, 100_00, finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code, refund.attempt) == ("requested", "insufficient_funds", 2)
    assert (payable(escrow), RefundClaim.objects.count()) == (100_00, 0)
    assert alerts == [("refunds_wait_for_balance", "provider:stripe:CNY")]

    balance = {"CNY": 99_99}
    monkeypatch.setattr(gateway, "balance", lambda: BalanceSnapshot(balance, {}))
    assert covering.retry_short() == 0  # too soon
    later(minutes=11)
    assert covering.retry_short() == 0  # too little
    balance["CNY"] = 100_00
    gateway.refund_status.clear()
    assert covering.retry_short() == 1
    assert covering.retry_short() == 0
    commanding.sweep_commands()
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code, payable(escrow)) == ("succeeded", "", 0)


def test_a_cards_refund_waits_at_the_provider_and_finance_is_told(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, alerts: list[tuple[str, str]]
) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    gateway.refund_status[payment.pk], gateway.short = "pending", True
    refund = ask(payment, 100_00, finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code, alerts) == (
        "pending", "insufficient_funds", [("refunds_wait_for_balance", "provider:stripe:CNY")],
    )  # fmt: skip
    key = command_key(refund)
    gateway.refunds[key] = RefundSnapshot(gateway.refunds[key].external_id, "succeeded", 100_00, "CNY")
    assert polling.poll_refunds() == 1
    refund.refresh_from_db()
    assert (refund.state, refund.failure_code) == ("succeeded", "")


@pytest.mark.parametrize(("amount", "currency"), [(99_99, "CNY"), (100_01, "CNY"), (100_00, "USD")])
def test_another_sum_than_ours_is_never_posted(
    amount: int, currency: str, escrow: Escrow, gateway: ScriptedGateway, finance: User, alerts: list[tuple[str, str]]
) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    refund = ask(payment, 100_00, finance)
    for status in ("succeeded", "failed", "pending"):
        refund_answers.apply_refund(refund_id=refund.pk, snapshot=RefundSnapshot("re_1", status, amount, currency))
    refund.refresh_from_db()
    assert (refund.state, payable(escrow)) == ("requested", 100_00)
    assert {*alerts} == {("refund_differs", f"refund:{refund.pk}")}
