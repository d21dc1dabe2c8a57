"""`manage.py seed_demo`: the bilingual demo, made through the services and the local Stripe."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from home.demo.local_stripe import LocalStripeMissing
from home.demo.seeding import DemoIncomplete, seed
from home.demo.walking import TimeSpent


class Command(BaseCommand):
    """Fills the demo; killed anywhere, the next run goes on with it, and a complete one is left alone."""

    help = "Make the bilingual demo, or what is missing of it (only with the local Stripe)."

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each week of the demo's past."""
        try:
            seed(self._say)
        except (LocalStripeMissing, TimeSpent, DemoIncomplete) as error:
            raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
