"""Refund runs that stop anywhere and go on, settlers side by side, and what stands in the way of a release."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from cms.core.models import OutboxEvent
from cms.users.models import User
from funding import ledger, locks
from funding.models import Entry, Escrow, GatewayCommand, Journal, Refund, TransitionLog
from funding.services import claiming, commanding, refunding, settling
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.funding.settling.disputed import end

pytestmark = pytest.mark.django_db


class Killed(Exception):
    """Stands for the end of a worker."""


@pytest.fixture
def failed(escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None]) -> Escrow:
    """A campaign of seven pledges that missed its goal and is about to be refunded; one has had a part back."""
    from funding.services import closing

    for number in range(7):
        paid_pledge(escrow, email=f"b{number % 5}@example.com", extra=10_00 + number)
    refunding.refund_payment(
        payment_id=escrow.pledges.order_by("created_at")[0].payments.get().pk, amount=3_00, reason="finance", actor=None
    )
    later(days=30)
    closing.close_due()
    closing.decide_due()
    escrow.refresh_from_db()
    assert escrow.state == "refunding"
    return escrow


def the_ledger() -> list[tuple[str, str, str, int]]:
    entries = Entry.objects.values_list("journal__key", "debit__code", "credit__code", "amount")
    return sorted(entries)


def test_a_run_killed_anywhere_goes_on_and_ends_with_the_same_ledger(
    failed: Escrow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "CHUNK", 3)
    steps = ["_insert_refunds", "_calls", "_post_asked", "announce_totals"]
    real = {name: getattr(settling, name) for name in steps}
    for name in steps:

        def die(*args: object, **kwargs: object) -> None:
            raise Killed

        monkeypatch.setattr(settling, name, die)
        with pytest.raises(Killed):
            settling.refund_chunk(escrow_id=failed.pk, size=3)
        monkeypatch.setattr(settling, name, real[name])
        assert Refund.objects.filter(reason="campaign_failed").count() == 0
    assert settling.refund_chunk(escrow_id=failed.pk, size=3) == 3

    monkeypatch.setattr(settling, "_post_asked", die)
    with pytest.raises(Killed):
        settling.settle_due()
    monkeypatch.setattr(settling, "_post_asked", real["_post_asked"])
    assert Refund.objects.filter(reason="campaign_failed").count() == 3

    settling.settle_due()
    commanding.sweep_commands()
    settling.settle_due()
    failed.refresh_from_db()
    assert (failed.state, failed.captured, failed.refunded, failed.backers) == ("refunded", 70_21, 70_21, 0)
    before = the_ledger()
    settling.settle_due()
    commanding.sweep_commands()
    assert the_ledger() == before
    asked = Refund.objects.filter(reason="campaign_failed").order_by("payment_id").values_list("amount", flat=True)
    assert list(asked) == [7_00, 10_01, 10_02, 10_03, 10_04, 10_05, 10_06]
    assert ledger.balance(f"escrow:{failed.key}", "CNY") == 0
    assert ledger.balance(f"refund_payable:{failed.key}", "CNY") == 0
    assert set(failed.pledges.values_list("state", flat=True)) == {"refunded"}
    assert OutboxEvent.objects.filter(name="funding.pledge_refunded", payload__reason="campaign_failed").count() == 7


def test_a_run_takes_a_handful_of_statements_whatever_its_size(
    failed: Escrow, django_assert_max_num_queries: Callable[..., object]
) -> None:
    with django_assert_max_num_queries(40):
        assert settling.refund_chunk(escrow_id=failed.pk) == 7


@pytest.mark.django_db(transaction=True)
def test_settlers_side_by_side_refund_each_payment_once(
    escrow: Escrow, gateway: ScriptedGateway, later: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        paid_pledge(escrow, email=f"b{number % 11}@example.com", extra=1_00 + number)
    later(days=31)
    from funding.services import closing

    closing.close_due()
    closing.decide_due()
    monkeypatch.setattr(settling, "refund_chunk", lambda *, escrow_id: chunk(escrow_id=escrow_id, size=4))

    def work(_number: int) -> int:
        try:
            return settling.settle_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    commanding.sweep_commands()
    settling.settle_due()
    escrow.refresh_from_db()
    assert (escrow.state, escrow.raised, escrow.backers) == ("refunded", 0, 0)
    assert Refund.objects.count() == 30
    assert GatewayCommand.objects.filter(kind="create_refund").count() == len(gateway.refunds) == 30


chunk = settling.refund_chunk


@pytest.mark.django_db(transaction=True)
def test_a_payment_that_somebody_holds_is_refunded_by_the_next_run(
    escrow: Escrow, creator: User, gateway: ScriptedGateway
) -> None:
    from funding.services import closing

    payment = paid_pledge(escrow, extra=10_00)
    closing.cancel_escrow(escrow_id=escrow.pk, actor=creator, reason="The kiln broke.")

    def run() -> int:
        try:
            return settling.settle_escrow(escrow_id=escrow.pk)
        finally:
            connection.close()

    with transaction.atomic():
        locks.lock_payment(payment.pk)
        with ThreadPoolExecutor(1) as pool:
            pool.submit(run).result()
    assert Refund.objects.count() == 0
    escrow.refresh_from_db()
    assert escrow.state == "refunding"
    settling.settle_due()
    commanding.sweep_commands()
    settling.settle_due()
    escrow.refresh_from_db()
    assert (escrow.state, escrow.raised) == ("refunded", 0)


def test_what_could_not_be_refunded_is_listed_and_taken_up_again(
    failed: Escrow, gateway: ScriptedGateway, finance: User
) -> None:
    payments = [pledge.payments.get() for pledge in failed.pledges.order_by("created_at")]
    gateway.refund_status = {payments[1].pk: "refused", payments[2].pk: "failed"}
    settling.settle_due()
    commanding.sweep_commands()
    settling.settle_due()
    failed.refresh_from_db()
    assert (failed.state, failed.raised, failed.backers) == ("refund_blocked", 0, 0)
    assert ledger.balance(f"refund_payable:{failed.key}", "CNY") == 20_03
    blocked = [(item.amount, item.why) for item in claiming.unrefunded(escrow_id=failed.pk)]
    assert blocked == [(10_01, "charge_not_refundable"), (10_02, "charge_for_pending_refund_disputed")]
    settling.settle_due()
    assert TransitionLog.objects.filter(machine="escrow", target="refund_blocked").count() == 1

    gateway.refund_status.clear()
    for refund in Refund.objects.filter(claim__state="open"):
        refunding.retry_refund(refund_id=refund.pk, actor=finance)
    commanding.sweep_commands()
    settling.settle_due()
    failed.refresh_from_db()
    assert (failed.state, claiming.unrefunded(escrow_id=failed.pk)) == ("refunded", [])


def test_the_provider_being_down_delays_refunds_and_loses_none(
    failed: Escrow, gateway: ScriptedGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.down = True
    settling.settle_due()
    commanding.sweep_commands()
    settling.settle_due()
    failed.refresh_from_db()
    assert failed.state == "refunding"
    gateway.down = False
    GatewayCommand.objects.update(next_attempt_at=None)
    commanding.sweep_commands()
    settling.settle_due()
    failed.refresh_from_db()
    assert failed.state == "refunded"


def test_a_release_waits_for_its_hold_and_for_whatever_blocks_the_creator(
    escrow: Escrow, creator: User, gateway: ScriptedGateway, later: Callable[..., None], sweep: Callable[[], None]
) -> None:
    paid_pledge(escrow, extra=1_000_00)
    later(days=30)
    sweep()
    later(days=13, hours=23)
    sweep()
    escrow.refresh_from_db()
    assert escrow.state == "holding"
    User.objects.filter(pk=creator.pk).update(payouts_held=True)
    later(hours=2)
    sweep()
    escrow.refresh_from_db()
    assert (escrow.state, Journal.objects.filter(kind="release").count()) == ("holding", 0)
    assert OutboxEvent.objects.get(name="funding.payout_blocked").payload["blockers"] == ["payouts_held"]
    User.objects.filter(pk=creator.pk).update(payouts_held=False)
    sweep()
    escrow.refresh_from_db()
    assert escrow.state == "released"


@pytest.mark.django_db(transaction=True)
def test_releases_side_by_side_release_once(
    creator: User, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    from funding.services import closing

    escrows = [open_test_escrow(creator=creator) for _ in range(3)]
    for one in escrows:
        paid_pledge(one, extra=2_000_00)
    later(days=31)
    closing.close_due()
    closing.decide_due()
    later(days=15)

    def work(_number: int) -> int:
        try:
            return settling.settle_due() + commanding.sweep_commands()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(8)))
    assert Journal.objects.filter(kind="release").count() == 3
    assert len(gateway.transfers) == 3
    assert {*Escrow.objects.values_list("state", flat=True)} == {"released"}


def test_a_release_locks_debts_before_accounts(
    creator: User, gateway: ScriptedGateway, later: Callable[..., None]
) -> None:
    escrow = open_test_escrow(creator=creator, goal=100_00)
    paid_pledge(escrow, gateway=gateway, extra=200_00)
    end(escrow, later)
    later(days=15)
    with CaptureQueriesContext(connection) as asked:
        assert settling.release(escrow_id=escrow.pk)
    said = [query["sql"] for query in asked]
    debts = next(n for n, sql in enumerate(said) if "funding_creatordebt" in sql and "NO KEY UPDATE" in sql)
    accounts = next(n for n, sql in enumerate(said) if "UPDATE" in sql and "funding_ledgeraccount" in sql)
    assert debts < accounts
