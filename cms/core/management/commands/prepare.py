"""`manage.py prepare`: everything that a start needs done first."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from cms.core import schema


class Command(BaseCommand):
    """Migrates and makes the cache's table; safe to run at every start."""

    help = "Migrate the database and make the cache's table."

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuses a database of `.var` that another version made."""
        if schema.outdated():
            raise CommandError("the database in .var was made by another version of Kindling; run: make reset")
        call_command("migrate", verbosity=options["verbosity"], interactive=False)
        call_command("createcachetable", verbosity=options["verbosity"])
