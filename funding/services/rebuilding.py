"""Running balances and totals computed afresh from the journal, in a table of their own, and compared with the kept."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True)
class Difference:
    """A number that is kept and is not what the journal adds up to. Minor units."""

    what: str
    account: str
    currency: str
    kept: int
    summed: int

    def as_problem(self) -> dict[str, Any]:
        """For the report of a run."""
        return {
            "check": self.what, "subject": self.account, "expected": self.summed, "found": self.kept,
            "currency": self.currency,
        }  # fmt: skip


@dataclass(frozen=True)
class Rebuilt:
    """How many accounts and how many totals of escrows were computed, and which differ."""

    accounts: int
    totals: int
    differences: list[Difference]


# Every account from the entries alone, whatever is kept on it; and each escrow's totals from its journals.
_ACCOUNTS = """
CREATE TEMPORARY TABLE rebuilt_balances ON COMMIT DROP AS
SELECT a.id, a.code, a.currency, a.limited, a.debits, a.credits,
       COALESCE(d.amount, 0)::bigint AS summed_debits, COALESCE(c.amount, 0)::bigint AS summed_credits
  FROM funding_ledgeraccount a
  LEFT JOIN (SELECT debit_id AS id, SUM(amount) AS amount FROM funding_entry GROUP BY 1) d ON d.id = a.id
  LEFT JOIN (SELECT credit_id AS id, SUM(amount) AS amount FROM funding_entry GROUP BY 1) c ON c.id = a.id
"""
_DIFFERING = """
SELECT v.what, b.code, b.currency, v.kept, v.summed FROM rebuilt_balances b
 CROSS JOIN LATERAL (VALUES ('debits', b.debits, b.summed_debits), ('credits', b.credits, b.summed_credits))
       AS v (what, kept, summed)
 WHERE b.limited AND v.kept <> v.summed
UNION ALL
SELECT 'held', 'escrow:' || x.key, x.currency, x.captured - x.refunded - x.released - x.lost,
       COALESCE(b.summed_credits - b.summed_debits, 0)
  FROM funding_escrow x
  LEFT JOIN rebuilt_balances b ON b.code = 'escrow:' || x.key AND b.currency = x.currency
 WHERE x.captured - x.refunded - x.released - x.lost <> COALESCE(b.summed_credits - b.summed_debits, 0)
 ORDER BY 2, 3, 1 LIMIT 200
"""


def rebuild_balances() -> Rebuilt:
    """Compute every running balance and every escrow's total from the journal and compare them with what is kept.

    Nothing is changed: a difference is a defect for people to understand, never to be written over.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS rebuilt_balances")
        cursor.execute(_ACCOUNTS)
        cursor.execute("SELECT COUNT(*), (SELECT COUNT(*) FROM funding_escrow) FROM rebuilt_balances")
        accounts, totals = cursor.fetchone()
        cursor.execute(_DIFFERING)
        return Rebuilt(accounts, totals, [Difference(*row) for row in cursor.fetchall()])
