"""`manage.py clock show` and `clock advance 3d`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.core import clock, timetravel


class Command(BaseCommand):
    """Shows app time, or moves it on."""

    help = "Show app time (ISO 8601), or move it on and run all sweeps (only with the local Stripe)."

    def add_arguments(self, parser: CommandParser) -> None:
        """`show`, or `advance` with a duration."""
        orders = parser.add_subparsers(dest="order", required=True)
        orders.add_parser("show", help="print app time")
        orders.add_parser("advance", help="move app time on").add_argument("by", help="30s, 10m, 2h or 3d")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the present instant in both cases; after a move also what each sweep did."""
        if options["order"] == "show":
            self.stdout.write(clock.now().isoformat())
            return
        try:
            journey = timetravel.advance(timetravel.parse_duration(options["by"]))
        except (ValueError, clock.ClockRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(journey.now.isoformat())
        for name, count in journey.swept.items():
            self.stdout.write(f"{name}: {'failed' if count < 0 else count}")
        if -1 in journey.swept.values():
            raise CommandError("The clock was moved, but not every sweep succeeded; they run again within a minute.")
