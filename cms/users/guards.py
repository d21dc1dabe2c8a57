"""What the database refuses about people."""

from django.db import migrations

from cms.core.guards import append_only


def operations() -> list[migrations.RunSQL]:
    """The audit log only grows."""
    return [append_only("users_auditlog")]
