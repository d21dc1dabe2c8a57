"""A creator's connected account: made at the provider, filled in on the provider's own pages, watched ever after."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from cms.core import events, sweeps
from cms.core.clock import AppNow
from cms.core.errors import InvalidInput
from cms.users import audit
from cms.users.models import User
from funding.exceptions import BankDetailsNeeded, PayoutAccountMissing, ProviderRefused, ProviderUnavailable
from funding.gateways import get_gateway
from funding.gateways.base import AccountSnapshot
from funding.models import Escrow, Payout, PayoutAccount
from funding.models.payees import BANK, PayeeKind
from funding.services import alerting, channels, paying_out, replacing
from funding.states import EscrowState, PayoutState

# App time between two looks at an account that money is about to go to.
LOOK_EVERY = timedelta(hours=1)


def start_onboarding(*, creator: User, kind: str, country: str, return_url: str, refresh_url: str) -> str:
    """The address of the provider's pages where a creator enters what payouts need; valid for minutes.

    Makes the connected account the first time. Calls the provider, so never inside a transaction. Raises
    `ProviderUnavailable`, `ProviderRefused`, `InvalidInput`; `BankDetailsNeeded` where payouts go
    out by bank transfer.
    """
    if kind not in PayeeKind.values:
        raise InvalidInput(_("Say whether you act as a person or as an organisation."), field="kind")
    present = PayoutAccount.current(creator.pk)
    if (present.provider if present and present.external_id else channels.payout_rail()) == BANK:
        raise BankDetailsNeeded(_("Payouts go out by bank transfer: creators enter their bank account in the studio."))
    account, _made = PayoutAccount.objects.get_or_create(
        creator=creator, replaced_at=None, defaults={"kind": kind, "country": country, "contact": creator.email}
    )
    if not account.external_id:
        # Whatever way payouts went when it was begun: nothing had been set up.
        account.provider = channels.payout_rail()
        account.save(update_fields=["provider"])
        account = _open(account)
    return get_gateway(account.provider).account_link(
        account_id=account.external_id, return_url=return_url, refresh_url=refresh_url
    )


def _open(account: PayoutAccount) -> PayoutAccount:
    # The key is the row's and no other's: a call repeated after a crash finds the same account again.
    key = f"account:{account.creator_id}:{account.created_at.timestamp():.3f}"
    snapshot = get_gateway(account.provider).create_account(
        country=account.country, email=account.creator.email, kind=account.kind, creator_id=account.creator_id,
        command=key,
    )  # fmt: skip
    with transaction.atomic():
        PayoutAccount.objects.filter(pk=account.pk, external_id="").update(external_id=snapshot.external_id)
        audit.record(actor=account.creator, action="payout_account.opened", subject=f"user:{account.creator_id}")
    account.refresh_from_db()
    return apply_account(snapshot=snapshot) or account


def refresh_account(*, account_id: int) -> PayoutAccount:
    """Look at a connected account again, after an event, on the creator's return, or by the sweep.

    `account_id` is our row's. Raises `PayoutAccountMissing`, `ProviderUnavailable`.
    """
    account = PayoutAccount.objects.get(pk=account_id)
    if account.provider == BANK:
        return account
    if not account.external_id:
        raise PayoutAccountMissing(_("Payouts have not been set up yet."))
    return apply_account(snapshot=get_gateway(account.provider).retrieve_account(account.external_id)) or account


def apply_account(*, snapshot: AccountSnapshot) -> PayoutAccount | None:
    """Take the provider's word on a connected account. Losing transfers blocks payouts; it never loses them. Another
    bank account than before keeps payouts back for 72 hours.

    None for an account that isn't ours.
    """
    with transaction.atomic():
        account = PayoutAccount.objects.select_for_update(no_key=True).filter(external_id=snapshot.external_id).first()
        if account is None:
            return None
        changed = account.transfers_enabled != snapshot.transfers_enabled
        replacing.note_bank(account, snapshot.bank)
        PayoutAccount.objects.filter(pk=account.pk).update(
            details_submitted=snapshot.details_submitted, transfers_enabled=snapshot.transfers_enabled,
            requirements=list(snapshot.requirements), payouts_enabled=snapshot.payouts_enabled, checked_at=AppNow(),
            bank=snapshot.bank or account.bank, bank_last4=snapshot.bank_last4 or account.bank_last4,
        )  # fmt: skip
        if changed:
            _announce(account, snapshot)
    account.refresh_from_db()
    if changed and snapshot.transfers_enabled:
        paying_out.submit_due()
    return account


def _announce(account: PayoutAccount, snapshot: AccountSnapshot) -> None:
    _tell_finance(account, snapshot)
    action = "payout_account.enabled" if snapshot.transfers_enabled else "payout_account.disabled"
    audit.record(
        actor=None, action=action, subject=f"user:{account.creator_id}", requirements=list(snapshot.requirements)
    )
    events.publish(
        name="funding.payout_account_changed",
        key=f"payout_account:{account.pk}:{snapshot.transfers_enabled}:{account.checked_at}",
        payload={
            "creator": str(account.creator_id),
            "transfers_enabled": snapshot.transfers_enabled,
            "running": running_of(account.creator_id),
        },
    )


def _tell_finance(account: PayoutAccount, snapshot: AccountSnapshot) -> None:
    """While money of the creator's campaigns is under way, losing the account is finance's business."""
    subject = f"user:{account.creator_id}"
    if snapshot.transfers_enabled:
        alerting.settled(code="payout_account_disabled", subject=subject, because="the provider has enabled it again")
    elif account.replaced_at is None and (running := running_of(account.creator_id)):
        alerting.alert(
            code="payout_account_disabled", subject=subject, severity="warning",
            data={"campaigns": running, "requirements": list(snapshot.requirements)},
        )  # fmt: skip


def running_of(creator_id: int) -> list[str]:
    """Keys of a creator's campaigns that are live or settling."""
    done = [EscrowState.RELEASED, EscrowState.REFUNDED]
    mine = Escrow.objects.filter(creator_id=creator_id).exclude(state__in=done)
    return list(mine.order_by("pk").values_list("key", flat=True)[:20])


def refresh_due() -> int:
    """Look again, hourly, at the accounts that payouts will go to, and at once where one waits for the account: an
    event may be lost, and a change of the bank account has to be known before money goes there. Returns how many.
    """
    waiting = Payout.objects.filter(
        creator=OuterRef("creator"), state__in=[PayoutState.SCHEDULED, PayoutState.APPROVED, PayoutState.RETURNED]
    )
    old = Q(checked_at=None) | Q(checked_at__lte=AppNow() - LOOK_EVERY)
    blocked = Exists(waiting.filter(state=PayoutState.APPROVED)) & Q(transfers_enabled=False)
    due = PayoutAccount.objects.filter(Exists(waiting) & old | blocked, replaced_at=None)
    due = due.exclude(external_id="").exclude(provider=BANK)
    return sweeps.each(list(due.order_by("checked_at", "pk").values_list("pk", flat=True)[:200]), _refresh)


def _refresh(account_id: int) -> bool:
    try:
        refresh_account(account_id=account_id)
    except ProviderUnavailable as error:
        raise sweeps.EnoughError from error
    except ProviderRefused:
        return False
    return True
