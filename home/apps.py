"""The front door."""

from typing import Any

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class HomeConfig(AppConfig):
    """Home page, curation, the demo."""

    name = "home"

    def ready(self) -> None:
        """Give the frame its parts; set the site up after migrations."""
        from cms.core import sweeps
        from home import chrome
        from home.services import curating

        chrome.register()
        sweeps.register("home.note_absences", curating.note_absences, rank=90)
        post_migrate.connect(_install, dispatch_uid="home.install_site")


def _install(app_config: AppConfig, **_: Any) -> None:
    # Once every app's permissions exist.
    if app_config is not list(apps.get_app_configs())[-1]:
        return
    from home.services import install_site

    install_site()
