"""What the database refuses about promises."""

from django.db import migrations

from cms.core.guards import append_only


def operations() -> list[migrations.RunSQL]:
    """Submissions with their checks, approvals and decisions, the rules of review, and versions only grow."""
    tables = (
        "campaigns_submission", "campaigns_submissiondecision", "campaigns_campaignversion", "campaigns_checkresult",
        "campaigns_reviewapproval", "campaigns_reviewpolicy",
    )  # fmt: skip
    return [append_only(table) for table in tables]
