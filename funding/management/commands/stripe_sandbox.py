"""`manage.py stripe_sandbox`: the local Stripe, without the database that other commands need."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from funding.sandbox.__main__ import main


class Command(BaseCommand):
    """Hands its arguments to ``python -m funding.sandbox``."""

    help = "Run the local Stripe (as `python -m funding.sandbox`)."
    requires_system_checks = ()  # it needs neither database nor models

    def add_arguments(self, parser: CommandParser) -> None:
        """The options that the local Stripe has too; its environment variables work as well."""
        parser.add_argument("--port")
        parser.add_argument("--store")
        parser.add_argument("--webhook-url")

    def handle(self, *args: Any, **options: Any) -> None:
        """Serve until interrupted; refused in production."""
        if not (settings.DEBUG or settings.DEMO):
            raise CommandError("The local Stripe refuses to start outside debug.")
        given = [("--port", options["port"]), ("--store", options["store"]), ("--webhook-url", options["webhook_url"])]
        status = main(["--debug", *(part for name, value in given if value for part in (name, value))])
        if status:
            raise CommandError("The local Stripe did not start.", returncode=status)
