"""The deadline is an instant: before it counts whatever was begun, from it on nothing is taken."""

from datetime import timedelta

import pytest

from cms.core import clock
from funding.exceptions import CampaignNotOpen
from funding.models import Escrow, EscrowDecision, Pledge
from funding.services import closing, paying, pledging, settling
from tests.factories.funding import open_test_escrow, pledge_input
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.snapshots import paid_snapshot
from tests.funding.storm.timeline import provider

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def gateway(monkeypatch: pytest.MonkeyPatch) -> ScriptedGateway:
    scripted = ScriptedGateway()
    provider(monkeypatch, scripted)
    return scripted


def place(escrow: Escrow) -> Pledge:
    return pledging.place_pledge(request=pledge_input(escrow), idempotency_key="once").pledge


def stand_at(escrow: Escrow, **before: float) -> None:
    clock.set_offset(clock.offset() + (escrow.deadline - clock.now()) - timedelta(**before))


def test_begun_a_second_before_and_paid_ten_minutes_after_counts() -> None:
    escrow = open_test_escrow(goal=1_00)
    stand_at(escrow, seconds=1)
    pledge = place(escrow)
    payment = pledge.payments.get()
    begun = clock.now()
    assert begun < escrow.deadline
    stand_at(escrow, minutes=-10)
    closing.close_due()
    assert not closing.decide(escrow_id=escrow.pk)
    paying.apply_snapshot(payment_id=payment.pk, snapshot=paid_snapshot(payment, begun_at=begun))
    assert closing.decide(escrow_id=escrow.pk)
    decision = EscrowDecision.objects.get(escrow=escrow)
    assert (decision.outcome, decision.raised) == ("succeeded", payment.amount)


@pytest.mark.parametrize("closed", [False, True])
def test_begun_at_the_instant_is_refused_whether_or_not_anybody_has_closed_it(closed: bool) -> None:
    escrow = open_test_escrow()
    stand_at(escrow)
    if closed:
        assert closing.close_due() == 1
    with pytest.raises(CampaignNotOpen):
        place(escrow)
    assert not Pledge.objects.exists()


def test_closed_hours_late_it_is_decided_as_it_was_at_its_deadline() -> None:
    escrow = open_test_escrow(goal=100_00)
    paid_pledge(escrow, extra=99_99)
    stand_at(escrow, hours=-9)
    with pytest.raises(CampaignNotOpen):
        place(escrow)
    for _ in range(2):
        closing.close_due()
        closing.decide_due()
        settling.settle_due()
    decision = EscrowDecision.objects.get(escrow=escrow)
    # One minor unit short is a failure, reached exactly a success.
    assert (decision.outcome, decision.raised) == ("failed", 99_99)


def test_reached_exactly_is_reached() -> None:
    escrow = open_test_escrow(goal=100_00)
    paid_pledge(escrow, extra=100_00)
    stand_at(escrow, hours=-9)
    closing.close_due()
    assert closing.decide_due() == 1
    assert EscrowDecision.objects.get(escrow=escrow).outcome == "succeeded"
