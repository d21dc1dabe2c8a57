"""The deadline, the decision, and what people may do before it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from cms.core.errors import NotAllowed
from cms.core.models import OutboxEvent
from cms.users.models import User
from funding.exceptions import IllegalTransition, ReasonRequired
from funding.models import Escrow, EscrowDecision, GatewayCommand, TransitionLog
from funding.services import closing, commanding, settling
from tests.factories.scripted import ScriptedGateway, paid_pledge, pay, reserved_pledge
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


def test_nothing_closes_before_its_deadline(escrow: Escrow, later: Callable[..., None]) -> None:
    later(days=29, hours=23)
    assert closing.close_due() == 0
    later(hours=1)
    assert closing.close_due() == 1
    assert closing.close_due() == 0
    escrow.refresh_from_db()
    assert escrow.state == "closing"


def test_a_payment_begun_in_time_is_waited_for_and_counts(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    paid_pledge(escrow, extra=999_00)
    later(days=30, seconds=-60)
    late = reserved_pledge(escrow, extra=1_00)
    late.begun_at = late.created_at
    later(seconds=61)
    closing.close_due()
    assert not closing.decide(escrow_id=escrow.pk)
    type(late).objects.filter(pk=late.pk).update(begun_at=late.created_at)
    pay(late)
    assert closing.decide(escrow_id=escrow.pk)
    assert EscrowDecision.objects.get(escrow=escrow).outcome == "succeeded"


def test_the_grace_ends_the_waiting_and_a_later_success_goes_back(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    paid_pledge(escrow, extra=1_000_00)
    late = reserved_pledge(escrow, extra=5_00, rewards={"lamp": 1})
    type(late).objects.filter(pk=late.pk).update(begun_at=late.created_at, state="submitting")
    later(days=30)
    closing.close_due()
    assert not closing.decide(escrow_id=escrow.pk)
    later(minutes=29)
    assert not closing.decide(escrow_id=escrow.pk)
    later(minutes=2)
    assert closing.decide(escrow_id=escrow.pk)
    pay(late)
    sweep()
    late.refresh_from_db()
    assert late.orphan
    assert late.refunds.get().state == "succeeded"
    assert late.pledge.state == "refunded"
    escrow.refresh_from_db()
    assert (escrow.captured, escrow.refunded, escrow.state) == (1_000_00, 0, "holding")


def test_open_checkouts_are_asked_to_end_and_stock_waits_for_the_answer(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    payment = reserved_pledge(escrow, rewards={"lamp": 2})
    later(days=30)
    closing.close_due()
    reward = escrow.rewards.get()
    assert reward.reserved == 2
    assert GatewayCommand.objects.get(kind="expire_checkout").subject == f"payment:{payment.pk}"
    commanding.sweep_commands()
    reward.refresh_from_db()
    assert (reward.reserved, gateway.ended) == (0, [payment.session_id])
    assert closing.decide(escrow_id=escrow.pk)


@pytest.mark.django_db(transaction=True)
def test_two_workers_hours_late_write_one_decision(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    paid_pledge(escrow, extra=1_000_00)
    later(days=31)

    def work(_number: int) -> int:
        try:
            return closing.close_due() + closing.decide_due() + settling.settle_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    assert EscrowDecision.objects.count() == 1
    states = TransitionLog.objects.filter(machine="escrow").order_by("sequence").values_list("target", flat=True)
    assert list(states) == ["open", "closing", "succeeded", "holding"]
    assert OutboxEvent.objects.filter(name="funding.escrow_decided").count() == 1


def test_holding_needs_finance_and_a_reason_and_does_not_move_the_deadline(escrow: Escrow, finance: User) -> None:
    with pytest.raises(NotAllowed):
        closing.hold_escrow(escrow_id=escrow.pk, actor=escrow.creator, reason="tired")
    with pytest.raises(ReasonRequired):
        closing.hold_escrow(escrow_id=escrow.pk, actor=finance, reason="  ")
    closing.hold_escrow(escrow_id=escrow.pk, actor=finance, reason="A complaint is looked into.")
    held = Escrow.objects.get(pk=escrow.pk)
    assert (held.state, held.reason("en"), held.deadline) == ("on_hold", "A complaint is looked into.", escrow.deadline)
    closing.resume_escrow(escrow_id=escrow.pk, actor=finance, reason="It was unfounded.")
    closing.hold_escrow(escrow_id=escrow.pk, actor=finance, reason="Another one.")
    assert OutboxEvent.objects.filter(name="funding.escrow_state").count() == 3


def test_a_reason_is_read_in_ones_language_or_labelled(escrow: Escrow, finance: User) -> None:
    both = {"en": "A complaint.", "zh-hans": "有人投诉。"}
    closing.hold_escrow(escrow_id=escrow.pk, actor=finance, reason=both)
    held = Escrow.objects.get(pk=escrow.pk)
    assert (held.reason("en"), held.reason("zh-hans")) == ("A complaint.", "有人投诉。")
    closing.resume_escrow(escrow_id=escrow.pk, actor=finance, reason={"en": "", "zh-hans": "已核实。"})
    again = Escrow.objects.get(pk=escrow.pk)
    assert (again.reason("en"), again.reason("zh-hans")) == ("已核实。 (said in Simplified Chinese)", "已核实。")


def test_a_failed_campaign_was_not_called_off(escrow: Escrow, finance: User, later: Callable[..., None]) -> None:
    closing.hold_escrow(escrow_id=escrow.pk, actor=finance, reason="A complaint.")
    later(days=31)
    closing.close_due()
    closing.decide_due()
    escrow.refresh_from_db()
    assert (escrow.state, escrow.reason()) == ("refunding", "")


def test_a_creator_calls_off_their_own_campaign_and_nobody_elses(
    escrow: Escrow, gateway: ScriptedGateway, sweep: Callable[[], None]
) -> None:
    payment = paid_pledge(escrow, rewards={"lamp": 1})
    with pytest.raises(NotAllowed):
        closing.cancel_escrow(escrow_id=escrow.pk, actor=UserFactory(), reason="I can't make it.")
    closing.cancel_escrow(escrow_id=escrow.pk, actor=escrow.creator, reason="I can't make it.")
    sweep()
    escrow.refresh_from_db()
    payment.refresh_from_db()
    assert (escrow.state, escrow.raised, escrow.backers) == ("refunded", 0, 0)
    assert payment.refunds.get().reason == "campaign_cancelled"
    with pytest.raises(IllegalTransition):
        closing.cancel_escrow(escrow_id=escrow.pk, actor=escrow.creator, reason="Again.")
