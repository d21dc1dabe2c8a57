"""The audit finds what was tampered with, the reconciliation what the provider sees differently."""

import io
import json
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from funding import ledger
from funding.gateways.base import BalanceTransaction
from funding.models import Escrow, Payment
from funding.services.auditing import audit_ledger
from funding.services.rebuilding import rebuild_balances
from funding.services.reconciling import reconcile
from funding.services.treasury import positions
from tests.factories.scripted import ScriptedGateway, paid_pledge

pytestmark = pytest.mark.django_db


TAMPERINGS = {
    "an entry's amount": ("UPDATE funding_entry SET amount = amount + 1 WHERE id = (SELECT min(id) FROM funding_entry)",
                          {"running_sums", "balances_from_business_rows", "business_rows_have_journals"}),
    "a kept balance": ("UPDATE funding_ledgeraccount SET credits = credits + 1 WHERE code = 'compensation_fund'",
                       {"running_sums"}),
    "a carried sum": ("UPDATE funding_ledgeraccount SET debits = debits + 1 WHERE code = 'provider:stripe'",
                      {"carried_sums"}),
    "a refund's amount": ("UPDATE funding_refund SET amount = amount - 1",
                          {"balances_from_business_rows", "business_rows_have_journals", "escrow_totals"}),
    "a captured amount": ("UPDATE funding_payment SET captured = 0, refund_reserved = 0, state = 'failed'",
                          {"journals_have_business_rows", "escrow_totals", "pledges_and_payments"}),
    "a release's part": ("UPDATE funding_release SET platform_fee = platform_fee + 1, tax = tax - 1",
                         {"balances_from_business_rows"}),
    "a payout's state": ("UPDATE funding_payout SET state = 'scheduled'",
                         {"balances_from_business_rows", "journals_have_business_rows", "transition_log"}),
    "an escrow's total": ("UPDATE funding_escrow SET captured = captured + 1", {"escrow_totals", "closed_escrows"}),
    "the backers": ("UPDATE funding_escrow SET backers = backers + 1", {"backers"}),
    "a backing": ("UPDATE funding_backing SET paid_pledges = 7", {"backers"}),
    "a reward's stock": ("UPDATE funding_reward SET sold = sold + 1", {"stock"}),
    "a journal of nobody's": ("INSERT INTO funding_journal (key, kind, fingerprint) VALUES ('capture:99', 'x', 'x')",
                              {"journals_have_business_rows"}),
    "a journal's key": ("UPDATE funding_journal SET key = 'release:x:1' WHERE kind = 'release'",
                        {"business_rows_have_journals", "journals_have_business_rows"}),
    "money of a pledge that never counted": (
        "UPDATE funding_pledge SET state = 'expired'; UPDATE funding_transitionlog SET target = 'expired'"
        " WHERE machine = 'pledge'", {"pledges_and_payments"}),
    "a decision": ("DELETE FROM funding_escrowdecision", {"closed_escrows"}),
    "an entry's currency": ("UPDATE funding_entry SET currency = 'USD' WHERE id = (SELECT min(id) FROM funding_entry)",
                            {"identity"}),
}  # fmt: skip


@pytest.mark.parametrize("what", TAMPERINGS)
def test_tampering_is_found(what: str, settled: Escrow) -> None:
    statement, expected = TAMPERINGS[what]
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Constraints that are checked at the end of a transaction must not stand in the way of what follows.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(statement)
            assert cursor.rowcount > 0
        report = audit_ledger()
        transaction.set_rollback(True)
    assert not report.ok
    assert expected <= {problem.check for problem in report.problems}


def test_the_command_prints_what_machines_read_and_fails_when_it_should(settled: Escrow) -> None:
    out = io.StringIO()
    call_command("audit_ledger", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert (answer["ok"], answer["problems"]) == (True, [])
    assert answer["checked"]["identity"] > 0
    sid = transaction.savepoint()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE funding_ledgeraccount SET credits = credits + 5 WHERE code = 'compensation_fund'")
    out = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_ledger", "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue())["problems"][0]["check"] == "running_sums"
    with pytest.raises(SystemExit):
        call_command("rebuild_balances", stdout=io.StringIO())
    transaction.savepoint_rollback(sid)


def test_balances_computed_afresh_are_those_that_were_kept(settled: Escrow) -> None:
    rebuilt = rebuild_balances()
    assert (rebuilt.accounts > 3, rebuilt.totals, rebuilt.differences) == (True, 1, [])


def test_both_sides_agree_after_a_campaign(settled: Escrow, gateway: ScriptedGateway) -> None:
    found = reconcile()
    assert (found.ok, found.movements) == (True, 4)
    out = io.StringIO()
    call_command("reconcile", "--json", stdout=out)
    assert json.loads(out.getvalue())["ok"]


def test_fees_and_the_platforms_own_money_are_booked_once(escrow: Escrow, gateway: ScriptedGateway) -> None:
    payment = paid_pledge(escrow, extra=100_00, gateway=gateway)
    gateway.movements[0] = BalanceTransaction(
        "txn_1", "charge", 100_00, 3_20, 96_80, "CNY", payment.charge_id, payment.created_at
    )
    gateway._move("topup", 500_00, "CNY", "tu_1")
    first, second = reconcile(), reconcile()
    assert (first.ok, first.fees_booked, first.floats_booked) == (True, 1, 1)
    assert (second.ok, second.fees_booked, second.floats_booked) == (True, 0, 0)
    assert ledger.balance("provider_fees", "CNY") == 3_20
    assert ledger.balance("provider:stripe", "CNY") == 596_80
    position = positions()[0]
    assert (position.have, position.owed, position.float_) == (596_80, 100_00, 500_00)


def test_one_unit_of_difference_is_a_problem(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    payment = paid_pledge(escrow, extra=100_00, fee=3_20, gateway=gateway)
    right = gateway.movements[0]
    gateway.movements[0] = BalanceTransaction(
        "txn_1", "charge", 99_99, 3_20, 96_79, "CNY", payment.charge_id, payment.created_at
    )
    assert reconcile().waiting == 1
    later(hours=2)
    assert [problem.code for problem in reconcile().problems] == ["charge_differs", "balance_differs"]
    gateway.movements[0] = right
    assert "movement_changed" in {problem.code for problem in reconcile().problems}
    with pytest.raises(SystemExit):
        call_command("reconcile", stdout=io.StringIO())


def test_an_orphan_is_in_nobodys_escrow(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    late = paid_pledge(escrow, extra=10_00)
    later(days=31)
    sweep()
    from tests.factories.scripted import pay, reserved_pledge

    late = pay(reserved_pledge(escrow, extra=70_00))
    assert (late.orphan, ledger.balance(f"refund_payable:{escrow.key}", "CNY")) == (True, 70_00)
    assert audit_ledger().ok
    sweep()
    assert ledger.balance(f"refund_payable:{escrow.key}", "CNY") == 0
    assert Payment.objects.get(pk=late.pk).refunds.get().reason == "orphan"
