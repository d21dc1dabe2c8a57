"""People, what they show of themselves as creators, and the audit log."""

from cms.users.models.audit import AuditLog
from cms.users.models.creators import (
    CreatorDocument,
    CreatorProfile,
    DocumentDecision,
    DocumentState,
    DocumentType,
    Verdict,
)
from cms.users.models.people import User, UserManager

__all__ = [
    "AuditLog", "CreatorDocument", "CreatorProfile", "DocumentDecision", "DocumentState", "DocumentType", "User",
    "UserManager", "Verdict",
]  # fmt: skip
