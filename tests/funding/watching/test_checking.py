"""Proofs as runs: once a night, kept with what they found; what fails alarms finance and freezes payouts."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from cms.core.errors import NotAllowed
from cms.users import roles
from cms.users.models import AuditLog, User
from funding.exceptions import FourEyesRequired, IllegalTransition, PayoutBlocked, ReasonRequired
from funding.models import Alert, AuditRun, Escrow, Payout, PayoutFreeze
from funding.services import alerting, checking, freezing, paying_out
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.conftest import move_on, person

pytestmark = pytest.mark.django_db


def spoil(statement: str) -> None:
    """Do what no service and no trigger would allow."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        assert cursor.rowcount == 1, statement
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.fixture
def settled(settled: Escrow) -> Escrow:
    """A campaign that ran to its end, in the small hours after."""
    move_on(hours=3)
    return settled


@pytest.fixture
def nights(settings: Any) -> None:
    settings.LEDGER_PROOFS_NIGHTLY = True


def found(kind: str, actor: User) -> set[tuple[str, str]]:
    run = checking.ask_for(kind=kind, actor=actor)
    return {(problem["check"], problem["subject"].partition(":")[0]) for problem in run.problems}


def test_a_sound_ledger_passes_all_three(settled: Escrow, finance: User) -> None:
    for kind in ("audit", "reconcile", "rebuild"):
        run = checking.ask_for(kind=kind, actor=finance)
        assert (run.ok, run.problems, run.error) == (True, [], "")
        assert sum(run.checked.values()) > 0
        assert run.milliseconds is not None
        assert checking.latest(kind) == run
    assert not Alert.objects.filter(subject__startswith="proof:").exists()
    assert alerting.payouts_frozen() == []
    assert AuditLog.objects.filter(action__startswith="proof.").count() == 3
    with pytest.raises(NotAllowed):
        checking.ask_for(kind="audit", actor=person(roles.SUPPORT))


# One minor unit in each kind of row, and which proof names which kind of thing.
SPOILT = {
    "an entry": ("UPDATE funding_entry SET amount = amount + 1 WHERE id = (SELECT id FROM funding_entry e WHERE EXISTS"
                 " (SELECT 1 FROM funding_journal j WHERE j.id = e.journal_id AND j.kind = 'capture') LIMIT 1)",
                 {"audit": "account", "reconcile": "ch_", "rebuild": "escrow"}),
    "a kept balance": ("UPDATE funding_ledgeraccount SET credits = credits + 1 WHERE code = 'compensation_fund'",
                       {"audit": "account", "rebuild": "compensation_fund"}),
    "a payment": ("UPDATE funding_payment SET captured = captured + 1, amount = amount + 1"
                  " WHERE id = (SELECT min(id) FROM funding_payment)", {"audit": "journal"}),
    "a provider's fee": ("UPDATE funding_payment SET provider_fee = provider_fee + 1"
                         " WHERE id = (SELECT min(id) FROM funding_payment)", {"audit": "account"}),
    "a refund": ("UPDATE funding_refund SET amount = amount + 1", {"audit": "journal"}),
    "a release": ("UPDATE funding_release SET platform_fee = platform_fee + 1, creator_amount = creator_amount - 1",
                  {"audit": "account"}),
    "a payout": ("UPDATE funding_payout SET amount = amount + 1", {"audit": "journal"}),
    "an escrow's total": ("UPDATE funding_escrow SET captured = captured + 1",
                          {"audit": "escrow", "rebuild": "escrow"}),
    "a pledge": ("UPDATE funding_pledge SET refunded_amount = refunded_amount + 1 WHERE refunded_amount > 0",
                 {"audit": "pledge"}),
    "a journal of nobody's": ("INSERT INTO funding_journal (key, kind, fingerprint) VALUES ('capture:0', 'x', 'x')",
                              {"audit": "journal"}),
}  # fmt: skip


@pytest.mark.unaudited
@pytest.mark.parametrize("what", SPOILT)
def test_one_unit_in_any_row_is_named_alarms_and_freezes(what: str, settled: Escrow, finance: User) -> None:
    checking.ask_for(kind="reconcile", actor=finance)
    statement, expected = SPOILT[what]
    spoil(statement)
    for kind, subject in expected.items():
        run = checking.ask_for(kind=kind, actor=finance)
        assert run.ok is False
        assert any(problem["subject"].startswith(subject) for problem in run.problems), run.problems
        alert = Alert.objects.get(subject=f"proof:{kind}", resolved_at=None)
        assert (alert.severity, alert.data["count"]) == ("critical", len(run.problems))
        assert PayoutFreeze.objects.filter(source=kind, lifted_at=None).count() == 1
    assert alerting.payouts_frozen() == ["ledger_drift"]


def test_frozen_payouts_wait_and_go_when_a_run_is_clean(
    escrow: Escrow, gateway: ScriptedGateway, finance: User, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    paid_pledge(escrow, extra=1_000_00, rewards={"lamp": 1}, fee=32_00, gateway=gateway)
    later(days=30)
    sweep()
    spoil("UPDATE funding_ledgeraccount SET credits = credits + 1 WHERE code LIKE 'escrow:%'")
    run = checking.ask_for(kind="rebuild", actor=finance)
    assert run.problems == [
        {"check": "credits", "subject": f"escrow:{escrow.key}", "expected": run.problems[0]["expected"],
         "found": run.problems[0]["expected"] + 1, "currency": "CNY"}
    ]  # fmt: skip
    spoil("UPDATE funding_ledgeraccount SET credits = credits - 1 WHERE code LIKE 'escrow:%'")
    later(days=14)
    sweep()
    payout = Payout.objects.get()
    assert (payout.state, payout.blockers) == ("approved", ["ledger_drift"])
    with pytest.raises(PayoutBlocked):
        paying_out.retry_payout(payout_id=payout.pk, actor=finance)
    checking.ask_for(kind="rebuild", actor=finance)
    assert PayoutFreeze.objects.get().lifted_because == "clean"
    assert Alert.objects.get(code="balances_differ").resolution
    sweep()
    payout.refresh_from_db()
    assert payout.state == "paid"


def test_two_people_with_reasons_let_payouts_go_on(finance: User, second_finance: User) -> None:
    problems = [{"check": "identity", "subject": "CNY", "expected": 1, "found": 2}]
    assert freezing.freeze(source="audit", problems=problems)
    assert not freezing.freeze(source="audit", problems=problems)
    frozen = PayoutFreeze.objects.get()
    for actor, reason, error in (
        (person(roles.AUDITOR), "x", NotAllowed),
        (finance, " ", ReasonRequired),
    ):
        with pytest.raises(error):
            freezing.agree_to_lift(freeze_id=frozen.pk, actor=actor, reason=reason)
    assert not freezing.agree_to_lift(freeze_id=frozen.pk, actor=finance, reason="A known rounding.")
    with pytest.raises(FourEyesRequired):
        freezing.agree_to_lift(freeze_id=frozen.pk, actor=finance, reason="Again.")
    assert alerting.payouts_frozen() == ["ledger_drift"]
    assert freezing.agree_to_lift(freeze_id=frozen.pk, actor=second_finance, reason="I agree.")
    assert alerting.payouts_frozen() == []
    with pytest.raises(IllegalTransition):
        freezing.agree_to_lift(freeze_id=frozen.pk, actor=second_finance, reason="Late.")
    assert AuditLog.objects.filter(action__in=["freeze.agreed", "freeze.lifted"]).count() == 3
    # What both have seen freezes no more; anything else does, and needs two new people's words.
    assert not freezing.freeze(source="audit", problems=problems)
    assert freezing.freeze(source="audit", problems=[*problems, {"check": "stock"}])
    assert alerting.payouts_frozen() == ["ledger_drift"]


def test_what_was_clean_in_between_freezes_again(finance: User) -> None:
    problems = [{"check": "identity", "subject": "CNY", "expected": 1, "found": 2}]
    freezing.freeze(source="audit", problems=problems)
    freezing.agree_to_lift(freeze_id=PayoutFreeze.objects.get().pk, actor=finance, reason="One of two.")
    assert freezing.thaw(source="audit")
    assert freezing.freeze(source="audit", problems=problems)


def test_each_night_runs_once_and_the_next_again(settled: Escrow, nights: None, later: Callable[..., None]) -> None:
    assert checking.nightly() == 3
    assert checking.nightly() == 0
    later(days=1)
    assert checking.nightly() == 3
    assert AuditRun.objects.filter(by=None, ok=True).count() == 6
    assert AuditRun.objects.values("day").distinct().count() == 2


def test_a_night_whose_worker_died_is_taken_up(settled: Escrow, nights: None) -> None:
    day = (checking.clock.now() - checking.NIGHT_BEGINS).date()
    died = AuditRun.objects.create(kind="audit", day=day, lease_until=timezone.now() + checking.LEASE)
    assert checking.nightly() == 2
    AuditRun.objects.filter(pk=died.pk).update(lease_until=timezone.now())
    assert checking.nightly() == 1
    died.refresh_from_db()
    assert died.ok is True


@pytest.mark.django_db(transaction=True)
def test_many_workers_make_one_run(nights: None, gateway: ScriptedGateway) -> None:
    def work() -> None:
        try:
            checking.nightly()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(AuditRun.objects.values_list("kind", flat=True)) == ["audit", "rebuild", "reconcile"]


def test_a_proof_that_can_not_be_run_neither_holds_nor_freezes(finance: User, monkeypatch) -> None:
    def fail() -> None:
        raise RuntimeError("no answer")

    monkeypatch.setitem(checking._PROOFS, "reconcile", fail)
    run = checking.ask_for(kind="reconcile", actor=finance)
    assert (run.ok, "no answer" in run.error) == (None, True)
    assert Alert.objects.get().code == "proof_failed"
    assert alerting.payouts_frozen() == []
