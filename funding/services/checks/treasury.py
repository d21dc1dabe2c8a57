# ruff: noqa: S608 - names come from this file, never from input
"""The platform's own money: its journals are made by people or by the provider's movements, and say what moved."""

from funding.services.checks.base import Subject

# Journals that have no business row of their own.
KINDS = ("float", "to_bank", "to_provider", "provider_charge", "movement_fee")

_KINDS = ", ".join(f"'{kind}'" for kind in KINDS)

SUBJECT = Subject(
    moves=(
        f"""SELECT a.code, e.currency, CASE WHEN (a.id = e.debit_id) = (a.kind IN ('asset', 'expense'))
                                  THEN e.amount ELSE -e.amount END
    FROM funding_journal j JOIN funding_entry e ON e.journal_id = j.id
    JOIN funding_ledgeraccount a ON a.id IN (e.debit_id, e.credit_id) WHERE j.kind IN ({_KINDS})""",
    ),
    # What the provider's movements made us book is still what was booked.
    required=("SELECT booked, booked_amount FROM funding_providermovement WHERE booked <> ''",),
    allowed=(f"SELECT key FROM audit_posted WHERE kind IN ({_KINDS})",),
)
