"""Many paid pledges in seconds: written by a handful of SQL statements, exactly as the services would have left them.

The audit is asked of them in the bench itself, so that what is measured is measured on a ledger that holds.
"""

from typing import Any

from django.db import connection, models, transaction

from funding import chart
from funding.models import Backing, Entry, Escrow, Journal, LedgerAccount, Payment, Pledge, Refund, TransitionLog

_FLOOD = """
CREATE TEMPORARY TABLE flood ON COMMIT DROP AS
SELECT n, gen_random_uuid() AS pledge, nextval(pg_get_serial_sequence('funding_payment', 'id')) AS payment,
       nextval(pg_get_serial_sequence('funding_refund', 'id')) AS refund, 1000 + n %% 500 AS amount,
       500 + n %% 100 AS back, encode(sha256(convert_to(%(escrow)s || ':' || n, 'UTF8')), 'hex') AS person
  FROM generate_series(1, %(count)s) AS n
"""
_STEPS = """flood CROSS JOIN (VALUES
  ('pledge', 1, '', 'reserved'), ('pledge', 2, 'reserved', 'paid'), ('payment', 1, '', 'created'),
  ('payment', 2, 'created', 'submitting'), ('payment', 3, 'submitting', 'succeeded')
) AS step (machine, sequence, source, target)"""
_REFUND_STEPS = """flood CROSS JOIN (VALUES
  (1, '', 'requested'), (2, 'requested', 'succeeded')) AS step (sequence, source, target)"""
_POSTED = """flood CROSS JOIN LATERAL (VALUES
  ('provider_fee:' || payment, 'provider_fee', %(fees)s, %(provider)s, 30),
  ('refund:' || refund, 'refund_asked', %(held)s, %(owed)s, back),
  ('refund:' || refund || ':succeeded', 'refund_succeeded', %(owed)s, %(provider)s, back)
) AS posted (key, kind, debit, credit, moved)"""
_CAPTURED = """
UPDATE funding_ledgeraccount SET credits = credits + (SELECT sum(amount) FROM flood) WHERE id = %(held)s;
UPDATE funding_escrow SET captured = captured + (SELECT sum(amount) FROM flood), backers = backers + %(count)s
 WHERE id = %(escrow)s
"""
_REFUNDED = """
UPDATE funding_ledgeraccount SET credits = credits + (SELECT sum(back) FROM flood) WHERE id = %(owed)s;
UPDATE funding_ledgeraccount SET debits = debits + (SELECT sum(back) FROM flood) WHERE id IN (%(held)s, %(owed)s);
UPDATE funding_escrow SET refunded = refunded + (SELECT sum(back) FROM flood) WHERE id = %(escrow)s
"""


def pour(escrow: Escrow, count: int, *, moved: bool = False) -> None:
    """So many pledges, each of its own person and paid; `moved`: each with its fee and a refund of a part that has
    arrived, so that it has four entries in the ledger.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        # States begin where they end: the triggers that insist on every step are passed by.
        cursor.execute("SET LOCAL session_replication_role = replica")
        numbers = {"escrow": escrow.pk, "count": count, **_accounts(escrow)}
        cursor.execute(_FLOOD, numbers)
        for model, source, values in [*_paid(escrow, moved), *(_given_back(escrow) if moved else [])]:
            _insert(cursor, model, source, values, numbers)
        cursor.execute(_CAPTURED + (f";{_REFUNDED}" if moved else ""), numbers)
    with connection.cursor() as cursor:
        # What autovacuum would do within a minute.
        cursor.execute("ANALYZE")


_Rows = list[tuple[type[models.Model], str, dict[str, str]]]


def _paid(escrow: Escrow, moved: bool) -> _Rows:
    back, fee = ("back", "30") if moved else ("0", "NULL")
    return [
        (Pledge, "flood", {
            "id": "pledge", "escrow_id": "%(escrow)s", "email": "'flood' || n || '@example.com'", "person": "person",
            "state": "'paid'", "currency": f"'{escrow.currency}'", "rewards_amount": "0", "extra_amount": "amount",
            "total": "amount", "refunded_amount": back, "reserved_until": "app_now() + interval '30 minutes'",
            "paid_at": "app_now()", "idempotency_scope": "'flood' || %(escrow)s", "idempotency_key": "n",
            "idempotency_fingerprint": "''",
        }),
        (Payment, "flood", {
            "id": "payment", "pledge_id": "pledge", "session_id": "'cs_flood' || payment",
            "intent_id": "'pi_flood' || payment", "charge_id": "'ch_flood' || payment", "method": "'card'",
            "amount": "amount", "currency": f"'{escrow.currency}'", "state": "'succeeded'", "captured": "amount",
            "refund_reserved": back, "provider_fee": fee, "succeeded_at": "app_now()",
            "expires_at": "app_now() + interval '30 minutes'",
        }),
        (TransitionLog, _STEPS, {
            "machine": "machine", "object_id": "CASE machine WHEN 'pledge' THEN pledge::text ELSE payment::text END",
            "sequence": "sequence", "source": "source", "target": "target",
        }),
        (Backing, "flood", {"escrow_id": "%(escrow)s", "person": "person", "paid_pledges": "1"}),
        (Journal, "flood", {
            "key": "'capture:' || payment", "kind": "'capture'", "fingerprint": "''", "escrow_id": "%(escrow)s",
        }),
        (Entry, "flood JOIN funding_journal j ON j.key = 'capture:' || payment", {
            "journal_id": "j.id", "debit_id": "%(provider)s", "credit_id": "%(held)s", "amount": "amount",
            "currency": f"'{escrow.currency}'",
        }),
    ]  # fmt: skip


def _given_back(escrow: Escrow) -> _Rows:
    return [
        (Refund, "flood", {
            "id": "refund", "payment_id": "payment", "amount": "back", "currency": f"'{escrow.currency}'",
            "reason": "'finance'", "state": "'succeeded'", "external_id": "'re_flood' || refund",
            "succeeded_at": "app_now()",
        }),
        (TransitionLog, _REFUND_STEPS, {
            "machine": "'refund'", "object_id": "refund", "sequence": "sequence", "source": "source",
            "target": "target",
        }),
        (Journal, _POSTED, {
            "key": "posted.key", "kind": "posted.kind", "fingerprint": "''", "escrow_id": "%(escrow)s",
        }),
        (Entry, f"{_POSTED} JOIN funding_journal j ON j.key = posted.key", {
            "journal_id": "j.id", "debit_id": "posted.debit", "credit_id": "posted.credit", "amount": "posted.moved",
            "currency": f"'{escrow.currency}'",
        }),
    ]  # fmt: skip


def _insert(
    cursor: Any, model: type[models.Model], source: str, values: dict[str, str], numbers: dict[str, Any]
) -> None:
    """Insert what `values` say in SQL; all other columns as the model has them by default."""
    numbers, values = dict(numbers), dict(values)
    for field in model._meta.concrete_fields:
        left_out = field.primary_key or field.null or field.has_db_default()
        if field.column not in values and not left_out:
            values[field.column] = f"%({field.column})s"
            numbers[field.column] = field.get_db_prep_save(field.get_default(), connection)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM {source}",
        numbers,
    )


def _accounts(escrow: Escrow) -> dict[str, int]:
    codes = {
        "provider": chart.provider(), "held": chart.escrow(escrow.key), "owed": chart.refund_payable(escrow.key),
        "fees": chart.PROVIDER_FEES,
    }  # fmt: skip
    return {name: account(code, escrow.currency) for name, code in codes.items()}


def account(code: str, currency: str) -> int:
    """The id of an account, made where it is missing."""
    kind = chart.account_type(code)
    found, _ = LedgerAccount.objects.get_or_create(
        code=code, currency=currency, defaults={"kind": kind.kind, "limited": kind.limited}
    )
    return found.pk
