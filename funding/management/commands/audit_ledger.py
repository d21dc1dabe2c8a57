"""`manage.py audit_ledger [--json]`: prove the ledger from the business rows; exits 1 when something is wrong."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from funding.services.auditing import audit_ledger


class Command(BaseCommand):
    """Audit and report."""

    help = "Check that the ledger equals what the business rows say, to the minor unit."

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for machines."""
        parser.add_argument("--json", action="store_true", help="print {ok, problems, checked}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the audit; exit 1 when it doesn't hold."""
        report = audit_ledger()
        if options["json"]:
            self.stdout.write(json.dumps(report.as_dict()))
        else:
            for problem in report.problems:
                self.stdout.write(str(problem))
            rows = sum(report.checked.values())
            self.stdout.write(f"{'The ledger holds' if report.ok else 'THE LEDGER IS WRONG'}: {rows} rows checked.")
        if not report.ok:
            sys.exit(1)
