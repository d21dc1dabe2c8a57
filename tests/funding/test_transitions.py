import threading

import pytest
from django.db import IntegrityError, connections, transaction

from cms.core.clock import AppNow
from funding.exceptions import IllegalTransition
from funding.models import Escrow, TransitionLog
from funding.states import ESCROW, MACHINES, EscrowState
from funding.transitions import transition
from tests.factories import UserFactory
from tests.factories.funding import open_test_escrow

pytestmark = pytest.mark.unaudited


def move(escrow: Escrow, target: str, **kwargs):
    return transition(machine=ESCROW, model=Escrow, ids=[escrow.pk], target=target, **kwargs)


@pytest.mark.django_db
def test_a_move_sets_fields_and_is_logged():
    escrow, actor = open_test_escrow(), UserFactory()
    assert move(escrow, EscrowState.ON_HOLD, actor=actor, reason="asked", state_reasons={"en": "asked"}) == [escrow.pk]
    move(escrow, EscrowState.OPEN, hold_until=AppNow())
    escrow.refresh_from_db()
    assert (escrow.state, escrow.state_reasons) == ("open", {"en": "asked"})
    assert escrow.hold_until is not None
    log = TransitionLog.objects.filter(machine="escrow", object_id=str(escrow.pk)).order_by("sequence")
    assert [(row.sequence, row.source, row.target, row.reason) for row in log] == [
        (1, "", "open", ""),
        (2, "open", "on_hold", "asked"),
        (3, "on_hold", "open", ""),
    ]
    assert log[1].actor == actor


@pytest.mark.django_db
def test_an_illegal_move_says_why_and_moves_nothing():
    escrow, other = open_test_escrow(), open_test_escrow()
    with pytest.raises(IllegalTransition) as refusal, transaction.atomic():
        transition(machine=ESCROW, model=Escrow, ids=[escrow.pk, other.pk], target=EscrowState.RELEASED)
    assert refusal.value.extra["reason"] == "escrow_is_open"
    move(escrow, EscrowState.ON_HOLD)
    with pytest.raises(IllegalTransition) as refusal, transaction.atomic():
        move(escrow, EscrowState.ON_HOLD)
    assert refusal.value.extra["state"] == "on_hold"


@pytest.mark.django_db
def test_many_move_in_two_statements_and_others_are_passed_over(django_assert_num_queries):
    escrows = [open_test_escrow() for _ in range(5)]
    move(escrows[0], EscrowState.CANCELLING)
    ids = [escrow.pk for escrow in escrows]
    with django_assert_num_queries(2):
        moved = transition(machine=ESCROW, model=Escrow, ids=ids, target=EscrowState.CLOSING, strict=False)
    assert moved == ids[1:]
    assert TransitionLog.objects.filter(target="closing").count() == 4


@pytest.mark.django_db
def test_sources_narrow_where_to_come_from():
    escrow = open_test_escrow()
    with pytest.raises(IllegalTransition), transaction.atomic():
        move(escrow, EscrowState.CLOSING, sources=[EscrowState.ON_HOLD])
    assert move(escrow, EscrowState.CLOSING, sources=[EscrowState.OPEN]) == [escrow.pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "target", [state for state in EscrowState if not ESCROW.allows("open", state) and state != "open"]
)
def test_the_database_refuses_an_edge_that_the_table_lacks(target):
    escrow = open_test_escrow()
    with pytest.raises(IntegrityError, match="can not go from open"), transaction.atomic():
        Escrow.objects.filter(pk=escrow.pk).update(state=target)


@pytest.mark.django_db
def test_the_database_refuses_to_begin_elsewhere():
    escrow = open_test_escrow()
    escrow.pk, escrow.key, escrow.state, escrow._state.adding = None, "later", EscrowState.RELEASED, True
    with pytest.raises(IntegrityError, match="can not begin as released"), transaction.atomic():
        escrow.save(force_insert=True)


@pytest.mark.django_db
def test_every_machine_is_guarded_on_its_own_table():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'funding%%edges'")
        names = {row[0] for row in cursor.fetchall()}
    assert names == {f"funding_{name}_edges" for name in MACHINES}


@pytest.mark.django_db(transaction=True)
def test_one_of_many_movers_wins():
    escrow = open_test_escrow()
    won: list[int] = []

    def work() -> None:
        try:
            with transaction.atomic():
                won.extend(transition(machine=ESCROW, model=Escrow, ids=[escrow.pk], target="closing", strict=False))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won == [escrow.pk]
    assert TransitionLog.objects.filter(target="closing").count() == 1
