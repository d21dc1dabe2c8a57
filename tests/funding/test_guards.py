"""What the database refuses by itself; dropping a constraint or trigger makes a line here fail."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from funding.guards import APPEND_ONLY, FROZEN, UNDELETABLE
from funding.models import (
    Escrow,
    GatewayCommand,
    Holding,
    Payment,
    Pledge,
    PledgeLine,
    Reward,
    RewardVariant,
    WebhookEvent,
)  # fmt: skip
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms, variant_terms

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def placed(sandbox):
    rewards = [reward_terms(quantity=2, per_person_limit=2, variants=[variant_terms("red", 2)])]
    result = place_test_pledge(open_test_escrow(rewards=rewards), ("lamp", 1, "red"), extra=1)
    WebhookEvent.objects.create(external_id="evt_1", type="x", payload={"a": 1})
    return result


REFUSED: list[tuple[type[Model], dict[str, object], str]] = [
    (Pledge, {"total": 1}, "what was agreed"),
    (Pledge, {"extra_amount": 0}, "what was agreed"),
    (Pledge, {"version": "other"}, "what was agreed"),
    (Pledge, {"state": "nowhere"}, "can not go from reserved"),
    (Pledge, {"state": "refunded"}, "can not go from reserved"),
    (Pledge, {"refunded_amount": -1}, "pledge_refund_within_total"),
    (Pledge, {"refunded_amount": 10**9}, "pledge_refund_within_total"),
    (PledgeLine, {"quantity": 2}, "what was agreed"),
    (PledgeLine, {"unit_price": 2}, "what was agreed"),
    (Payment, {"amount": 1}, "what was agreed"),
    (Payment, {"currency": "USD"}, "what was agreed"),
    (Payment, {"state": "created"}, "can not go from submitting"),
    (Payment, {"captured": 1}, "payment_captures_all_or_nothing"),
    (Payment, {"refund_reserved": 1}, "payment_never_refunds_more_than_captured"),
    (Reward, {"reserved": 3}, "reward_never_oversold"),
    (Reward, {"sold": 2}, "reward_never_oversold"),
    (Reward, {"reserved": -1}, "reserved_check"),
    (RewardVariant, {"reserved": 3}, "variant_never_oversold"),
    (Holding, {"quantity": 3}, "holding_within_limit"),
    (Escrow, {"refunded": 1}, "escrow_never_pays_more_than_it_got"),
    (Escrow, {"captured": -1}, "escrow_never_pays_more_than_it_got"),
    (GatewayCommand, {"payload": {}}, "what was agreed"),
    (GatewayCommand, {"idempotency_key": "other"}, "what was agreed"),
    (GatewayCommand, {"state": "lost"}, "command_state_known"),
    (WebhookEvent, {"payload": {}}, "what was agreed"),
    (WebhookEvent, {"external_id": "evt_2"}, "what was agreed"),
]


def test_what_no_update_may_do(placed):
    for model, change, message in REFUSED:
        with pytest.raises(DatabaseError, match=message), transaction.atomic():
            model._default_manager.update(**change)


def test_nothing_of_moneys_history_is_deleted(placed):
    tables = {model._meta.db_table for model in (Pledge, PledgeLine, Payment, GatewayCommand, WebhookEvent, Escrow)}
    assert tables <= set(UNDELETABLE)
    with connection.cursor() as cursor:
        for table in tables:
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(f"DELETE FROM {table}")
        for table in (*UNDELETABLE, *APPEND_ONLY):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                cursor.execute(f"TRUNCATE {table} CASCADE")


def test_one_pledge_a_key_and_one_payment_a_session(placed):
    for model in (Pledge, Payment):
        row = model._default_manager.get()
        row.pk, row._state.adding = None, True
        if isinstance(row, Pledge):
            import uuid

            row.pk = uuid.uuid4()
        else:
            row.state = "created"
        with pytest.raises(DatabaseError, match=r"pledge_idempotent|payment_session_unique"), transaction.atomic():
            row.save(force_insert=True)


def test_every_frozen_column_exists():
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns")
        columns = set(cursor.fetchall())
    assert {(table, column) for table, names in FROZEN.items() for column in names} <= columns
