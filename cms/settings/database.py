"""PostgreSQL: a server named by DATABASE_URL, or the embedded one where that is allowed."""

import os
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

from cms.core import embedded


def databases(*, allow_embedded: bool) -> dict[str, Any]:
    """Django's DATABASES. Starts the embedded server when nothing else is named.

    `KINDLING_NO_DATABASE=1` is for tools that only read the settings (types, lint).
    """
    url = os.environ.get("DATABASE_URL", "")
    if not allow_embedded and (not url or embedded.is_embedded()):
        raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL server in production.")
    if not url:
        reading = os.environ.get("KINDLING_NO_DATABASE") == "1"
        url = "postgresql:///kindling" if reading else embedded.ensure_running()
    config = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("Kindling runs on PostgreSQL only; DATABASE_URL names something else.")
    return {"default": {**config, "ENGINE": "cms.core.postgresql"}}
