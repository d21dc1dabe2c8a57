"""Events of direct channels: an order or a refund, by the number that we gave it."""

from typing import Any

from funding.gateways import get_gateway
from funding.gateways.base import ProviderEvent
from funding.models import GatewayCommand, Payment
from funding.models.commands import CommandKind
from funding.services import alerting, paying, refund_answers


def handle_order(event: ProviderEvent) -> bool:
    """An order of ours moved. False while its number is not known yet."""
    payment = Payment.objects.filter(provider=event.provider, session_id=event.object_id).first()
    if payment is None:
        return False
    _hold_against(event, "total", payment.amount, f"payment:{payment.pk}")
    paying.refresh_payment(payment_id=payment.pk)
    return True


def handle_refund(event: ProviderEvent) -> bool:
    """A refund of ours moved. False while its number is not known yet."""
    asked = GatewayCommand.objects.filter(kind=CommandKind.CREATE_REFUND, provider=event.provider)
    command = asked.filter(external_id=event.object_id).first()
    if command is None:
        return False
    _hold_against(event, "refund", command.amount, command.subject)
    snapshot = get_gateway(event.provider).retrieve_refund(event.object_id)
    refund_answers.apply_refund(refund_id=int(command.subject.partition(":")[2]), snapshot=snapshot)
    return True


def _hold_against(event: ProviderEvent, name: str, ours: int | None, subject: str) -> None:
    """An event is a hint, and what counts is fetched; but one that names another sum is somebody's mistake or trick."""
    theirs: Any = event.payload.get(name)
    if theirs is not None and theirs != ours:
        alerting.alert(
            code="event_amount_differs", subject=subject, severity="critical",
            data={"ours": ours, "theirs": theirs, "event": event.external_id, "provider": event.provider},
        )  # fmt: skip
