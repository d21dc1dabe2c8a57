# ruff: noqa: S608 - names come from the tables above, never from input
"""What the audit asks of the database. Each query returns the rows that are wrong: subject, expected, found.

What ought to be is derived from the business rows (payments, refunds, releases, payouts), never from the ledger itself.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One question: `wrong` selects (subject, expected, found), `counted` how many rows were looked at."""

    name: str
    counted: str
    wrong: str


# Refunds whose money has left the escrow, and journals that only people at the treasury make.
_ASKED = "('requested', 'submitted', 'pending', 'succeeded')"
_TREASURY = "('float', 'to_bank', 'to_provider', 'tax_remitted')"
# Pledges that hold sold stock, and those that count a backer.
_SOLD = "('paid', 'refund_pending', 'disputed', 'charged_back')"
_COUNTED = "('paid', 'disputed')"

_SUMMED = """
WITH movement AS (
  SELECT debit_id AS account_id, amount AS debit, 0::bigint AS credit FROM funding_entry
  UNION ALL SELECT credit_id, 0, amount FROM funding_entry
), summed AS (
  SELECT a.*, COALESCE(SUM(m.debit), 0) AS sum_debits, COALESCE(SUM(m.credit), 0) AS sum_credits
    FROM funding_ledgeraccount a LEFT JOIN movement m ON m.account_id = a.id GROUP BY a.id
)
"""

# One line for each way in which a business row moves an account's balance, seen from the account's own side.
_DERIVED = f"""
, due AS (
  SELECT x.key, x.creator_id, x.tax_regime, y.* FROM funding_payment y
    JOIN funding_pledge g ON g.id = y.pledge_id JOIN funding_escrow x ON x.id = g.escrow_id WHERE y.captured > 0
), back AS (
  SELECT d.key, d.provider, d.orphan, r.* FROM funding_refund r JOIN due d ON d.id = r.payment_id
), given AS (
  SELECT x.key, x.creator_id, x.tax_regime, z.* FROM funding_release z JOIN funding_escrow x ON x.id = z.escrow_id
), sent AS (
  SELECT p.* FROM funding_payout p WHERE p.state = 'paid'
), derived (code, currency, amount) AS (
  SELECT 'escrow:' || key, currency, captured FROM due WHERE NOT orphan
  UNION ALL SELECT 'escrow:' || key, currency, -amount FROM back WHERE state IN {_ASKED} AND NOT orphan
  UNION ALL SELECT 'escrow:' || key, currency, -gross FROM given
  UNION ALL SELECT 'refund_payable:' || key, currency, captured FROM due WHERE orphan
  UNION ALL SELECT 'refund_payable:' || key, currency, -amount FROM back WHERE state = 'succeeded' AND orphan
  UNION ALL SELECT 'refund_payable:' || key, currency, amount FROM back
             WHERE state IN ('requested', 'submitted', 'pending') AND NOT orphan
  UNION ALL SELECT 'commission', currency, platform_fee FROM given
  UNION ALL SELECT 'compensation_fund', currency, compensation_fund FROM given
  UNION ALL SELECT 'tax_withheld:' || COALESCE(NULLIF(tax_regime, ''), 'none'), currency, tax FROM given WHERE tax > 0
  UNION ALL SELECT 'payable:creator:' || creator_id, currency, creator_amount FROM given
  UNION ALL SELECT 'payable:creator:' || creator_id, currency, -amount FROM sent
  UNION ALL SELECT 'provider_fees', currency, provider_fee FROM due WHERE provider_fee IS NOT NULL
  UNION ALL SELECT 'provider:' || provider, currency, captured - COALESCE(provider_fee, 0) FROM due
  UNION ALL SELECT 'provider:' || provider, currency, -amount FROM back WHERE state = 'succeeded'
  UNION ALL SELECT 'provider:' || COALESCE(a.provider, 'stripe'), s.currency, -s.amount
              FROM sent s LEFT JOIN funding_payoutaccount a ON a.id = s.account_id
  UNION ALL
  SELECT a.code, e.currency, CASE WHEN (a.id = e.debit_id) = (a.kind IN ('asset', 'expense'))
                                  THEN e.amount ELSE -e.amount END
    FROM funding_entry e JOIN funding_journal j ON j.id = e.journal_id AND j.kind IN {_TREASURY}
    JOIN funding_ledgeraccount a ON a.id IN (e.debit_id, e.credit_id)
), expected AS (
  SELECT code, currency, SUM(amount) AS balance FROM derived GROUP BY code, currency
), actual AS (
  SELECT code, currency, CASE WHEN kind IN ('asset', 'expense') THEN sum_debits - sum_credits
                              ELSE sum_credits - sum_debits END AS balance FROM summed
)
"""

_KEYS = """
WITH attempts AS (
  SELECT 'refund:' || r.id || CASE WHEN n = 1 THEN '' ELSE ':' || n END AS key, n = r.attempt AS last, r.state,
         r.amount, y.orphan
    FROM funding_refund r JOIN funding_payment y ON y.id = r.payment_id
   CROSS JOIN LATERAL generate_series(1, r.attempt) n
), sendings AS (
  SELECT 'transfer:' || p.id || CASE WHEN n = 1 THEN '' ELSE ':' || n END AS key, n = p.attempt AS last, p.state,
         p.amount
    FROM funding_payout p CROSS JOIN LATERAL generate_series(1, p.attempt) n
), required (key, amount) AS (
  SELECT 'capture:' || id, captured FROM funding_payment WHERE captured > 0
  UNION ALL SELECT 'provider_fee:' || id, provider_fee FROM funding_payment WHERE provider_fee > 0
  UNION ALL SELECT key, amount FROM attempts WHERE NOT orphan
  UNION ALL SELECT key || ':failed', amount FROM attempts WHERE (NOT last OR state = 'failed') AND NOT orphan
  UNION ALL SELECT key || ':succeeded', amount FROM attempts WHERE last AND state = 'succeeded'
  UNION ALL SELECT 'release:' || x.key || ':' || z.tranche, z.gross
              FROM funding_release z JOIN funding_escrow x ON x.id = z.escrow_id
  UNION ALL SELECT key, amount FROM sendings WHERE last AND state IN ('paid', 'returned')
  UNION ALL SELECT key || ':returned', amount FROM sendings WHERE last AND state = 'returned'
), allowed (key) AS (
  SELECT key FROM required
  -- A refund that the bank sent back, and a transfer that was reversed, have been good once.
  UNION SELECT key || ':succeeded' FROM attempts WHERE NOT last OR state = 'failed'
  UNION SELECT key || ':returned' FROM attempts WHERE NOT last OR state = 'failed'
  UNION SELECT key FROM sendings WHERE NOT last
  UNION SELECT key || ':returned' FROM sendings WHERE NOT last
), posted AS (
  SELECT j.key, j.kind, COALESCE(SUM(e.amount), 0) AS amount
    FROM funding_journal j LEFT JOIN funding_entry e ON e.journal_id = j.id GROUP BY j.id
)
"""


def _stock(table: str, column: str) -> str:
    line = "variant_id" if table == "funding_rewardvariant" else "reward_id"
    states = "('reserved')" if column == "reserved" else _SOLD
    counted = "" if column == "reserved" else "AND g.paid_at IS NOT NULL"
    return f"""
SELECT '{table}:' || t.id, COALESCE(c.quantity, 0), t.{column} FROM {table} t LEFT JOIN (
  SELECT l.{line} AS id, SUM(l.quantity) AS quantity FROM funding_pledgeline l
    JOIN funding_pledge g ON g.id = l.pledge_id WHERE g.state IN {states} {counted} GROUP BY 1
) c ON c.id = t.id WHERE t.{column} <> COALESCE(c.quantity, 0)"""


_TOTALS = f"""
SELECT 'escrow:' || x.key, t.v, t.have FROM funding_escrow x
  LEFT JOIN LATERAL (SELECT COALESCE(SUM(y.captured), 0) AS v FROM funding_payment y JOIN funding_pledge g
    ON g.id = y.pledge_id WHERE g.escrow_id = x.id AND NOT y.orphan) c ON true
  LEFT JOIN LATERAL (SELECT COALESCE(SUM(r.amount), 0) AS v FROM funding_refund r JOIN funding_payment y
    ON y.id = r.payment_id JOIN funding_pledge g ON g.id = y.pledge_id
    WHERE g.escrow_id = x.id AND NOT y.orphan AND r.state IN {_ASKED}) b ON true
  LEFT JOIN LATERAL (SELECT COALESCE(SUM(z.gross), 0) AS v FROM funding_release z WHERE z.escrow_id = x.id) z ON true
  CROSS JOIN LATERAL (VALUES (c.v, x.captured), (b.v, x.refunded), (z.v, x.released)) AS t (v, have)
 WHERE t.v <> t.have"""

_PLEDGED = f"""
SELECT 'pledge:' || g.id, COALESCE(SUM(r.amount), 0), g.refunded_amount FROM funding_pledge g
  LEFT JOIN funding_payment y ON y.pledge_id = g.id AND NOT y.orphan
  LEFT JOIN funding_refund r ON r.payment_id = y.id AND r.state = 'succeeded'
 GROUP BY g.id HAVING COALESCE(SUM(r.amount), 0) <> g.refunded_amount
UNION ALL
SELECT 'pledge:' || g.id, g.total, COALESCE(SUM(y.captured), 0) FROM funding_pledge g
  LEFT JOIN funding_payment y ON y.pledge_id = g.id AND NOT y.orphan
 WHERE g.state IN {_COUNTED} OR (g.paid_at IS NOT NULL AND g.state IN ('refund_pending', 'refunded'))
 GROUP BY g.id HAVING COALESCE(SUM(y.captured), 0) <> g.total
UNION ALL
SELECT 'payment:' || y.id || ':' || g.state, 0, y.captured FROM funding_payment y JOIN funding_pledge g
    ON g.id = y.pledge_id
 WHERE y.captured > 0 AND NOT y.orphan AND (g.paid_at IS NULL OR g.state IN ('reserved', 'expired', 'cancelled'))
UNION ALL
SELECT 'payment:' || y.id, COALESCE(SUM(r.amount), 0), y.refund_reserved FROM funding_payment y
  LEFT JOIN funding_refund r ON r.payment_id = y.id AND r.state IN {_ASKED}
 GROUP BY y.id HAVING COALESCE(SUM(r.amount), 0) <> y.refund_reserved"""

_BACKERS = f"""
WITH people AS (SELECT escrow_id, person, COUNT(*) AS paid FROM funding_pledge WHERE state IN {_COUNTED} GROUP BY 1, 2)
SELECT 'escrow:' || x.key, COUNT(p.person), x.backers FROM funding_escrow x LEFT JOIN people p ON p.escrow_id = x.id
 GROUP BY x.id HAVING COUNT(p.person) <> x.backers
UNION ALL
SELECT 'backing:' || COALESCE(b.escrow_id, p.escrow_id) || ':' || COALESCE(b.person, p.person), COALESCE(p.paid, 0),
       COALESCE(b.paid_pledges, 0)
  FROM funding_backing b FULL JOIN people p ON p.escrow_id = b.escrow_id AND p.person = b.person
 WHERE COALESCE(p.paid, 0) <> COALESCE(b.paid_pledges, 0)"""

_HOLDINGS = f"""
WITH held AS (
  SELECT l.reward_id, g.person, SUM(l.quantity) AS quantity FROM funding_pledgeline l
    JOIN funding_pledge g ON g.id = l.pledge_id JOIN funding_reward w ON w.id = l.reward_id
   WHERE (g.state = 'reserved' OR (g.state IN {_SOLD} AND g.paid_at IS NOT NULL)) AND w.per_person_limit IS NOT NULL
   GROUP BY 1, 2
)
SELECT 'holding:' || COALESCE(h.reward_id, a.reward_id) || ':' || COALESCE(h.person, a.person),
       COALESCE(a.quantity, 0), COALESCE(h.quantity, 0)
  FROM funding_holding h FULL JOIN held a ON a.reward_id = h.reward_id AND a.person = h.person
 WHERE COALESCE(h.quantity, 0) <> COALESCE(a.quantity, 0)"""

_CLOSED = """
SELECT 'escrow:' || x.key || ':' || x.state, 0, x.captured - x.refunded - x.released FROM funding_escrow x
 WHERE x.state IN ('releasing', 'released', 'refunded') AND x.captured - x.refunded - x.released <> 0
UNION ALL
SELECT 'escrow:' || x.key || ':decision', 1, COUNT(d.id) FROM funding_escrow x
  LEFT JOIN funding_escrowdecision d ON d.escrow_id = x.id
 WHERE x.state IN ('succeeded', 'failed', 'holding', 'releasing', 'released') GROUP BY x.id HAVING COUNT(d.id) <> 1"""

_LOGGED = " UNION ALL ".join(
    f"""
SELECT '{machine}:' || t.id || ':' || t.state, 1, 0 FROM funding_{machine} t JOIN LATERAL (
  SELECT target FROM funding_transitionlog l WHERE l.machine = '{machine}' AND l.object_id = t.id::text
   ORDER BY sequence DESC LIMIT 1) last ON last.target <> t.state"""
    for machine in ("escrow", "pledge", "payment", "refund", "payout")
)

CHECKS = [
    Check(
        "running_sums",
        "SELECT COUNT(*) FROM funding_ledgeraccount WHERE limited",
        _SUMMED
        + """SELECT code || ' ' || currency, (sum_credits - sum_debits), (credits - debits) FROM summed
                      WHERE limited AND (debits <> sum_debits OR credits <> sum_credits)""",
    ),
    Check(
        "never_negative",
        "SELECT COUNT(*) FROM funding_ledgeraccount WHERE limited",
        _SUMMED
        + """SELECT code || ' ' || currency, 0, sum_credits - sum_debits FROM summed
                      WHERE limited AND (sum_credits < sum_debits OR credits < debits)""",
    ),
    Check(
        "identity",
        "SELECT COUNT(*) FROM funding_entry",
        _SUMMED
        + """SELECT currency, SUM(sum_debits - sum_credits) FILTER (WHERE kind IN ('asset', 'expense')),
                            SUM(sum_credits - sum_debits) FILTER (WHERE kind NOT IN ('asset', 'expense'))
                       FROM summed GROUP BY currency HAVING SUM(sum_debits) <> SUM(sum_credits)
                     UNION ALL
                     SELECT 'entry:' || e.id || ' ' || e.currency, 0, 1 FROM funding_entry e
                       JOIN funding_ledgeraccount d ON d.id = e.debit_id
                       JOIN funding_ledgeraccount c ON c.id = e.credit_id
                      WHERE e.currency <> d.currency OR e.currency <> c.currency""",
    ),
    Check(
        "balances_from_business_rows",
        "SELECT COUNT(*) FROM funding_ledgeraccount",
        _SUMMED
        + _DERIVED
        + """SELECT COALESCE(a.code, e.code) || ' ' || COALESCE(a.currency, e.currency),
                                       COALESCE(e.balance, 0), COALESCE(a.balance, 0)
                                  FROM actual a FULL JOIN expected e ON e.code = a.code AND e.currency = a.currency
                                 WHERE COALESCE(a.balance, 0) <> COALESCE(e.balance, 0)""",
    ),
    Check(
        "business_rows_have_journals",
        "SELECT (SELECT COUNT(*) FROM funding_payment WHERE captured > 0) + (SELECT COUNT(*) FROM funding_refund)"
        " + (SELECT COUNT(*) FROM funding_release) + (SELECT COUNT(*) FROM funding_payout)",
        _KEYS
        + """SELECT r.key, r.amount, COALESCE(p.amount, 0) FROM required r LEFT JOIN posted p ON p.key = r.key
                    WHERE p.key IS NULL OR p.amount <> r.amount""",
    ),
    Check(
        "journals_have_business_rows",
        "SELECT COUNT(*) FROM funding_journal",
        _KEYS
        + f"""SELECT p.key, 0, p.amount FROM posted p LEFT JOIN allowed a ON a.key = p.key
                     WHERE a.key IS NULL AND p.kind NOT IN {_TREASURY}""",
    ),
    Check("escrow_totals", "SELECT COUNT(*) FROM funding_escrow", _TOTALS),
    Check("pledges_and_payments", "SELECT COUNT(*) FROM funding_pledge", _PLEDGED),
    Check("backers", "SELECT COUNT(*) FROM funding_backing", _BACKERS),
    Check("holdings", "SELECT COUNT(*) FROM funding_holding", _HOLDINGS),
    Check(
        "stock",
        "SELECT (SELECT COUNT(*) FROM funding_reward) + (SELECT COUNT(*) FROM funding_rewardvariant)",
        " UNION ALL ".join(
            _stock(table, column)
            for table in ("funding_reward", "funding_rewardvariant")
            for column in ("reserved", "sold")
        ),
    ),
    Check("closed_escrows", "SELECT COUNT(*) FROM funding_escrow", _CLOSED),
    Check("transition_log", "SELECT COUNT(*) FROM funding_transitionlog", _LOGGED),
]
