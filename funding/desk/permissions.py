"""Who may look at which register. Nobody may add, change or delete there, superusers included."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from wagtail_modeladmin.helpers import PermissionHelper

from cms.users import roles
from cms.users.models import User

READERS = (roles.FINANCE, roles.AUDITOR, roles.ADMIN)
SUPPORT_READERS = (*READERS, roles.SUPPORT)
ACTORS = (roles.FINANCE,)
TIME_TRAVELLERS = (roles.FINANCE, roles.ADMIN)


def holds_any(user: Any, allowed: tuple[str, ...]) -> bool:
    """Whether a person holds one of the roles."""
    return any(roles.has_role(user, role) for role in allowed)


def require_any(request: HttpRequest, allowed: tuple[str, ...]) -> User:
    """The signed-in person, if they hold one of the roles. Raises `PermissionDenied`."""
    if not holds_any(request.user, allowed):
        raise PermissionDenied
    return request.user  # type: ignore[return-value]


class ReadOnly(PermissionHelper):
    """Looking only, for finance, auditors and admins."""

    readers: tuple[str, ...] = READERS

    def user_can_list(self, user: Any) -> bool:
        """Whether the register shows."""
        return holds_any(user, self.readers)

    def user_can_inspect_obj(self, user: Any, obj: Any) -> bool:
        """Whether one row shows."""
        return bool(self.inspect_view_enabled) and holds_any(user, self.readers)

    def user_can_create(self, user: Any) -> bool:
        """Never: rows of money are made by services."""
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        """Never."""
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        """Never."""
        return False


class ReadOnlyForSupport(ReadOnly):
    """Support may look, too: at pledges and payments, to answer people."""

    readers = SUPPORT_READERS
