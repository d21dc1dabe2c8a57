"""People: accounts, roles, profiles, the audit log."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(AppConfig):
    """Users and what may be known of them."""

    name = "cms.users"
    label = "users"
    default = True

    def ready(self) -> None:
        """Make the roles after each migrate, hear of confirmed addresses, give the frame its account menu."""
        from wagtail.permissions import register_permission_policy

        from cms.core import sweeps
        from cms.users import chrome, receivers
        from cms.users.models import AuditLog
        from cms.users.policies import ReadOnlyPolicy
        from cms.users.services import verifying

        register_permission_policy(AuditLog, ReadOnlyPolicy(AuditLog))
        post_migrate.connect(_make_roles, dispatch_uid="users.roles")
        receivers.connect()
        chrome.register()
        sweeps.register("users.documents", verifying.remind_due, rank=25)


class AdminUsersConfig(WagtailUsersAppConfig):
    """Wagtail's management of users, with forms for people known by e-mail address."""

    user_viewset = "cms.users.viewsets.PeopleViewSet"


def _make_roles(sender: AppConfig, **_: Any) -> None:
    # Once per migrate, with the last app that has models: the permissions of all others exist by then.
    from django.apps import apps

    if sender is [config for config in apps.get_app_configs() if config.models_module][-1]:
        from cms.users import roles

        roles.ensure()
