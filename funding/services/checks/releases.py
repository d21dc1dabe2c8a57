# ruff: noqa: S608 - names come from tables of this package, never from input
"""Releases and payouts: the escrow split into parts, and the creator's part on its way."""

from funding.services.checks.base import Subject

_SENDINGS = """(
  SELECT 'transfer:' || p.id || CASE WHEN n = 1 THEN '' ELSE ':' || n END AS key, n = p.attempt AS last, p.state,
         p.amount
    FROM funding_payout p CROSS JOIN LATERAL generate_series(1, p.attempt) n) sendings"""

RELEASES = Subject(
    moves=(
        "SELECT 'escrow:' || key, currency, -gross FROM audit_given",
        "SELECT 'commission', currency, platform_fee FROM audit_given",
        "SELECT 'compensation_fund', currency, compensation_fund FROM audit_given",
        """SELECT 'tax_withheld:' || COALESCE(NULLIF(tax_regime, ''), 'none'), currency, tax
             FROM audit_given WHERE tax > 0""",
        "SELECT 'payable:creator:' || creator_id, currency, creator_amount FROM audit_given",
    ),
    required=("SELECT 'release:' || key || ':' || tranche, gross FROM audit_given",),
)

PAYOUTS = Subject(
    moves=(
        "SELECT 'payable:creator:' || creator_id, currency, -amount FROM funding_payout WHERE state = 'paid'",
        """SELECT 'provider:' || COALESCE(a.provider, 'stripe'), s.currency, -s.amount
             FROM funding_payout s LEFT JOIN funding_payoutaccount a ON a.id = s.account_id WHERE s.state = 'paid'""",
    ),
    required=(
        f"SELECT key, amount FROM {_SENDINGS} WHERE last AND state IN ('paid', 'returned')",
        f"SELECT key || ':returned', amount FROM {_SENDINGS} WHERE last AND state = 'returned'",
    ),
    allowed=(
        # A transfer that was reversed has been good once.
        f"SELECT key FROM {_SENDINGS} WHERE NOT last",
        f"SELECT key || ':returned' FROM {_SENDINGS} WHERE NOT last",
    ),
)
