"""`manage.py rebuild_balances`: sum every account and every total afresh and compare; exits 1 when one differs."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from funding.services.rebuilding import rebuild_balances


class Command(BaseCommand):
    """Sum and compare."""

    help = "Recompute the ledger's running sums and the escrows' totals in a fresh table and compare."

    def handle(self, *args: Any, **options: Any) -> None:
        """Report; exit 1 on a difference."""
        rebuilt = rebuild_balances()
        for one in rebuilt.differences:
            self.stdout.write(f"{one.account} {one.currency}, {one.what}: kept {one.kept}, summed {one.summed}")
        self.stdout.write(
            f"{rebuilt.accounts} accounts and {rebuilt.totals} totals summed, {len(rebuilt.differences)} differ."
        )
        if rebuilt.differences:
            sys.exit(1)
