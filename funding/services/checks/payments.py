"""Payments: money that came in, and what the provider kept of it."""

from funding.services.checks.base import Check, Subject

SUBJECT = Subject(
    moves=(
        "SELECT 'escrow:' || key, currency, captured FROM audit_due WHERE NOT orphan",
        "SELECT 'refund_payable:' || key, currency, captured FROM audit_due WHERE orphan",
        "SELECT 'provider:' || provider, currency, captured - COALESCE(provider_fee, 0) FROM audit_due",
        "SELECT 'provider_fees', currency, provider_fee FROM audit_due WHERE provider_fee IS NOT NULL",
    ),
    required=(
        "SELECT 'capture:' || id, captured FROM audit_due",
        "SELECT 'provider_fee:' || id, provider_fee FROM audit_due WHERE provider_fee > 0",
    ),
    checks=(
        Check(
            "captured_is_the_amount",
            "SELECT COUNT(*) FROM funding_payment",
            """SELECT 'payment:' || y.id, s.due, y.captured FROM funding_payment y
                CROSS JOIN LATERAL (SELECT CASE WHEN y.state = 'succeeded' THEN y.amount ELSE 0 END AS due) s
                WHERE y.captured <> s.due""",
        ),
    ),
)
