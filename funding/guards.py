"""What the database refuses about money, whatever the code above it does."""

from django.db import migrations

from cms.core.guards import append_only

APPEND_ONLY = [
    "funding_journal",
    "funding_entry",
    "funding_transitionlog",
    "funding_escrowdecision",
    "funding_release",
    "funding_payoutapproval",
]


def operations() -> list[migrations.RunSQL]:
    """Triggers that no model can express."""
    return [append_only(table) for table in APPEND_ONLY]
