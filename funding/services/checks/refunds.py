# ruff: noqa: S608 - names come from tables of this package, never from input
"""Refunds: out of the escrow when they are asked for, gone when they have arrived, back when they failed."""

from funding.services.checks.base import ASKED, Subject

# Each attempt has a key of its own: `refund:7`, `refund:7:2`.
_ATTEMPTS = """(
  SELECT 'refund:' || id || CASE WHEN n = 1 THEN '' ELSE ':' || n END AS key, n = attempt AS last, state, amount, orphan
    FROM audit_back CROSS JOIN LATERAL generate_series(1, attempt) n) attempts"""

SUBJECT = Subject(
    moves=(
        f"SELECT 'escrow:' || key, currency, -amount FROM audit_back WHERE state IN {ASKED} AND NOT orphan",
        """SELECT 'refund_payable:' || key, currency, -amount FROM audit_back WHERE state = 'succeeded' AND orphan""",
        """SELECT 'refund_payable:' || key, currency, amount FROM audit_back
            WHERE state IN ('requested', 'submitted', 'pending') AND NOT orphan""",
        "SELECT 'provider:' || provider, currency, -amount FROM audit_back WHERE state = 'succeeded'",
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
)
