"""Events about refunds, disputes, transfers and connected accounts. Each is a hint: the object is fetched again."""

from typing import Any

from funding.gateways import get_gateway
from funding.gateways.base import ProviderEvent
from funding.models import GatewayCommand, PayoutAccount
from funding.models.commands import CommandKind
from funding.services import disputing, onboarding, paying_out, refund_answers, returning


def handle_refund(event: ProviderEvent) -> bool:
    """A refund of ours moved. False while nobody knows it yet."""
    subject = _subject(CommandKind.CREATE_REFUND, event.payload["data"]["object"])
    if subject is None:
        return False
    refund_answers.apply_refund(
        refund_id=subject, snapshot=get_gateway(event.provider).retrieve_refund(event.object_id)
    )
    return True


def handle_transfer(event: ProviderEvent) -> bool:
    """A transfer of ours was made or reversed."""
    subject = _subject(CommandKind.CREATE_TRANSFER, event.payload["data"]["object"])
    if subject is None:
        return False
    paying_out.apply_transfer(
        payout_id=subject, snapshot=get_gateway(event.provider).retrieve_transfer(event.object_id)
    )
    return True


def handle_dispute(event: ProviderEvent) -> bool:
    """A charge of ours is disputed, or its dispute moved. False while its payment is not known."""
    return disputing.apply_dispute(snapshot=get_gateway().retrieve_dispute(event.object_id))


def handle_account(event: ProviderEvent) -> bool:
    """A creator's connected account gained or lost something."""
    account = PayoutAccount.objects.filter(
        provider=event.provider, external_id=event.account or event.object_id
    ).first()
    if account is None:
        return False
    onboarding.refresh_account(account_id=account.pk)
    return True


def handle_bank_payout(event: ProviderEvent) -> bool:
    """Money on its way from a creator's account to their bank moved. Payouts of our own balance are none of it."""
    if not event.account:
        return True
    account = PayoutAccount.objects.filter(provider=event.provider, external_id=event.account).first()
    if account is None:
        return False
    snapshot = get_gateway(event.provider).retrieve_bank_payout(payout_id=event.object_id, account_id=event.account)
    returning.apply_bank_payout(account_id=account.pk, snapshot=snapshot)
    return True


def _subject(kind: str, found: dict[str, Any]) -> int | None:
    """Our row: by the command that made the object, else by the command's key in the object's metadata."""
    commands = GatewayCommand.objects.filter(kind=kind)
    command = commands.filter(external_id=found["id"]).first()
    if command is None:
        command = commands.filter(idempotency_key=(found.get("metadata") or {}).get("command", "")).first()
    return int(command.subject.partition(":")[2]) if command else None
