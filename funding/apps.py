"""Where the money is."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Escrows, pledges, payments and the ledger. Knows nothing of campaigns or pages."""

    name = "funding"

    def ready(self) -> None:
        """Connect answers, events and sweeps with the services that deal with them."""
        from funding import wiring

        wiring.connect()
