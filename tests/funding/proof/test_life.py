"""A whole campaign's life verifies from outside: pledges, a refund, the split, the payout."""

import io
import json

import pytest

import verify_ledger
from funding.models import Payment
from funding.services import proving, refunding, remitting, treasury
from funding.services.auditing import audit_ledger
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import paid_pledge, pay, reserved_pledge
from tests.funding.amending.conftest import change, paid, pay_difference, rewards
from tests.funding.settling.conftest import creator, escrow, finance, gateway, later, second_finance, sweep
from tests.funding.settling.disputed import hear

__all__ = ["creator", "escrow", "finance", "gateway", "later", "second_finance", "sweep"]
pytestmark = pytest.mark.django_db


def verified(chain: str, **options: bool) -> tuple[verify_ledger.Ledger, list[dict]]:
    end = proving.chain_end(chain)
    text = "".join(proving.lines(chain=chain, upto=end.seq))
    ledger = verify_ledger.Ledger(**options)
    for raw in io.BytesIO(text.encode()):
        ledger.add(raw)
    return ledger, [json.loads(line) for line in text.splitlines()]


def test_from_the_first_pledge_to_the_payout(escrow, gateway, finance, later, sweep):
    paid_pledge(escrow, extra=1_000_00, rewards={"lamp": 1}, fee=32_00, gateway=gateway)
    second = paid_pledge(escrow, extra=200_00, fee=6_00, gateway=gateway)
    refunding.finance_refund(pledge_id=second.pledge_id, amount=50_00, reason="A kindness.", actor=finance)
    later(days=30)
    sweep()
    later(days=14)
    sweep()
    escrow.refresh_from_db()
    assert escrow.state == "released"
    ledger, lines = verified(escrow.key)
    assert (ledger.raised, ledger.captured) == (escrow.raised, escrow.captured)
    assert (ledger.released, ledger.held) == (escrow.released, 0)
    sums = proving.money_sums(escrow, end=proving.chain_end(escrow.key))
    assert sums.held + sums.fee + sums.fund + sums.tax + sums.creator == sums.raised == escrow.raised
    assert sums.paid == sums.creator
    payee = {line["credit"] for line in lines if line["credit"].startswith("payable:")}
    assert payee == {line["debit"] for line in lines if line["kind"] == "transfer"}
    assert f"payable:creator:{escrow.creator_id}" not in payee
    assert audit_ledger().ok


def test_amendments_disputes_a_refund_after_the_payout_and_the_platforms_own(
    creator, gateway, finance, second_finance, later, sweep
):
    escrow = open_test_escrow(creator=creator, rewards=rewards(), goal=100_00)
    dearer = paid(escrow, key="dearer", email="dearer@example.com")
    cheaper = paid(escrow, ("big", 1), key="cheaper", email="cheaper@example.com")
    pay_difference(change(dearer, ("big", 1), extra=3_00))
    change(cheaper, ("lamp", 1))
    for number in range(3):
        email = f"other{number}@example.com"
        paid_pledge(escrow, extra=1_000_00 + number, fee=10_00, gateway=gateway, email=email)
    early, late = Payment.objects.order_by("-pk")[:2]
    # Lost before the release, and one that is won.
    for outcome, payment in (("lost", early), ("won", late)):
        told = gateway.contest(payment, fee=15_00)
        hear(told)
        moved = {"reinstated": payment.captured} if outcome == "won" else {}
        hear(gateway.say(told.external_id, outcome, **moved))
    lazy = reserved_pledge(escrow, extra=70_00, email="lazy@example.com")
    treasury.put_float_in(currency="CNY", amount=2_000_00, reason="Fees.", reference="B-1", actor=finance)
    for days in (31, 15):
        later(days=days)
        sweep()
    escrow.refresh_from_db()
    assert (escrow.state, escrow.lost) == ("released", early.amount)
    # After the payout: one charged back after all, one that came far too late and goes back.
    hear(gateway.say(gateway.contest(late, fee=15_00).external_id, "lost"))
    pay(lazy, gateway=gateway)
    sweep()
    owed = remitting.withheld()[0]
    row = remitting.propose(
        regime=owed.regime, currency="CNY", amount=owed.owed, reference="T-1", reason="November", actor=finance
    )
    remitting.confirm(remittance_id=row.pk, actor=second_finance)

    ledger, lines = verified(escrow.key)
    escrow.refresh_from_db()
    assert (ledger.raised, ledger.captured, ledger.lost) == (escrow.raised, escrow.captured, escrow.lost)
    assert (ledger.released, ledger.held) == (escrow.released, 0)
    kinds = {line["kind"] for line in lines}
    assert {"capture", "refund_asked", "refund_succeeded", "release", "transfer"} < kinds
    assert {"dispute_withdrawn", "dispute_fee", "dispute_lost", "dispute_reinstated"} < kinds
    about_people = [line for line in lines if line["kind"].startswith(("capture", "refund", "dispute"))]
    assert all(line["party"] for line in about_people)
    order = [line["kind"] for line in lines]
    assert order.index("transfer") < max(i for i, kind in enumerate(order) if kind == "refund_succeeded")
    # Of the dearer pledge two payments came in, under one name.
    captures = {line["journal"]: line["party"] for line in lines if line["kind"] == "capture"}
    assert len(captures) == len(set(captures.values())) + 1

    platform, own = verified("platform", platform=True)
    assert {"float", "tax_remitted"} <= {line["kind"] for line in own}
    assert {line["party"] for line in own} == {None}
    assert platform.key is None
    with pytest.raises(verify_ledger.Wrong, match="tax_withheld"):
        verified("platform")
    assert audit_ledger().ok
