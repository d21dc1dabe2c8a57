"""Payouts after they left us: whether the creator's bank has the money, and taking it back where it hasn't.

A transfer is definite; the way from the creator's account at the provider to their bank is not. What a bank sends
back lies on that account: finance takes the transfer back, `transfer:<payout>[:<n>]:returned` is posted once the
provider has reversed it, and the payout is scheduled again.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core import events
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import locks
from funding.exceptions import IllegalTransition, ProviderRefused, ReasonRequired
from funding.gateways.base import BankPayoutSnapshot, TransferSnapshot
from funding.models import GatewayCommand, Payout, PayoutAccount
from funding.models.commands import CommandKind
from funding.models.payouts import BankStatus
from funding.services import alerting, commanding, paying_out
from funding.states import PayoutState

_STATUS = {
    "pending": BankStatus.SENT,
    "in_transit": BankStatus.SENT,
    "paid": BankStatus.PAID,
    "failed": BankStatus.FAILED,
    "canceled": BankStatus.FAILED,
}
# A late word never takes back a later one: a bank returns what it has had, not the other way round.
_RANK = {"": 0, BankStatus.SENT: 1, BankStatus.PAID: 2, BankStatus.FAILED: 3}


def apply_bank_payout(*, account_id: int, snapshot: BankPayoutSnapshot) -> int:
    """Take the provider's word on the way to the bank; returns for how many payouts it was news.

    What the bank sent back is told to finance and to the creator; the money is on the creator's account meanwhile.
    """
    status = _STATUS.get(snapshot.status)
    if status is None or not snapshot.payments:
        return 0
    ours = Payout.objects.filter(account_id=account_id, destination_payment__in=snapshot.payments)
    return sum(_note(pk, status, snapshot) for pk in ours.order_by("pk").values_list("pk", flat=True))


def _note(payout_id: int, status: BankStatus, snapshot: BankPayoutSnapshot) -> bool:
    with transaction.atomic():
        payout = locks.lock_payout(payout_id)
        if payout.state != PayoutState.PAID or _RANK[status] <= _RANK[payout.bank_status]:
            return False
        Payout.objects.filter(pk=payout_id).update(bank_status=status, bank_failure=snapshot.failure_code)
        if status == BankStatus.FAILED:
            data = {"external_id": snapshot.external_id, "why": snapshot.failure_code}
            alerting.alert(code="payout_bank_failed", subject=f"payout:{payout_id}", severity="warning", data=data)
            escrow = str(payout.release.escrow_id)
            events.publish(
                name="funding.payout_returned", key=f"payout_returned:{snapshot.external_id}:{payout_id}",
                payload={"escrow": escrow, "payout": str(payout_id)},
            )  # fmt: skip
    return True


def take_back(*, payout_id: int, actor: User, reason: str) -> None:
    """Have the provider reverse the transfer of a payout that the bank returned; it is scheduled again then.

    Finance only, with a reason. Raises `IllegalTransition` for a payout that no bank has returned.
    """
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    if not reason.strip():
        raise ReasonRequired(_("Say why the transfer is taken back."), field="reason")
    with transaction.atomic():
        payout = locks.lock_payout(payout_id)
        if payout.state != PayoutState.PAID or payout.bank_status != BankStatus.FAILED:
            raise IllegalTransition(
                _("Only what the bank has sent back can be taken back."), reason=f"payout_is_{payout.state}"
            )
        kind, subject = CommandKind.REVERSE_TRANSFER, f"payout:{payout_id}"
        key = f"reverse:{paying_out.command_key(payout)}"
        commanding.plan(
            kind=kind, subject=subject,
            idempotency_key=commanding.key_to_ask_anew(kind=kind, subject=subject, key=key),
            payload={"transfer_id": payout.external_id}, amount=payout.amount, currency=payout.currency,
            provider=payout.account.provider if payout.account else "stripe",
        )  # fmt: skip
        audit.record(actor=actor, action="payout.taken_back", subject=f"payout:{payout_id}", reason=reason.strip())


def record_reversed(command: GatewayCommand, snapshot: TransferSnapshot) -> None:
    """The provider has reversed a transfer."""
    payout_id = int(command.subject.partition(":")[2])
    paying_out.apply_transfer(payout_id=payout_id, snapshot=snapshot)
    alerting.settled(code="payout_bank_failed", subject=command.subject, because="the transfer was taken back")


def record_not_reversed(command: GatewayCommand, error: ProviderRefused) -> None:
    """The provider could not reverse it: the creator's account no longer has the money, most likely."""
    code = str(error.extra.get("provider_code") or error.code)[:80]
    alerting.alert(code="payout_not_reversed", subject=command.subject, severity="warning", data={"why": code})


def forget_returns(account: PayoutAccount) -> int:
    """Another bank account has been given: what the last one returned may be sent again. In a transaction."""
    waiting = Payout.objects.filter(creator_id=account.creator_id, bank_status=BankStatus.FAILED)
    return waiting.exclude(state=PayoutState.PAID).update(bank_status="", bank_failure="")
