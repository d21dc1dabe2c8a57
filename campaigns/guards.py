"""What the database refuses about promises."""

from django.db import migrations

from cms.core.guards import append_only


def operations() -> list[migrations.RunSQL]:
    """Submissions, their decisions and versions only grow."""
    tables = ("campaigns_submission", "campaigns_submissiondecision", "campaigns_campaignversion")
    return [append_only(table) for table in tables]
