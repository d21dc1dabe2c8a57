"""`manage.py issue_documents`: receipts and credit notes that were left out, however old the movement is."""

from typing import Any

from django.core.management.base import BaseCommand

from funding.services.issuing import issue_due


class Command(BaseCommand):
    """Issue all that is missing."""

    help = "Issue the receipts and credit notes that are missing; the sweep does so for the last weeks by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        """Issue and report."""
        self.stdout.write(f"{issue_due(everything=True)} documents issued.")
