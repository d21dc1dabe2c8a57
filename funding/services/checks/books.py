# ruff: noqa: S608 - names come from tables of this package, never from input
"""The ledger by itself, and against what the rows of every subject say about it."""

from collections.abc import Sequence

from funding.services.checks.base import Check, Subject

ALONE = (
    Check(
        "running_sums",
        "SELECT COUNT(*) FROM funding_ledgeraccount WHERE limited",
        """SELECT 'account:' || code || ' ' || currency, sum_credits - sum_debits, credits - debits FROM audit_summed
            WHERE limited AND (debits <> sum_debits OR credits <> sum_credits)""",
    ),
    Check(
        "carried_sums",
        "SELECT COUNT(*) FROM funding_ledgeraccount WHERE NOT limited",
        """SELECT 'account:' || a.code || ' ' || a.currency, COALESCE(s.credits - s.debits, 0), a.credits - a.debits
             FROM funding_ledgeraccount a LEFT JOIN (
               SELECT account, SUM(debit) AS debits, SUM(credit) AS credits FROM funding_entry e
                CROSS JOIN LATERAL (VALUES (e.debit_id, e.amount, 0), (e.credit_id, 0, e.amount))
                      AS side (account, debit, credit)
                WHERE e.id <= (SELECT carried_to FROM funding_sealmark) GROUP BY account
             ) s ON s.account = a.id
            WHERE NOT a.limited AND (a.debits <> COALESCE(s.debits, 0) OR a.credits <> COALESCE(s.credits, 0))""",
    ),
    Check(
        "never_negative",
        "SELECT COUNT(*) FROM funding_ledgeraccount WHERE limited",
        """SELECT 'account:' || code || ' ' || currency, 0, sum_credits - sum_debits FROM audit_summed
            WHERE limited AND (sum_credits < sum_debits OR credits < debits)""",
    ),
    Check(
        "identity",
        "SELECT COUNT(*) FROM funding_entry",
        """SELECT currency, SUM(sum_debits - sum_credits) FILTER (WHERE kind IN ('asset', 'expense')),
                  SUM(sum_credits - sum_debits) FILTER (WHERE kind NOT IN ('asset', 'expense'))
             FROM audit_summed GROUP BY currency HAVING SUM(sum_debits) <> SUM(sum_credits)
           UNION ALL
           SELECT 'entry:' || e.id || ' ' || e.currency, 0, 1 FROM funding_entry e
             JOIN funding_ledgeraccount d ON d.id = e.debit_id
             JOIN funding_ledgeraccount c ON c.id = e.credit_id
            WHERE e.currency <> d.currency OR e.currency <> c.currency""",
    ),
)


def against(subjects: Sequence[Subject]) -> tuple[Check, ...]:
    """Every balance and every journal, from what the subjects' rows say."""
    return (_balances(subjects), _have_journals(subjects), _have_rows(subjects))


def _union(parts: Sequence[str]) -> str:
    return "\n UNION ALL ".join(parts)


def _balances(subjects: Sequence[Subject]) -> Check:
    moves = _union([move for subject in subjects for move in subject.moves])
    return Check(
        "balances_from_business_rows",
        "SELECT COUNT(*) FROM funding_ledgeraccount",
        f"""
WITH derived (code, currency, amount) AS ({moves}), expected AS (
  SELECT code, currency, SUM(amount) AS balance FROM derived GROUP BY code, currency
), actual AS (
  SELECT code, currency, CASE WHEN kind IN ('asset', 'expense') THEN sum_debits - sum_credits
                              ELSE sum_credits - sum_debits END AS balance FROM audit_summed
)
SELECT 'account:' || COALESCE(a.code, e.code) || ' ' || COALESCE(a.currency, e.currency),
       COALESCE(e.balance, 0), COALESCE(a.balance, 0)
  FROM actual a FULL JOIN expected e ON e.code = a.code AND e.currency = a.currency
 WHERE COALESCE(a.balance, 0) <> COALESCE(e.balance, 0)""",
    )


def _have_journals(subjects: Sequence[Subject]) -> Check:
    required = _union([key for subject in subjects for key in subject.required])
    return Check(
        "business_rows_have_journals",
        f"WITH required (key, amount) AS ({required}) SELECT COUNT(*) FROM required",
        f"""
WITH required (key, amount) AS ({required})
SELECT 'journal:' || r.key, r.amount, COALESCE(p.amount, 0) FROM required r LEFT JOIN audit_posted p ON p.key = r.key
 WHERE p.key IS NULL OR p.amount <> r.amount""",
    )


def _have_rows(subjects: Sequence[Subject]) -> Check:
    required = [f"SELECT key FROM ({key}) AS r (key, amount)" for subject in subjects for key in subject.required]
    allowed = _union([*required, *(key for subject in subjects for key in subject.allowed)])
    return Check(
        "journals_have_business_rows",
        "SELECT COUNT(*) FROM funding_journal",
        f"""
WITH allowed (key) AS ({allowed})
SELECT 'journal:' || p.key, 0, p.amount FROM audit_posted p LEFT JOIN allowed a ON a.key = p.key WHERE a.key IS NULL""",
    )
