"""Refunds: part, whole, too much; failing early, late and after the end."""

from collections.abc import Callable

import pytest

from cms.core.errors import NotAllowed
from cms.users.models import User
from funding import ledger
from funding.exceptions import FundsReleased, PledgeNotCancellable, ReasonRequired, RefundExceedsPayment
from funding.gateways.base import RefundSnapshot
from funding.models import Escrow, Payment, Refund
from funding.money import BadAmount
from funding.services import cancelling, closing, commanding, polling, refund_answers, refunding, settling
from funding.services.cancelling import cancel_pledge
from funding.services.refund_calls import command_key
from tests.factories.funding import open_test_escrow, reward_terms
from tests.factories.scripted import ScriptedGateway, paid_pledge, reserved_pledge

pytestmark = pytest.mark.django_db


def ask(payment: Payment, amount: int, actor: User, reason: str = "A kindness.") -> Refund:
    return refunding.finance_refund(pledge_id=payment.pledge_id, amount=amount, reason=reason, actor=actor)


def test_part_of_a_pledge_goes_back_and_the_pledge_stays_paid(
    escrow: Escrow, gateway: ScriptedGateway, finance: User
) -> None:
    payment = paid_pledge(escrow, rewards={"lamp": 1}, extra=50_00)
    refund = ask(payment, 30_00, finance)
    escrow.refresh_from_db()
    assert (escrow.captured, escrow.refunded, escrow.backers) == (150_00, 30_00, 1)
    assert ledger.balance(f"refund_payable:{escrow.key}", "CNY") == 30_00
    commanding.sweep_commands()
    refund.refresh_from_db()
    pledge = payment.pledge
    pledge.refresh_from_db()
    assert (refund.state, pledge.state, pledge.refunded_amount) == ("succeeded", "paid", 30_00)
    assert ledger.balance(f"refund_payable:{escrow.key}", "CNY") == 0
    assert escrow.rewards.get().sold == 1


def test_the_rest_ends_the_pledge_and_frees_its_stock(escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
    payment = paid_pledge(escrow, rewards={"lamp": 1}, extra=50_00)
    ask(payment, 30_00, finance)
    ask(payment, 120_00, finance)
    escrow.refresh_from_db()
    payment.pledge.refresh_from_db()
    assert (payment.pledge.state, escrow.backers, escrow.rewards.get().sold) == ("refund_pending", 0, 1)
    commanding.sweep_commands()
    payment.pledge.refresh_from_db()
    assert (payment.pledge.state, payment.pledge.refunded_amount) == ("refunded", 150_00)
    assert escrow.rewards.get().sold == 0


def test_more_than_is_left_is_refused(escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    ask(payment, 60_00, finance)
    with pytest.raises(RefundExceedsPayment) as refused:
        ask(payment, 40_01, finance)
    assert refused.value.extra["remaining"] == 40_00
    for amount in (0, -1, True, 1.5):
        with pytest.raises(BadAmount):
            ask(payment, amount, finance)
    assert Refund.objects.count() == 1


def test_dinars_go_back_in_steps_of_ten(creator: User, gateway: ScriptedGateway, finance: User) -> None:
    rewards = [reward_terms(price=70, shipping={"CN": 10})]
    payment = paid_pledge(open_test_escrow(creator=creator, currency="KWD", goal=10, rewards=rewards), extra=1_000)
    with pytest.raises(BadAmount):
        ask(payment, 995, finance)
    assert ask(payment, 990, finance).amount == 990


def test_only_finance_with_a_reason(escrow: Escrow, gateway: ScriptedGateway, finance: User, creator: User) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    with pytest.raises(NotAllowed):
        ask(payment, 1_00, creator)
    with pytest.raises(ReasonRequired):
        ask(payment, 1_00, finance, reason=" ")
    with pytest.raises(RefundExceedsPayment):
        ask(reserved_pledge(escrow, extra=1_00), 1_00, finance)


def test_a_refused_refund_puts_the_money_back_and_can_be_tried_again(
    escrow: Escrow, gateway: ScriptedGateway, finance: User
) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    gateway.refund_status[payment.pk] = "refused"
    refund = ask(payment, 100_00, finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    escrow.refresh_from_db()
    payment.refresh_from_db()
    payment.pledge.refresh_from_db()
    assert (refund.state, refund.failure_code, payment.refund_reserved) == ("failed", "charge_not_refundable", 0)
    assert (escrow.raised, escrow.backers, payment.pledge.state) == (100_00, 1, "paid")

    gateway.refund_status.clear()
    refunding.retry_refund(refund_id=refund.pk, actor=finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    payment.pledge.refresh_from_db()
    assert (refund.state, refund.attempt, payment.pledge.state) == ("succeeded", 2, "refunded")


def test_words_that_come_late_twice_or_of_an_earlier_attempt_change_nothing(
    escrow: Escrow, gateway: ScriptedGateway, finance: User
) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    gateway.refund_status[payment.pk] = "failed"
    refund = ask(payment, 100_00, finance)
    commanding.sweep_commands()
    gateway.refund_status.clear()
    refunding.retry_refund(refund_id=refund.pk, actor=finance)
    first = next(iter(gateway.refunds.values()))
    refund_answers.apply_refund(refund_id=refund.pk, snapshot=first)
    refund.refresh_from_db()
    assert refund.state == "requested"
    commanding.sweep_commands()
    refund.refresh_from_db()
    done = gateway.refunds[command_key(refund)]
    for status in ("succeeded", "pending"):
        word = RefundSnapshot(done.external_id, status, 100_00, "CNY")
        refund_answers.apply_refund(refund_id=refund.pk, snapshot=word)
    refund.refresh_from_db()
    assert refund.state == "succeeded"


def test_a_refund_that_the_bank_sends_back_stays_owed(escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    refund = ask(payment, 100_00, finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    back = RefundSnapshot(refund.external_id, "failed", 100_00, "CNY", failure_code="expired_or_canceled_card")
    refund_answers.apply_refund(refund_id=refund.pk, snapshot=back)
    refund.refresh_from_db()
    escrow.refresh_from_db()
    assert (refund.state, refund.attempt) == ("requested", 2)
    assert ledger.balance(f"refund_payable:{escrow.key}", "CNY") == 100_00
    assert (escrow.raised, escrow.backers) == (0, 0)
    commanding.sweep_commands()
    refund.refresh_from_db()
    assert refund.state == "requested"
    refunding.retry_refund(refund_id=refund.pk, actor=finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    assert (refund.state, ledger.balance(f"refund_payable:{escrow.key}", "CNY")) == ("succeeded", 0)


@pytest.mark.parametrize("part", [30_00, 100_00])
@pytest.mark.parametrize("heard", [["failed"], ["pending", "failed"], ["succeeded", "failed"], ["failed", "succeeded"]])
def test_whatever_was_heard_before_it_failed_the_end_is_one(
    heard: list[str], part: int, escrow: Escrow, gateway: ScriptedGateway, finance: User
) -> None:
    """The refund succeeded at the provider and failed there days later; its events come in any order, or are lost."""
    payment = paid_pledge(escrow, extra=100_00)
    gateway.refund_status[payment.pk] = "pending"
    refund = ask(payment, part, finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    external_id = refund.external_id
    for status in heard:
        word = RefundSnapshot(external_id, status, part, "CNY", failure_code="expired_or_canceled_card")
        refund_answers.apply_refund(refund_id=refund.pk, snapshot=word)
    refund.refresh_from_db()
    escrow.refresh_from_db()
    assert (refund.state, refund.attempt, refund.claim.state) == ("requested", 2, "open")
    assert (escrow.raised, ledger.balance(f"refund_payable:{escrow.key}", "CNY")) == (100_00 - part, part)


def test_a_refund_that_came_back_and_fails_again_is_still_owed(
    escrow: Escrow, gateway: ScriptedGateway, finance: User
) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    refund = ask(payment, 100_00, finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    back = RefundSnapshot(refund.external_id, "failed", 100_00, "CNY", failure_code="expired_or_canceled_card")
    refund_answers.apply_refund(refund_id=refund.pk, snapshot=back)
    for status in ("refused", "failed", "succeeded"):
        gateway.refund_status[payment.pk] = status
        refunding.retry_refund(refund_id=refund.pk, actor=finance)
        commanding.sweep_commands()
        escrow.refresh_from_db()
        assert (escrow.raised, escrow.backers, ledger.balance(f"escrow:{escrow.key}", "CNY")) == (0, 0, 0)
    refund.refresh_from_db()
    assert (refund.state, ledger.balance(f"refund_payable:{escrow.key}", "CNY")) == ("succeeded", 0)


def test_a_refund_by_wallet_is_pending_until_the_poller_hears_of_it(
    escrow: Escrow, gateway: ScriptedGateway, finance: User
) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    gateway.refund_status[payment.pk] = "pending"
    refund = ask(payment, 100_00, finance)
    commanding.sweep_commands()
    refund.refresh_from_db()
    assert refund.state == "pending"
    key = command_key(refund)
    gateway.refunds[key] = RefundSnapshot(gateway.refunds[key].external_id, "succeeded", 100_00, "CNY")
    assert polling.poll_refunds() == 1
    refund.refresh_from_db()
    assert refund.state == "succeeded"


def test_a_backer_may_cancel_again_when_the_refund_was_refused(escrow: Escrow, gateway: ScriptedGateway) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    gateway.refund_status[payment.pk] = "refused"
    assert cancel_pledge(pledge_id=payment.pledge_id, actor=None).state == "refund_pending"
    commanding.sweep_commands()
    gateway.refund_status.clear()
    assert cancel_pledge(pledge_id=payment.pledge_id, actor=None).state == "refund_pending"
    with pytest.raises(PledgeNotCancellable):
        cancel_pledge(pledge_id=payment.pledge_id, actor=None)
    commanding.sweep_commands()
    assert [*Refund.objects.order_by("pk").values_list("state", "amount")] == [
        ("failed", 100_00), ("succeeded", 100_00),
    ]  # fmt: skip


def test_a_backer_cancels_what_finance_has_left(escrow: Escrow, gateway: ScriptedGateway, finance: User) -> None:
    payment = paid_pledge(escrow, extra=100_00)
    ask(payment, 30_00, finance)
    commanding.sweep_commands()
    cancel_pledge(pledge_id=payment.pledge_id, actor=None)
    commanding.sweep_commands()
    payment.pledge.refresh_from_db()
    assert (payment.pledge.state, payment.pledge.refunded_amount) == ("refunded", 100_00)


def test_a_cancellation_that_the_end_overtakes_takes_nothing_back(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The backer was still allowed to when the page asked; the decision came before the refund."""
    payment = paid_pledge(escrow, extra=1_000_00)
    later(days=31)
    monkeypatch.setattr(cancelling, "why_not", lambda _pledge: {})
    closing.close_due()
    assert closing.decide(escrow_id=escrow.pk)
    with pytest.raises(PledgeNotCancellable) as refused:
        cancel_pledge(pledge_id=payment.pledge_id, actor=None)
    assert refused.value.extra["reason"] == "campaign_holding"
    escrow.refresh_from_db()
    assert (escrow.raised, Refund.objects.count()) == (1_000_00, 0)


def test_nothing_is_refunded_from_money_that_was_paid_out(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    payment = paid_pledge(escrow, extra=1_000_00)
    later(days=30)
    sweep()
    later(days=14)
    sweep()
    with pytest.raises(FundsReleased):
        ask(payment, 1_00, finance)


def test_a_refund_during_the_hold_leaves_less_to_release(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    payment = paid_pledge(escrow, extra=1_000_00)
    later(days=30)
    sweep()
    gateway.refund_status[payment.pk] = "pending"
    refund = ask(payment, 100_00, finance)
    later(days=15)
    sweep()
    escrow.refresh_from_db()
    assert escrow.state == "holding"
    key = command_key(refund)
    snapshot = RefundSnapshot(f"re_{key}", "succeeded", 100_00, "CNY")
    gateway.refunds[key] = snapshot
    refund_answers.apply_refund(refund_id=refund.pk, snapshot=snapshot)
    settling.settle_due()
    escrow.refresh_from_db()
    assert (escrow.released, escrow.releases.get().gross) == (900_00, 900_00)
