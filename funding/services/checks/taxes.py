"""Withheld tax that was paid to its authority: booked when a second person has confirmed it."""

from funding.services.checks.base import Subject

SUBJECT = Subject(
    moves=(
        """SELECT 'tax_withheld:' || regime, currency, -amount FROM funding_taxremittance
            WHERE confirmed_at IS NOT NULL""",
        "SELECT 'bank', currency, -amount FROM funding_taxremittance WHERE confirmed_at IS NOT NULL",
    ),
    required=("SELECT 'tax_remitted:' || id, amount FROM funding_taxremittance WHERE confirmed_at IS NOT NULL",),
)
