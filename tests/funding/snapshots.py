"""What the provider may say, for tests of what we make of it."""

from dataclasses import replace
from typing import Any

from cms.core import clock
from funding.gateways.base import CheckoutSnapshot
from funding.models import GatewayCommand, Payment


def checkout_snapshot(command: GatewayCommand) -> CheckoutSnapshot:
    """A checkout that a command has just opened."""
    return CheckoutSnapshot(
        external_id=f"cs_{command.payload['payment']}", status="open", paid=False, amount=command.amount or 0,
        currency=command.currency, url=f"http://pay.example/{command.payload['payment']}",
    )  # fmt: skip


def paid_snapshot(payment: Payment, **changes: Any) -> CheckoutSnapshot:
    """The checkout of a payment, paid by card just now with a fee of 1.00."""
    snapshot = CheckoutSnapshot(
        external_id=payment.session_id, status="complete", paid=True, amount=payment.amount, currency=payment.currency,
        intent_id=f"pi_{payment.pk}", intent_status="succeeded", charge_id=f"ch_{payment.pk}", method="card", fee=1_00,
        fee_currency=payment.currency, begun_at=clock.now(),
    )  # fmt: skip
    return replace(snapshot, **changes)


def unpaid_snapshot(payment: Payment, status: str = "open", **changes: Any) -> CheckoutSnapshot:
    """The checkout of a payment, unpaid."""
    snapshot = CheckoutSnapshot(
        external_id=payment.session_id, status=status, paid=False, amount=payment.amount, currency=payment.currency
    )
    return replace(snapshot, **changes)
