"""What the database refuses about promises."""

from django.db import migrations

from cms.core.guards import append_only


def operations() -> list[migrations.RunSQL]:
    """Submissions' decisions and versions only grow."""
    return [append_only("campaigns_submissiondecision"), append_only("campaigns_campaignversion")]
