"""Two people: for payouts above the limit, and before the provider's longest hold ends."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, connection, transaction

from cms.core.errors import NotAllowed, Refusal
from cms.users import roles
from cms.users.models import User
from funding import ledger
from funding.exceptions import FourEyesRequired, HoldNotDecidable, IllegalTransition, ReasonRequired
from funding.models import (
    Alert,
    CreatorDebt,
    Escrow,
    HoldDecision,
    HoldWarning,
    Payout,
    Recovery,
    Refund,
    Release,
    TransitionLog,
)
from funding.services import alerting, closing, deciding, owing, paying_out, settling
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.conftest import person

pytestmark = pytest.mark.django_db
ABOVE = 120_000_00


@pytest.fixture
def above(creator: User, gateway: ScriptedGateway, later: Callable[..., None]) -> Payout:
    """A payout that waits for two people."""
    escrow = open_test_escrow(creator=creator)
    paid_pledge(escrow, extra=ABOVE)
    later(days=30)
    closing.close_due()
    closing.decide_due()
    later(days=14)
    settling.settle_due()
    return Payout.objects.get()


@pytest.fixture
def held(creator: User, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]) -> Escrow:
    """A success in its cooling-off time."""
    escrow = open_test_escrow(creator=creator)
    paid_pledge(escrow, extra=1_000_00)
    later(days=30)
    sweep()
    escrow.refresh_from_db()
    assert escrow.state == "holding"
    return escrow


def at_once(*calls: Callable[[], object]) -> list[str]:
    def run(call: Callable[[], object]) -> str:
        try:
            call()
        except Refusal as refused:
            return refused.code
        finally:
            connection.close()
        return "yes"

    with ThreadPoolExecutor(len(calls)) as pool:
        return sorted(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
def test_one_person_in_four_windows_is_one_person(above: Payout, finance: User) -> None:
    answers = at_once(*[lambda: paying_out.approve_payout(payout_id=above.pk, actor=finance)] * 4)
    assert answers == ["four_eyes_required"] * 3 + ["yes"]
    above.refresh_from_db()
    assert (above.state, above.approvals.count()) == ("scheduled", 1)


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_approve_once(above: Payout, finance: User, second_finance: User) -> None:
    answers = at_once(
        lambda: paying_out.approve_payout(payout_id=above.pk, actor=finance),
        lambda: paying_out.approve_payout(payout_id=above.pk, actor=second_finance),
    )
    above.refresh_from_db()
    assert (answers, above.state) == (["yes", "yes"], "paid")
    assert TransitionLog.objects.filter(machine="payout", target="approved").count() == 1


def test_a_role_that_was_taken_away_takes_its_word_along(above: Payout, finance: User, second_finance: User) -> None:
    paying_out.approve_payout(payout_id=above.pk, actor=finance)
    finance.groups.remove(Group.objects.get(name=roles.FINANCE))
    assert paying_out.approve_payout(payout_id=above.pk, actor=second_finance).state == "scheduled"
    assert paying_out.approve_payout(payout_id=above.pk, actor=person(roles.FINANCE)).state == "approved"


def test_somebody_disabled_has_no_word_either(above: Payout, finance: User, second_finance: User) -> None:
    paying_out.approve_payout(payout_id=above.pk, actor=finance)
    User.objects.filter(pk=finance.pk).update(is_active=False)
    assert paying_out.approve_payout(payout_id=above.pk, actor=second_finance).state == "scheduled"


@pytest.mark.parametrize(("over", "needed"), [(0, 0), (1, 2)])
def test_the_limit_itself_needs_nobody_and_one_unit_more_needs_two(
    over: int, needed: int, creator: User, gateway: ScriptedGateway
) -> None:
    payout = Payout(amount=100_000_00 + over, currency="CNY")
    escrow = open_test_escrow(creator=creator)

    class Given:
        pass

    release = Given()
    release.escrow = escrow  # type: ignore[attr-defined]
    payout.__dict__["release"] = release
    payout._state.fields_cache["release"] = release
    assert escrow.policy["four_eyes_limit"] == 100_000_00
    assert paying_out.approvals_needed(payout) == needed


@pytest.mark.unaudited
def test_the_limit_is_judged_on_what_will_leave(creator: User, gateway: ScriptedGateway) -> None:
    """Credit of a dispute that was won after all takes a payout above the limit; an open debt takes it below."""
    escrow = open_test_escrow(creator=creator)
    parts = {"platform_fee": 0, "compensation_fund": 0, "tax": 0, "currency": "CNY"}
    release = Release.objects.create(escrow=escrow, gross=100_000_00, creator_amount=100_000_00, **parts)
    payout = Payout.objects.create(release=release, creator=creator, amount=100_000_00, currency="CNY")
    debt = {"creator": creator, "escrow": escrow, "cause": "compensation", "currency": "CNY"}
    made_good = CreatorDebt.objects.create(amount=1, recovered=1, credited=1, **debt)
    assert (owing.net_of(payout), paying_out.approvals_needed(payout)) == (100_000_01, 2)
    CreatorDebt.objects.create(amount=30_00, **debt)
    assert (owing.net_of(payout), paying_out.approvals_needed(payout)) == (99_970_01, 0)
    Recovery.objects.create(debt=made_good, payout=payout, amount=-1)
    assert owing.net_of(payout) == 99_970_00


def test_finance_is_warned_14_and_3_days_before_the_longest_hold_ends(held: Escrow, later: Callable[..., None]) -> None:
    def warned() -> list[tuple[int, str]]:
        deciding.watch_holds()
        alert = Alert.objects.filter(code="hold_ends_soon").first()
        return [(days, alert.severity if alert else "") for days in HoldWarning.objects.values_list("days", flat=True)]

    # Paid 30 days ago: 60 are left.
    later(days=45, hours=23)
    assert warned() == []
    later(hours=2)
    assert warned() == [(14, "warning")]
    alerting.settled(code="hold_ends_soon", subject=f"escrow:{held.key}", because="seen")
    assert deciding.watch_holds() == 0
    later(days=11)
    assert (deciding.watch_holds(), sorted(HoldWarning.objects.values_list("days", flat=True))) == (1, [3, 14])
    assert deciding.watch_holds() == 0


def test_two_people_refund_a_success_that_can_be_held_no_longer(
    held: Escrow, finance: User, second_finance: User, creator: User, sweep: Callable[[], None]
) -> None:
    roles.assign(creator, roles.FINANCE)
    for actor, reason, refused in (
        (creator, "x", FourEyesRequired), (person(roles.ADMIN), "x", NotAllowed), (finance, " ", ReasonRequired),
    ):  # fmt: skip
        with pytest.raises(refused):
            deciding.propose(escrow_id=held.pk, choice="refund", actor=actor, reason=reason)
    made = deciding.propose(escrow_id=held.pk, choice="refund", actor=finance, reason="The account stays closed.")
    with pytest.raises(IllegalTransition):
        deciding.propose(escrow_id=held.pk, choice="release", actor=second_finance, reason="No.")
    for actor in (finance, creator):
        with pytest.raises(FourEyesRequired):
            deciding.confirm(decision_id=made.pk, actor=actor)
    assert deciding.confirm(decision_id=made.pk, actor=second_finance).state == "confirmed"
    sweep()
    held.refresh_from_db()
    refund = Refund.objects.get()
    assert (held.state, held.reason("en")) == ("refunded", "The account stays closed.")
    assert (refund.reason, refund.state, ledger.balance(f"escrow:{held.key}", "CNY")) == ("hold_ended", "succeeded", 0)


def test_two_people_release_before_the_hold_is_over(
    held: Escrow, finance: User, second_finance: User, creator: User, sweep: Callable[[], None]
) -> None:
    User.objects.filter(pk=creator.pk).update(payouts_held=True)
    with pytest.raises(HoldNotDecidable) as refused:
        deciding.propose(escrow_id=held.pk, choice="release", actor=finance, reason="Why not.")
    assert refused.value.extra["reason"] == "payouts_held"
    User.objects.filter(pk=creator.pk).update(payouts_held=False)
    made = deciding.propose(escrow_id=held.pk, choice="release", actor=finance, reason="The limit is near.")
    deciding.confirm(decision_id=made.pk, actor=second_finance)
    sweep()
    held.refresh_from_db()
    assert (held.state, Payout.objects.get().state) == ("released", "paid")
    with pytest.raises(HoldNotDecidable):
        deciding.propose(escrow_id=held.pk, choice="refund", actor=finance, reason="Too late.")


def test_a_proposal_is_withdrawn_and_another_made(held: Escrow, finance: User, second_finance: User) -> None:
    made = deciding.propose(escrow_id=held.pk, choice="refund", actor=finance, reason="A mistake.")
    assert deciding.withdraw(decision_id=made.pk, actor=finance).state == "withdrawn"
    with pytest.raises(IllegalTransition):
        deciding.confirm(decision_id=made.pk, actor=second_finance)
    assert deciding.propose(escrow_id=held.pk, choice="release", actor=second_finance, reason="Better.").pk != made.pk


@pytest.mark.django_db(transaction=True)
def test_a_decision_confirmed_by_many_at_once_is_carried_out_once(held: Escrow, finance: User) -> None:
    made = deciding.propose(escrow_id=held.pk, choice="refund", actor=finance, reason="The account stays closed.")
    people = [person(roles.FINANCE) for _ in range(3)]
    calls = [lambda who=who: deciding.confirm(decision_id=made.pk, actor=who) for who in people]
    answers = at_once(*calls)
    assert answers.count("yes") == 1
    assert TransitionLog.objects.filter(machine="escrow", target="refunding").count() == 1


def test_the_database_itself_wants_two_people(held: Escrow, finance: User) -> None:
    made = deciding.propose(escrow_id=held.pk, choice="refund", actor=finance, reason="The account stays closed.")
    with pytest.raises(IntegrityError), transaction.atomic():
        HoldDecision.objects.filter(pk=made.pk).update(state="confirmed", decided_by=finance)
