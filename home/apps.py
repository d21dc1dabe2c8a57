"""The front door."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class HomeConfig(AppConfig):
    """Home page, curation, the demo."""

    name = "home"

    def ready(self) -> None:
        """Set the site up after migrations, once every app's permissions exist."""
        post_migrate.connect(_install, dispatch_uid="home.install_site")


def _install(app_config: AppConfig, **_: Any) -> None:
    last = list(apps.get_app_configs())[-1]
    if app_config is not last:
        return
    from home.services import install_site

    install_site()
