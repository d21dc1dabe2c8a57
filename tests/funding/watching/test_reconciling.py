"""Movements are kept once, read with an overlap, booked once and matched object by object."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cms.users.models import User
from funding import ledger
from funding.models import Escrow, Journal, ProviderMovement, ReconcileCursor, Refund
from funding.services import refunding
from funding.services.reconciling import OVERLAP, reconcile
from tests.factories.scripted import ScriptedGateway, paid_pledge

pytestmark = pytest.mark.django_db


def test_movements_are_kept_once_and_the_cursor_overlaps(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None], monkeypatch
) -> None:
    asked: list[datetime | None] = []
    listed = gateway.balance_transactions
    monkeypatch.setattr(
        gateway, "balance_transactions", lambda since=None: (asked.append(since), listed(since=since))[1]
    )
    paid_pledge(escrow, extra=100_00, fee=3_00, gateway=gateway)
    assert reconcile().ok
    newest = ReconcileCursor.objects.get().read_until
    later(days=1)
    paid_pledge(escrow, extra=50_00, fee=2_00, gateway=gateway)
    found = reconcile()
    assert (found.ok, found.matched, ProviderMovement.objects.count()) == (True, 2, 2)
    assert asked == [None, newest - OVERLAP]
    assert set(ProviderMovement.objects.values_list("state", flat=True)) == {"matched"}


def test_what_one_side_alone_knows_has_an_hour(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    here = paid_pledge(escrow, extra=100_00, fee=3_00)  # the provider does not show it yet
    gateway._move("transfer", -5, "CNY", "tr_of_nobody")
    found = reconcile()
    assert (found.ok, found.waiting) == (True, 1)
    later(hours=2)
    problems = {(one.code, one.subject, one.ours, one.theirs) for one in reconcile().problems}
    assert problems == {
        ("transfer_differs", "tr_of_nobody", 0, -5),
        ("missing_there", f"capture:{here.pk}", 100_00, 0),
        ("missing_there", f"provider_fee:{here.pk}", -3_00, 0),
        ("balance_differs", "provider:stripe", 97_00, -5),
    }


def test_refunds_in_transit_failed_and_sent_back_agree(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    payment = paid_pledge(escrow, extra=100_00, fee=3_00, gateway=gateway)
    gateway.refund_status[payment.pk] = "pending"
    refunding.finance_refund(pledge_id=payment.pledge_id, amount=10_00, reason="A kindness.", actor=finance)
    sweep()
    refund = Refund.objects.get()
    gateway._move("refund", -10_00, "CNY", refund.external_id)
    later(hours=2)
    found = reconcile()
    assert (found.ok, found.in_transit) == (True, {"CNY": 10_00})
    key = next(iter(gateway.refunds))
    gateway.refunds[key] = replace(gateway.refunds[key], status="succeeded")
    sweep()
    found = reconcile()
    assert (found.ok, found.in_transit) == (True, {})
    assert ledger.balance("provider:stripe", "CNY") == 87_00


def test_the_platforms_own_money_and_charges_are_booked_once(
    gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    gateway._move("topup", 500_00, "CNY", "tu_1")
    gateway._move("payout", -200_00, "CNY", "po_1", fee=1_00)
    gateway._move("stripe_fee", -7_00, "CNY", "")
    gateway._move("payout_failure", 50_00, "CNY", "po_2")
    later(hours=2)
    for _ in range(2):
        found = reconcile()
        assert (found.ok, found.matched) == (True, 4)
    assert Journal.objects.count() == 4
    assert ledger.balance("provider:stripe", "CNY") == 500_00 - 201_00 - 7_00 + 50_00
    assert ledger.balance("bank", "CNY") == 150_00
    assert ledger.balance("float", "CNY") == 500_00
    assert ledger.balance("provider_fees", "CNY") == 8_00
    # What comes from the bank again is no new money of the owner's.
    gateway._move("topup", 150_00, "CNY", "tu_2")
    assert reconcile().ok
    assert (ledger.balance("bank", "CNY"), ledger.balance("float", "CNY")) == (0, 500_00)


def test_a_movement_between_the_two_readings_is_no_difference(
    escrow: Escrow, gateway: ScriptedGateway, monkeypatch
) -> None:
    paid_pledge(escrow, extra=100_00, fee=3_00, gateway=gateway)
    balance, late = gateway.balance, []

    def moving():
        answer = balance()
        if not late:
            late.append(gateway._move("topup", 5_00, "CNY", "tu_late"))
        return answer

    monkeypatch.setattr(gateway, "balance", moving)
    found = reconcile()
    assert (found.ok, found.matched) == (True, 2)


def test_only_since_an_instant(escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]) -> None:
    payment = paid_pledge(escrow, extra=100_00, fee=3_00)
    later(hours=2)
    assert reconcile(since=payment.created_at - timedelta(hours=1)).ok
