"""`manage.py sweep`: what beat does each minute, now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cms.core import clock, sweeps


class Command(BaseCommand):
    """Runs every due sweep once."""

    help = "Run every due sweep now and print how many things each one did."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per sweep; exits 1 when one failed."""
        with clock.frame():
            done = sweeps.run_all()
        for name, count in done.items():
            self.stdout.write(f"{name}: {'failed' if count < 0 else count}")
        if -1 in done.values():
            raise CommandError("Not every sweep succeeded; the log says why.")
