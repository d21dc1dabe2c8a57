"""People: accounts, roles, profiles, the audit log."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class UsersConfig(AppConfig):
    """Users and what may be known of them."""

    name = "cms.users"
    label = "users"

    def ready(self) -> None:
        """Make the roles after each migrate, and hear of confirmed addresses."""
        from cms.users import receivers

        post_migrate.connect(_make_roles, dispatch_uid="users.roles")
        receivers.connect()


def _make_roles(sender: AppConfig, **_: Any) -> None:
    # Once per migrate, with the last app that has models: the permissions of all others exist by then.
    from django.apps import apps

    if sender is [config for config in apps.get_app_configs() if config.models_module][-1]:
        from cms.users import roles

        roles.ensure()
