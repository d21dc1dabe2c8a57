"""A whole campaign's life verifies from outside: pledges, a refund, the split, the payout."""

import io
import json

import pytest

import verify_ledger
from funding.services import proving, refunding
from funding.services.auditing import audit_ledger
from tests.factories.scripted import paid_pledge
from tests.funding.settling.conftest import creator, escrow, finance, gateway, later, sweep

__all__ = ["creator", "escrow", "finance", "gateway", "later", "sweep"]
pytestmark = pytest.mark.django_db


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
    end = proving.chain_end(escrow.key)
    text = "".join(proving.lines(chain=escrow.key, upto=end.seq))
    ledger = verify_ledger.Ledger()
    for raw in io.BytesIO(text.encode()):
        ledger.add(raw)
    assert (ledger.raised, ledger.captured) == (escrow.raised, escrow.captured)
    assert (ledger.released, ledger.held) == (escrow.released, 0)
    sums = proving.money_sums(escrow, end=end)
    assert sums.held + sums.fee + sums.fund + sums.tax + sums.creator == sums.raised == escrow.raised
    assert sums.paid == sums.creator
    lines = [json.loads(line) for line in text.splitlines()]
    payee = {line["credit"] for line in lines if line["credit"].startswith("payable:")}
    assert payee == {line["debit"] for line in lines if line["kind"] == "transfer"}
    assert f"payable:creator:{escrow.creator_id}" not in payee
    assert audit_ledger().ok
