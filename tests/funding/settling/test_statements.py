"""Statements: filters, running balances, and files that are safe to open."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from cms.core import clock
from cms.users.models import User
from funding import ledger
from funding.documents.settlement import settlement_pdf
from funding.documents.statements import csv_lines, safe_cell, statement_csv
from funding.models import CreatorDebt, Escrow
from funding.services import commanding, owing, refunding
from funding.statements import StatementFilters, backer_statement, escrow_statement, platform_statement
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.factories.users import UserFactory
from tests.funding.settling.disputed import hear
from tests.funding.settling.test_owing import run

pytestmark = pytest.mark.django_db


def test_a_backer_sees_what_they_paid_and_got_back(
    escrow: Escrow, creator: User, gateway: ScriptedGateway, finance: User
) -> None:
    backer, other = UserFactory(), UserFactory()
    first = paid_pledge(escrow, backer=backer, extra=100_00)
    paid_pledge(open_test_escrow(creator=creator, currency="JPY", goal=10), backer=backer, extra=500)
    paid_pledge(escrow, backer=other, extra=7_00)
    refunding.finance_refund(pledge_id=first.pledge_id, amount=40_00, reason="Broken.", actor=finance)
    commanding.sweep_commands()
    rows = [(row.kind, row.incoming, row.outgoing, row.balance, row.currency) for row in backer_statement(backer)]
    assert rows == [
        ("capture", 100_00, 0, 100_00, "CNY"),
        ("capture", 500, 0, 500, "JPY"),
        ("refund_succeeded", 0, 40_00, 60_00, "CNY"),
    ]
    only = backer_statement(backer, filters=StatementFilters(escrow=escrow.key, kind="refund_succeeded"))
    assert [row.balance for row in only] == [60_00]


def test_filters_hide_lines_and_never_change_a_balance(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    paid_pledge(escrow, extra=10_00)
    later(days=2)
    paid_pledge(escrow, extra=20_00, fee=1_00)
    since = clock.now() - timedelta(days=1)
    assert [row.balance for row in escrow_statement(escrow, filters=StatementFilters(since=since))] == [30_00]
    assert [row.balance for row in escrow_statement(escrow, filters=StatementFilters(until=since))] == [10_00]
    fees = platform_statement(filters=StatementFilters(kind="provider_fee"))
    assert [(row.outgoing, row.balance) for row in fees] == [(1_00, 29_00)]
    assert [*platform_statement(filters=StatementFilters(escrow="nobody"))] == []
    expenses = platform_statement(filters=StatementFilters(account="provider_fees"))
    assert [(row.incoming, row.balance) for row in expenses] == [(1_00, 1_00)]


def test_a_creators_statement_knows_nothing_of_their_other_campaigns(
    escrow: Escrow, creator: User, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    other = open_test_escrow(creator=creator)
    paid_pledge(escrow, extra=1_000_00)
    paid_pledge(other, extra=2_000_00)
    later(days=30)
    sweep()
    later(days=14)
    sweep()
    for one in (escrow, other):
        rows = [*escrow_statement(one)]
        assert (rows[-1].kind, rows[-1].balance) == ("transfer", 0)
        assert {row.escrow for row in rows} == {one.key}


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"), ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"), ("\r=1", "'\r'=1"), ("  =1", "'  =1"), ("＝1+1", "'＝1+1"), ("　＠x", "'　＠x"),
        ("-12.30", "-12.30"), ("12", "12"), (None, ""), ("灯", "灯"), ("a=b", "a=b"), ("-12.3\n=1", "'-12.3\n'=1"),
        ("tea;=1+1", "tea;'=1+1"), ('tea; "＝1', 'tea; "\'＝1'), ("tea; cups-and-pots", "tea; cups-and-pots"),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: str | None, safe: str) -> None:
    assert safe_cell(cell) == safe


def test_a_campaign_named_like_a_formula_harms_nobody(creator: User, gateway: ScriptedGateway) -> None:
    escrow = open_test_escrow(creator=creator, names={"en": '=HYPERLINK("http://evil.example","x")'})
    paid_pledge(escrow, extra=1_00)
    text = "".join(statement_csv(escrow_statement(escrow)))
    assert "\"'=HYPERLINK(" in text
    assert ",=HYPERLINK" not in text
    assert "".join(csv_lines(["甲"], [["乙"]])) == "\ufeff甲\r\n乙\r\n"


def test_what_a_creator_owes_and_what_a_bank_took_stand_in_the_statements(
    escrow: Escrow, creator: User, gateway: ScriptedGateway, finance: User, later: Callable[..., None]
) -> None:
    """¥100 paid out and charged back; ¥40 of it made good by bank, the rest kept from the next campaign's payout."""
    backer = UserFactory()
    first = open_test_escrow(creator=creator, goal=100_00)
    payment = paid_pledge(first, gateway=gateway, backer=backer, extra=100_00)
    paid = run(first, later).amount
    told = gateway.contest(payment)
    hear(told)
    hear(gateway.say(told.external_id, "lost"))
    owing.recover(debt_id=CreatorDebt.objects.get().pk, amount=40_00, actor=finance, reference="B-7")

    def lines(one: Escrow) -> list[tuple[str, int, int, int]]:
        shown = [(row.kind, row.incoming, row.outgoing, row.balance) for row in escrow_statement(one)]
        return [row for row in shown if row[0] not in ("capture", "release")]

    assert lines(first) == [
        ("transfer", 0, paid, 0), ("dispute_lost", 0, 100_00, -100_00), ("debt_recovered", 40_00, 0, -60_00),
    ]  # fmt: skip
    second = open_test_escrow(creator=creator, goal=500_00)
    paid_pledge(second, gateway=gateway, extra=500_00)
    payout = run(second, later)
    assert lines(second) == [
        ("debt_netted", 0, 60_00, payout.amount), ("transfer", 0, payout.amount, 0),
    ]  # fmt: skip
    assert lines(first)[-1] == ("debt_netted", 60_00, 0, 0)
    pdf = settlement_pdf(first.releases.get(), language="en")
    assert pdf.startswith(b"%PDF")
    told = gateway.say(told.external_id, "won", reinstated=100_00)
    hear(told)
    assert [(row.kind, row.incoming, row.outgoing, row.balance) for row in backer_statement(backer)] == [
        ("capture", 100_00, 0, 100_00), ("dispute_lost", 0, 100_00, 0), ("dispute_lost_returned", 100_00, 0, 100_00),
    ]  # fmt: skip
    # All that is held for a creator, less all they owe: the accounts say the same.
    balances = [escrow_statement(one).balances()["CNY"] for one in (first, second)]
    assert sum(balances) == ledger.balance(f"payable:creator:{creator.pk}", "CNY") == 100_00
