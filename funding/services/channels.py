"""Which provider a payment goes through: those that are enabled, take the currency and could still refund in time."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from cms.core import clock
from funding import gateways
from funding.exceptions import InvalidPledge
from funding.gateways import limits
from funding.models import Escrow, Pledge
from funding.models.payees import BANK

STRIPE = "stripe"


def payout_rail() -> str:
    """How creators are paid who set up payouts now: through Stripe where it takes payments, else by bank transfer."""
    return STRIPE if STRIPE in gateways.enabled() else BANK


def offered(*, currency: str, paid_at: datetime, refundable_until: datetime) -> list[str]:
    """The providers for a payment made at that instant, the usual one first."""
    methods = limits.methods_for(currency=currency, paid_at=paid_at, refundable_until=refundable_until)
    return [name for name in gateways.enabled() if name == STRIPE or _takes(name, currency, methods)]


def offered_for(escrow: Escrow) -> list[str]:
    """The providers for a payment to this escrow made now."""
    until = escrow.deadline + timedelta(minutes=escrow.grace_minutes, days=escrow.hold_days)
    return offered(currency=escrow.currency, paid_at=clock.now(), refundable_until=until)


def choose(*, asked: str, currency: str, paid_at: datetime, refundable_until: datetime) -> str:
    """The provider that was asked for, else the usual one. Raises `InvalidPledge` where it doesn't take the payment."""
    found = offered(currency=currency, paid_at=paid_at, refundable_until=refundable_until)
    if not found or (asked and asked not in found):
        raise InvalidPledge(_("This way of paying is not offered here."), field="provider", offered=found)
    return asked or found[0]


def again(pledge: Pledge, *, refundable_until: datetime) -> str:
    """The provider of a further payment for a pledge: that of the last one, as long as it is offered."""
    found = offered(currency=pledge.currency, paid_at=clock.now(), refundable_until=refundable_until)
    last = pledge.payments.order_by("-pk").values_list("provider", flat=True).first()
    if not found:
        raise InvalidPledge(_("This way of paying is not offered here."), field="provider", offered=found)
    return last if last in found else found[0]


def _takes(name: str, currency: str, methods: list[str]) -> bool:
    return currency in limits.DIRECT_CURRENCIES and limits.DIRECT_METHODS[name] in methods
