"""`manage.py reconcile [--days N] [--json]`: the provider's movements against ours; exits 1 when they disagree."""

import json
import sys
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cms.core import clock
from funding.services.reconciling import Reconciliation, reconcile, reconciled_gateways


class Command(BaseCommand):
    """Reconcile and report."""

    help = "Compare the provider's balance transactions with the journal; books fees and the platform's own money."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--days` looks at the last days only, without the balances."""
        parser.add_argument("--days", type=int, default=None)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run it; exit 1 on a mismatch."""
        since = None if options["days"] is None else clock.now() - timedelta(days=options["days"])
        each = {gateway.name: reconcile(since=since, gateway=gateway) for gateway in reconciled_gateways()}
        ok = all(found.ok for found in each.values())
        if options["json"]:
            self.stdout.write(json.dumps({"ok": ok, "providers": {name: one.as_dict() for name, one in each.items()}}))
        else:
            self._tell(each)
        if not ok:
            sys.exit(1)

    def _tell(self, each: dict[str, Reconciliation]) -> None:
        for name, found in each.items():
            for problem in found.problems:
                self.stdout.write(str(problem))
            verdict = "Both sides agree" if found.ok else "THE TWO SIDES DISAGREE"
            self.stdout.write(f"{name}: {verdict}: {found.movements} movements, {found.fees_booked} fees booked.")
