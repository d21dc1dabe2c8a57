# ruff: noqa: S608 - names come from this file, never from input
"""Which journals tell of which of the provider's movements, compared object by object in a few statements.

All movements about one object of the provider (a charge, a refund with its failure, a transfer with its reversal, a
dispute) stand against all that our journal moved on the provider's account because of it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

_NUMBER = "CASE WHEN n.attempt = '1' THEN '' ELSE ':' || n.attempt END"

# The provider's object, and the keys of the journals that it makes us post.
_KEYED = f"""
  SELECT charge_id AS subject, unnest(ARRAY['capture:' || id, 'provider_fee:' || id]) AS key
    FROM funding_payment WHERE charge_id <> '' AND captured > 0
  UNION ALL
  SELECT c.external_id, unnest(ARRAY[k.key || ':succeeded', k.key || ':returned'])
    FROM funding_gatewaycommand c CROSS JOIN LATERAL (SELECT substring(c.idempotency_key from '[0-9]+$') AS attempt) n
   CROSS JOIN LATERAL (SELECT c.subject || {_NUMBER} AS key) k
   WHERE c.kind = 'create_refund' AND c.external_id <> ''
  UNION ALL
  SELECT c.external_id, unnest(ARRAY[k.key, k.key || ':returned'])
    FROM funding_gatewaycommand c CROSS JOIN LATERAL (SELECT substring(c.idempotency_key from '[0-9]+$') AS attempt) n
   CROSS JOIN LATERAL (SELECT replace(c.subject, 'payout:', 'transfer:') || {_NUMBER} AS key) k
   WHERE c.kind = 'create_transfer' AND c.external_id <> ''
  UNION ALL
  SELECT external_id, unnest(ARRAY['dispute:' || id || ':withdrawn', 'dispute:' || id || ':fee',
                                   'dispute:' || id || ':reinstated', 'dispute:' || id || ':fee_returned'])
    FROM funding_dispute WHERE provider = %(provider)s
  UNION ALL
  SELECT subject, booked FROM funding_providermovement WHERE provider = %(provider)s AND booked <> ''
"""

TABLES = (
    f"CREATE TEMPORARY TABLE match_keyed ON COMMIT DROP AS SELECT DISTINCT subject, key FROM ({_KEYED}) k",
    """
CREATE TEMPORARY TABLE match_effect ON COMMIT DROP AS
SELECT j.key, j.occurred_at, e.currency, SUM(CASE WHEN a.id = e.debit_id THEN e.amount ELSE -e.amount END) AS amount
  FROM funding_ledgeraccount a JOIN funding_entry e ON a.id IN (e.debit_id, e.credit_id)
  JOIN funding_journal j ON j.id = e.journal_id WHERE a.code = %(account)s GROUP BY j.id, e.currency""",
    """
CREATE TEMPORARY TABLE match_object ON COMMIT DROP AS
WITH theirs AS (
  SELECT subject, currency, SUM(net) AS theirs, SUM(amount) AS gross, MAX(created_at) AS newest,
         (array_agg(type ORDER BY created_at, id))[1] AS type, COUNT(*) AS movements
    FROM funding_providermovement WHERE provider = %(provider)s GROUP BY subject, currency
), ours AS (
  SELECT k.subject, e.currency, SUM(e.amount) AS ours
    FROM match_keyed k JOIN match_effect e ON e.key = k.key GROUP BY 1, 2
), under_way AS (
  SELECT r.external_id AS subject, r.currency, -SUM(r.amount) AS amount FROM funding_refund r
   WHERE r.state IN ('submitted', 'pending') AND r.external_id <> '' GROUP BY 1, 2
)
SELECT t.*, COALESCE(o.ours, 0) AS ours, COALESCE(u.amount, 0) AS under_way,
       CASE WHEN COALESCE(o.ours, 0) = t.theirs THEN 'matched'
            WHEN u.amount IS NOT NULL AND COALESCE(o.ours, 0) + u.amount = t.theirs THEN 'in_transit'
            WHEN t.newest > %(young)s THEN 'open' ELSE 'differs' END AS state
  FROM theirs t LEFT JOIN ours o ON o.subject = t.subject AND o.currency = t.currency
  LEFT JOIN under_way u ON u.subject = t.subject AND u.currency = t.currency""",
    """
CREATE TEMPORARY TABLE match_alone ON COMMIT DROP AS
SELECT e.key, e.currency, e.amount, e.occurred_at FROM match_effect e
 WHERE e.amount <> 0 AND NOT EXISTS (
   SELECT 1 FROM match_keyed k JOIN match_object o ON o.subject = k.subject AND o.currency = e.currency
    WHERE k.key = e.key)""",
)
NAMES = ("match_alone", "match_object", "match_effect", "match_keyed")

_MARK = """
UPDATE funding_providermovement m SET state = o.state FROM match_object o
 WHERE m.provider = %(provider)s AND m.subject = o.subject AND m.currency = o.currency AND m.state <> o.state"""

_DIFFERING = """
SELECT CASE WHEN o.type IN ('charge', 'payment') AND y.captured = o.gross THEN 'fee_differs'
            WHEN o.type IN ('charge', 'payment') THEN 'charge_differs'
            WHEN o.type LIKE '%%refund%%' AND o.type NOT LIKE 'transfer%%' THEN 'refund_differs'
            WHEN o.type IN ('transfer', 'transfer_refund') THEN 'transfer_differs'
            WHEN o.type = 'adjustment' THEN 'dispute_differs'
            ELSE 'unexpected_' || left(o.type, 40) END, o.subject, o.ours, o.theirs, o.currency
  FROM match_object o LEFT JOIN funding_payment y ON y.charge_id = o.subject AND y.charge_id <> ''
 WHERE o.state = 'differs' ORDER BY o.subject LIMIT %(most)s"""

_MISSING = """
SELECT 'missing_there', key, amount, 0, currency FROM match_alone
 WHERE occurred_at <= %(young)s ORDER BY key LIMIT %(most)s"""

# What the provider's balance has to be: ours, with what one side knows of and the other has yet to hear.
_TOTALS = """
SELECT currency, SUM(amount) FROM (
  SELECT currency, amount FROM match_effect
  UNION ALL SELECT currency, theirs - ours FROM match_object WHERE state IN ('in_transit', 'open')
  UNION ALL SELECT currency, -amount FROM match_alone WHERE occurred_at > %(young)s
) parts GROUP BY currency"""


@dataclass(frozen=True)
class Matched:
    """`differences` are (code, subject, ours, theirs, currency); `expected` the balance that follows, by currency."""

    differences: list[tuple[str, str, int, int, str]]
    counts: dict[str, int]
    in_transit: dict[str, int]
    expected: dict[str, int]


def match(*, provider: str, account: str, young: datetime, alone: bool, most: int) -> Matched:
    """Compare both sides and mark the movements, in the caller's transaction. Minor units throughout.

    What happened after `young` may still be on its way to the other side and is no difference. `alone` also looks for
    journals of which the provider knows nothing; it needs all of the provider's movements. At most `most` of each.
    """
    values: dict[str, Any] = {"provider": provider, "account": account, "young": young, "most": most}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {', '.join(NAMES)}")
        for statement in TABLES:
            cursor.execute(statement, values)
        cursor.execute(_MARK, values)
        cursor.execute(_DIFFERING, values)
        differences = cursor.fetchall()
        if alone:
            cursor.execute(_MISSING, values)
            differences += cursor.fetchall()
        cursor.execute("SELECT state, SUM(movements) FROM match_object GROUP BY state")
        counts = {state: int(count) for state, count in cursor.fetchall()}
        cursor.execute(
            "SELECT currency, -SUM(under_way) FROM match_object WHERE state = 'in_transit' GROUP BY currency"
        )
        in_transit = {currency: int(amount) for currency, amount in cursor.fetchall()}
        cursor.execute(_TOTALS, values)
        expected = {currency: int(amount) for currency, amount in cursor.fetchall()}
        cursor.execute(f"DROP TABLE {', '.join(NAMES)}")
    rows = [(code, subject, int(ours), int(theirs), currency) for code, subject, ours, theirs, currency in differences]
    return Matched(rows, counts, in_transit, expected)
