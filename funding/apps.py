"""Where the money is."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    """Escrows, pledges, payments and the ledger. Knows nothing of campaigns or pages."""

    name = "funding"
