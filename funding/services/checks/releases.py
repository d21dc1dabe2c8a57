# ruff: noqa: S608 - names come from tables of this package, never from input
"""Releases and payouts: the escrow split into parts, and the creator's part on its way."""

from funding.services.checks.base import Check, Subject

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
        """SELECT CASE a.provider WHEN 'bank' THEN 'bank' ELSE 'provider:' || COALESCE(a.provider, 'stripe') END,
                  s.currency, -s.amount
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
    checks=(
        Check(
            "bank_orders",
            "SELECT COUNT(*) FROM funding_bankorder",
            # What left for the bank is in one batch, to the same sum, and paid when the bank has given its reference.
            """SELECT 'payout:' || p.id, p.amount, COALESCE(o.amount, 0) FROM funding_payout p
                 JOIN funding_payoutaccount a ON a.id = p.account_id
                 LEFT JOIN funding_bankorder o ON o.payout_id = p.id AND o.attempt = p.attempt
                WHERE a.provider = 'bank' AND p.state IN ('submitting', 'paid')
                  AND (o.id IS NULL OR o.amount <> p.amount OR o.account_id <> p.account_id
                       OR (p.state = 'paid') <> (o.reference <> ''))""",
        ),
    ),
)
