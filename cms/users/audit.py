"""The audit log: one call beside each act that somebody may ask about later."""

from typing import Any

from cms.users.models import AuditLog, User


def record(*, actor: User | None, action: str, subject: str, reason: str = "", **data: Any) -> None:
    """Write one row in the caller's transaction. `subject` is `kind:key`; `actor` None means the platform itself."""
    AuditLog.objects.create(actor=actor, action=action, subject=subject, reason=reason, data=data)
