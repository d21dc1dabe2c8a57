"""`manage.py rebuild_balances`: sum every limited account afresh and compare; exits 1 when one differs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from funding.services.rebuilding import rebuild_balances


class Command(BaseCommand):
    """Sum and compare."""

    help = "Recompute the running sums of the ledger's limited accounts in a fresh table and compare."

    def handle(self, *args: Any, **options: Any) -> None:
        """Report; exit 1 on a difference."""
        counted, differences = rebuild_balances()
        for one in differences:
            self.stdout.write(f"{one.account}: kept {one.kept}, summed {one.summed}")
        self.stdout.write(f"{counted} accounts summed, {len(differences)} differ.")
        if differences:
            sys.exit(1)
