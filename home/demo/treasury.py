"""The platform's own money at the local Stripe: refunds return all of a payment, and its fees don't come back."""

from __future__ import annotations

from funding.models import Journal
from funding.services.reconciling import reconcile
from home.demo import local_stripe

# By currency, in minor units.
FLOAT = {"CNY": 5_000_000, "USD": 500_000, "JPY": 500_000, "KWD": 500_000}


def fund() -> None:
    """Put the float in and into the books; twice is once."""
    # A top-up that was made and not yet booked is found here; it is not made twice.
    reconcile()
    booked = set(Journal.objects.filter(kind="float").values_list("entries__currency", flat=True))
    wanting = [currency for currency in FLOAT if currency not in booked]
    for currency in wanting:
        local_stripe.top_up(amount=FLOAT[currency], currency=currency.lower())
    if wanting:
        reconcile()
