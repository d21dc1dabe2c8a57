"""What a refund is called at the provider and in the journal, and the command that asks for it."""

from dataclasses import asdict

from funding.gateways.base import RefundRequest
from funding.models import Refund
from funding.models.commands import CommandKind
from funding.services.commanding import Planned


def planned_call(
    *, refund: int, attempt: int, amount: int, currency: str, payment: int, provider: str, intent: str, escrow: str
) -> Planned:
    """The command that asks the provider for one attempt of a refund."""
    # The intent makes it unique at the provider, where other databases may have had a refund of that number.
    key = f"refund:{intent}:{refund}:{attempt}"
    request = RefundRequest(
        command=key, refund=refund, payment=payment, escrow=escrow, intent_id=intent, amount=amount, currency=currency
    )
    return Planned(
        kind=CommandKind.CREATE_REFUND, subject=f"refund:{refund}", idempotency_key=key, payload=asdict(request),
        amount=amount, currency=currency, provider=provider,
    )  # fmt: skip


def command_key(refund: Refund) -> str:
    """The provider's idempotency key of the refund's present attempt."""
    return f"refund:{refund.payment.intent_id}:{refund.pk}:{refund.attempt}"


def journal_key(refund: Refund) -> str:
    """The journal that took this attempt's money out of the escrow."""
    return f"refund:{refund.pk}" if refund.attempt == 1 else f"refund:{refund.pk}:{refund.attempt}"
