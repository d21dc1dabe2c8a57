"""Running balances computed afresh from the entries, in a table of their own, and compared with the kept ones."""

from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True)
class Difference:
    """An account whose kept sums are not those of its entries. Minor units."""

    account: str
    kept: tuple[int, int]
    summed: tuple[int, int]


def rebuild_balances() -> tuple[int, list[Difference]]:
    """How many limited accounts were summed, and those that differ. Nothing is changed: a difference is a defect."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS rebuilt_balances")
        cursor.execute(
            "CREATE TEMPORARY TABLE rebuilt_balances ON COMMIT DROP AS "
            "SELECT a.id, a.code || ' ' || a.currency AS account, a.debits, a.credits,"
            " COALESCE((SELECT SUM(amount) FROM funding_entry WHERE debit_id = a.id), 0)::bigint AS summed_debits,"
            " COALESCE((SELECT SUM(amount) FROM funding_entry WHERE credit_id = a.id), 0)::bigint AS summed_credits"
            " FROM funding_ledgeraccount a WHERE a.limited"
        )
        cursor.execute("SELECT COUNT(*) FROM rebuilt_balances")
        counted = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT account, debits, credits, summed_debits, summed_credits FROM rebuilt_balances"
            " WHERE debits <> summed_debits OR credits <> summed_credits ORDER BY account"
        )
        return counted, [Difference(row[0], (row[1], row[2]), (row[3], row[4])) for row in cursor.fetchall()]
