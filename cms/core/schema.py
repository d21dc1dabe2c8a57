"""Which tables the database of a checkout was made with, so that a squashed migration is noticed before it hurts.

Until the first release an app's first migration may be rewritten; a database made with an older one can't follow.
`.var/schema` keeps one line per app: its label and a hash of that first migration.
"""

import hashlib
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connection

from cms.core import embedded


def expected() -> dict[str, str]:
    """The first migrations of the code that is running."""
    found = {}
    for config in apps.get_app_configs():
        first = Path(config.path) / "migrations" / "0001_initial.py"
        if settings.ROOT in first.parents and ".venv" not in first.parts and first.exists():
            found[config.label] = hashlib.sha256(first.read_bytes()).hexdigest()[:16]
    return found


def recorded() -> dict[str, str]:
    """The first migrations that the database was made with; empty when it is new."""
    path = _path()
    lines = path.read_text().splitlines() if path.exists() else []
    return dict(line.split(" ", 1) for line in lines if line)


def outdated() -> list[str]:
    """Labels of the apps whose tables were made by another version."""
    now = expected()
    return sorted(label for label, made in recorded().items() if now.get(label) != made)


def record_after_migrate(sender: AppConfig, using: str, **_: Any) -> None:
    """Add the apps that this database has just got; only the embedded server's own database is looked after."""
    if not embedded.is_embedded() or connection.settings_dict["NAME"] != embedded.DATABASE:
        return
    lines = {**expected(), **recorded()}
    _path().write_text("".join(f"{label} {made}\n" for label, made in sorted(lines.items())))


def _path() -> Path:
    return embedded.data_directory().parent / "schema"
