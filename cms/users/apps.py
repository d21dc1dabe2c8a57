"""People: accounts, roles, profiles, the audit log."""

from django.apps import AppConfig


class UsersConfig(AppConfig):
    """Users and what may be known of them."""

    name = "cms.users"
    label = "users"
