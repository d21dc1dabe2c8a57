"""`manage.py erase_person <address> --actor <address> --reason <words>`: forget a person while the books stand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from cms.core.errors import Refusal
from cms.users.models import User
from funding.services.erasing import erase_person


class Command(BaseCommand):
    """Erase, or say what stands against it."""

    help = "Destroy a person's pseudonyms' key and replace their address; the public ledger still verifies."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, by whom, why."""
        parser.add_argument("email")
        parser.add_argument("--actor", required=True, help="address of the person of support who does it")
        parser.add_argument("--reason", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase and report."""
        actor = User.objects.filter(email=options["actor"].strip().lower()).first()
        if actor is None:
            raise CommandError("There is no account of the actor's address.")
        try:
            erased = erase_person(email=options["email"], actor=actor, reason=options["reason"])
        except Refusal as refusal:
            raise CommandError(" ".join([str(refusal), *refusal.extra.get("blockers", [])])) from refusal
        self.stdout.write(f"{erased.pledges} pledges, {erased.messages} messages, {erased.keys} keys erased.")
