# ruff: noqa: S608 - names come from tables of this package, never from input
"""Refunds: out of the escrow when they are asked for, gone when they have arrived, back when they failed."""

from funding.services.checks.base import ASKED, Check, Subject

# Each attempt has a key of its own: `refund:7`, `refund:7:2`.
_ATTEMPTS = """(
  SELECT 'refund:' || id || CASE WHEN n = 1 THEN '' ELSE ':' || n END AS key, n = attempt AS last, state, amount, orphan
    FROM audit_back CROSS JOIN LATERAL generate_series(1, attempt) n) attempts"""

# A refund that waits after a failure has a claim, unless it waits for the balance; a claim says where its refund is.
_CLAIMS = """
SELECT 'refund:' || r.id || ':' || r.failure_code, 1, COUNT(c.id) FROM funding_refund r
  LEFT JOIN funding_refundclaim c ON c.refund_id = r.id AND c.state <> 'resolved'
 WHERE r.state = 'requested' AND r.failure_code NOT IN ('', 'insufficient_funds') GROUP BY r.id HAVING COUNT(c.id) <> 1
UNION ALL
SELECT 'claim:' || c.id || ':' || c.state || ':' || r.state, 1, 0 FROM funding_refundclaim c
  JOIN funding_refund r ON r.id = c.refund_id
 WHERE (c.state = 'open' AND r.state <> 'requested') OR (c.state = 'resolved'
    AND r.state <> CASE WHEN c.resolution = 'chargeback' THEN 'failed' ELSE 'succeeded' END)
    OR (c.state = 'retrying' AND r.state NOT IN ('requested', 'submitted', 'pending'))
    OR (c.state = 'resolved' AND c.resolution NOT IN ('chargeback', r.route))
UNION ALL
SELECT 'refund:' || r.id || ':by_bank', 1, COUNT(c.id) FROM funding_refund r
  LEFT JOIN funding_refundclaim c ON c.refund_id = r.id AND c.proof <> ''
 WHERE r.route = 'bank' AND r.state = 'succeeded' GROUP BY r.id HAVING COUNT(c.id) <> 1"""

SUBJECT = Subject(
    moves=(
        f"""SELECT 'escrow:' || key, currency, -amount FROM audit_back
             WHERE state IN {ASKED} AND NOT orphan AND NOT late""",
        """SELECT 'refund_payable:' || key, currency, -amount FROM audit_back WHERE state = 'succeeded' AND orphan""",
        """SELECT 'refund_payable:' || key, currency, amount FROM audit_back
            WHERE state IN ('requested', 'submitted', 'pending') AND NOT orphan""",
        """SELECT CASE route WHEN 'bank' THEN 'bank' ELSE 'provider:' || provider END, currency, -amount
             FROM audit_back WHERE state = 'succeeded'""",
    ),
    required=(
        f"SELECT key, amount FROM {_ATTEMPTS} WHERE NOT orphan",
        f"SELECT key || ':failed', amount FROM {_ATTEMPTS} WHERE (NOT last OR state = 'failed') AND NOT orphan",
        f"SELECT key || ':succeeded', amount FROM {_ATTEMPTS} WHERE last AND state = 'succeeded'",
    ),
    allowed=(
        # A refund that the bank sent back has been good once.
        f"SELECT key || ':succeeded' FROM {_ATTEMPTS} WHERE NOT last OR state = 'failed'",
        f"SELECT key || ':returned' FROM {_ATTEMPTS} WHERE NOT last OR state = 'failed'",
    ),
    checks=(Check("claims", "SELECT COUNT(*) FROM funding_refundclaim", _CLAIMS),),
)
