"""Who may do what with rows of this package in the admin."""

from wagtail.permission_policies import ModelPermissionPolicy

from cms.users.models import User


class ReadOnlyPolicy(ModelPermissionPolicy):
    """Nobody adds, changes or deletes, superusers included; to look, one needs the view permission."""

    def user_has_permission(self, user: User, action: str) -> bool:
        """Only ever yes to looking."""
        return action == "view" and super().user_has_permission(user, action)
