"""A creator's money on its way: scheduled, approved (by two people above a limit), sent as one Transfer, paid.

Journals, for attempt n (the first has no suffix): `transfer:<payout>[:<n>]` payable → provider when it is paid,
`…:returned` provider → payable when the provider has reversed it. Where creators are paid by bank transfer, `bank`
stands for the provider, and `services.bank_batches` for the transfer.
"""

from dataclasses import asdict
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from cms.core import clock, events, jobs, sweeps
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from cms.users.selectors import payout_blockers
from funding import chart, ledger, locks
from funding.exceptions import FourEyesRequired, IllegalTransition, PayoutBlocked, ProviderRefused
from funding.gateways.base import TransferRequest, TransferSnapshot
from funding.models import Escrow, GatewayCommand, Payout, PayoutAccount, PayoutApproval, Release
from funding.models.commands import CommandKind
from funding.models.payees import BANK
from funding.models.payouts import BankStatus
from funding.services import alerting, commanding, owing
from funding.services.closing import announce_state
from funding.states import ESCROW, PAYOUT, EscrowState, PayoutState
from funding.transitions import log_start, transition

# App time until a failed transfer is tried again by itself, by attempt; afterwards daily.
BACKOFF = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


def schedule(*, release: Release) -> Payout:
    """Schedule the payout of a release in the caller's transaction; below the frozen limit the platform approves."""
    creator = release.escrow.creator
    payout = Payout.objects.create(
        release=release, creator=creator, amount=release.creator_amount, currency=release.currency,
        account=PayoutAccount.current(creator.pk),
    )  # fmt: skip
    log_start(machine=PAYOUT, ids=[payout.pk])
    _approve_if_enough(payout, actor=None)
    jobs.enqueue("funding.settle_escrow", release.escrow_id)
    return payout


def approvals_needed(payout: Payout) -> int:
    """0 up to the limit that was frozen at launch, 2 above it or where no limit was set for the currency.

    What counts is what will leave: less what is kept for debts, with the credit of disputes won after all.
    """
    limit = payout.release.escrow.policy.get("four_eyes_limit")
    return 0 if limit is not None and owing.net_of(payout) <= int(limit) else 2


def approve_payout(*, payout_id: int, actor: User) -> Payout:
    """One person's yes to a scheduled payout; the second of two different people approves it.

    Finance only, and never the creator. Raises `FourEyesRequired` when the same person says yes twice.
    """
    _require_finance(actor)
    with transaction.atomic():
        payout = locks.lock_payout(payout_id)
        if payout.creator_id == actor.pk:
            raise FourEyesRequired(_("Nobody approves their own payout."))
        if payout.state != PayoutState.SCHEDULED:
            raise IllegalTransition(_("This payout is not waiting for approval."), reason=f"payout_is_{payout.state}")
        try:
            with transaction.atomic():
                PayoutApproval.objects.create(payout=payout, approver=actor)
        except IntegrityError:
            raise FourEyesRequired(_("You have approved this payout; another person has to as well.")) from None
        audit.record(
            actor=actor, action="payout.approved", subject=f"payout:{payout_id}", amount=payout.amount,
            currency=payout.currency,
        )  # fmt: skip
        _approve_if_enough(payout, actor=actor)
        jobs.enqueue("funding.settle_escrow", payout.release.escrow_id)
    payout.refresh_from_db()
    return payout


def _approve_if_enough(payout: Payout, *, actor: User | None) -> bool:
    # Held until the amount is final: nothing comes between the judgement and the netting.
    locks.lock_debts(creator_id=payout.creator_id, currency=payout.currency)
    needed = approvals_needed(payout)
    if needed and _valid_approvals(payout) < needed:
        return False
    if not owing.net_from(payout):
        return True
    reason = "approved by two people" if needed else "within the limit"
    transition(machine=PAYOUT, model=Payout, ids=[payout.pk], target=PayoutState.APPROVED, actor=actor, reason=reason)
    return True


def _valid_approvals(payout: Payout) -> int:
    """How many different people said yes who are still of finance: a role that was taken away takes its word along."""
    still = Q(approver__groups__name=roles.FINANCE) | Q(approver__is_superuser=True)
    return payout.approvals.filter(still, approver__is_active=True).values("approver").distinct().count()


def submit_due() -> int:
    """Send every approved payout that nothing blocks, and take up failed ones whose pause is over; returns how many."""
    _take_up_failed()
    due = Payout.objects.filter(state=PayoutState.APPROVED).order_by("pk")
    return sweeps.each(due.values_list("pk", flat=True), lambda pk: submit(payout_id=pk))


def submit_all(*, escrow_id: int) -> int:
    """Send the approved payouts of one escrow; returns how many went."""
    due = Payout.objects.filter(state=PayoutState.APPROVED, release__escrow_id=escrow_id).order_by("pk")
    return sweeps.each(due.values_list("pk", flat=True), lambda pk: submit(payout_id=pk))


def submit(*, payout_id: int) -> bool:
    """Plan the one Transfer of an approved payout: True. With blockers, write them on the payout and leave it."""
    with transaction.atomic():
        ready = ready_to_go(payout_id)
        # What goes by bank transfer waits for finance's next batch.
        if ready is None or ready[1].provider == BANK:
            return False
        payout, account = ready
        begin(payout, account, reason=f"attempt {payout.attempt}")
        _plan_call(payout, account)
    return True


def ready_to_go(payout_id: int) -> tuple[Payout, PayoutAccount] | None:
    """An approved payout, locked, and where it goes; None if it is not approved, or can't go: then its blockers are
    written on it. In a transaction.
    """
    payout = locks.lock_payout(payout_id)
    if payout.state != PayoutState.APPROVED:
        return None
    account = PayoutAccount.current(payout.creator_id)
    blockers = blockers_of(payout, account)
    _note_blockers(payout, blockers)
    return None if blockers or account is None else (payout, account)


def begin(payout: Payout, account: PayoutAccount, *, reason: str, actor: User | None = None) -> None:
    """From now on it is on its way, to this account and to no other."""
    transition(
        machine=PAYOUT, model=Payout, ids=[payout.pk], target=PayoutState.SUBMITTING, account=account.pk,
        blockers=[], reason=reason, actor=actor,
    )  # fmt: skip


def _plan_call(payout: Payout, account: PayoutAccount) -> None:
    key = command_key(payout)
    request = TransferRequest(
        command=key, payout=payout.pk, escrow=payout.release.escrow.key, amount=payout.amount,
        currency=payout.currency, destination=account.external_id,
    )  # fmt: skip
    commanding.plan(
        kind=CommandKind.CREATE_TRANSFER, subject=f"payout:{payout.pk}", idempotency_key=key, payload=asdict(request),
        amount=payout.amount, currency=payout.currency, provider=account.provider,
    )  # fmt: skip


def command_key(payout: Payout) -> str:
    """The provider's idempotency key of the payout's present attempt."""
    return f"transfer:{payout.release.escrow.key}:{payout.pk}:{payout.attempt}"


def journal_key(payout: Payout) -> str:
    """The journal of the payout's present attempt."""
    return f"transfer:{payout.pk}" if payout.attempt == 1 else f"transfer:{payout.pk}:{payout.attempt}"


def blockers_of(payout: Payout, account: PayoutAccount | None) -> list[str]:
    """Codes of what stands in the way now: of the ledger, of the person, of the account at the provider."""
    found = [*alerting.payouts_frozen(), *payout_blockers(payout.creator)]
    if account is None or not account.external_id:
        found.append("no_payout_account")
    else:
        found += account_blockers(account)
        if account.provider == BANK and not _bank_has(payout):
            found.append("bank_short")
    if payout.bank_status == BankStatus.FAILED:
        found.append("bank_returned")
    return found


def _bank_has(payout: Payout) -> bool:
    """Whether the bank account in the books has it, beside all that is on its way from there."""
    ordered = Payout.objects.filter(state=PayoutState.SUBMITTING, account__provider=BANK, currency=payout.currency)
    on_its_way = ordered.aggregate(total=Sum("amount"))["total"] or 0
    return ledger.balance(chart.BANK, payout.currency) >= on_its_way + payout.amount


def account_blockers(account: PayoutAccount) -> list[str]:
    """Codes of what keeps an account at the provider from being paid now."""
    disabled = "bank_unchecked" if account.provider == BANK else "transfers_disabled"
    found = [] if account.transfers_enabled else [disabled]
    if account.held_until is not None and account.held_until > clock.now():
        found.append("account_changed")
    return found


def _note_blockers(payout: Payout, blockers: list[str]) -> None:
    if payout.blockers == blockers:
        return
    Payout.objects.filter(pk=payout.pk).update(blockers=blockers)
    # That our money is not at our bank yet is nothing a creator could do anything about.
    if not set(blockers) - {"bank_short"}:
        return
    escrow_id = payout.release.escrow_id
    events.publish(
        name="funding.payout_blocked",
        key=f"payout_blocked:{escrow_id}:{','.join(sorted(blockers))}",
        payload={"escrow": str(escrow_id), "payout": str(payout.pk), "blockers": blockers},
    )


def apply_transfer(*, payout_id: int, snapshot: TransferSnapshot) -> None:
    """Take the provider's word on a transfer: paid on its answer, returned once it has been reversed in full.

    Late and repeated words, and those on an earlier attempt's transfer, change nothing. Another amount or currency
    than ours is never posted: finance is told.
    """
    with transaction.atomic():
        payout = lock_with_escrow(payout_id)
        if not _is_of_this_attempt(payout, snapshot):
            return
        if _differs(payout, snapshot):
            return
        if payout.state == PayoutState.SUBMITTING:
            pay(payout, snapshot)
        if snapshot.reversed and payout.state == PayoutState.PAID:
            take_back(payout)


def _differs(payout: Payout, snapshot: TransferSnapshot) -> bool:
    if (snapshot.amount, snapshot.currency) == (payout.amount, payout.currency):
        return False
    alerting.alert(
        code="transfer_differs", subject=f"payout:{payout.pk}", severity="critical",
        data={
            "ours": payout.amount, "theirs": snapshot.amount, "currency": payout.currency,
            "their_currency": snapshot.currency, "external_id": snapshot.external_id,
        },
    )  # fmt: skip
    return True


def _is_of_this_attempt(payout: Payout, snapshot: TransferSnapshot) -> bool:
    if payout.external_id:
        return payout.external_id == snapshot.external_id
    return commanding.is_answer_to(key=command_key(payout), subject=f"payout:{payout.pk}", snapshot=snapshot)


def record_answer(command: GatewayCommand, snapshot: TransferSnapshot) -> None:
    """What the provider's answer to a planned transfer means."""
    apply_transfer(payout_id=_subject(command), snapshot=snapshot)


def record_refusal(command: GatewayCommand, error: ProviderRefused) -> None:
    """What the provider's refusal of a planned transfer means."""
    fail_transfer(payout_id=_subject(command), code=str(error.extra.get("provider_code") or error.code)[:80])


def _subject(command: GatewayCommand) -> int:
    return int(command.subject.partition(":")[2])


def lock_with_escrow(payout_id: int) -> Payout:
    """A payout that will be paid or returned: its escrow stands before it in the order of locks."""
    escrow_id = Payout.objects.values_list("release__escrow_id", flat=True).get(pk=payout_id)
    locks.lock_escrow(escrow_id)
    return locks.lock_payout(payout_id)


def pay(payout: Payout, snapshot: TransferSnapshot) -> None:
    """It is paid: say so, book it and tell. In a transaction that holds the escrow and the payout."""
    transition(
        machine=PAYOUT, model=Payout, ids=[payout.pk], target=PayoutState.PAID, external_id=snapshot.external_id,
        destination_payment=snapshot.destination_payment, bank_status="", bank_failure="", paid_at=AppNow(),
        failure_code="", reason=snapshot.external_id,
    )  # fmt: skip
    payout.refresh_from_db()
    _post(payout, journal_key(payout), "transfer", back=False)
    escrow_id = payout.release.escrow_id
    payload = {"escrow": str(escrow_id), "payout": str(payout.pk)}
    events.publish(name="funding.payout_paid", key=f"payout_paid:{journal_key(payout)}", payload=payload)
    finish_release(escrow_id=escrow_id)


def take_back(payout: Payout) -> None:
    """What was paid is with us again: book it and schedule the payout anew. Locks as for `pay`."""
    _post(payout, f"{journal_key(payout)}:returned", "transfer_returned", back=True)
    _again(payout, PayoutState.RETURNED, "returned")


def fail_transfer(*, payout_id: int, code: str) -> None:
    """The provider refused the transfer: nothing moved, the payout is scheduled again after a pause."""
    with transaction.atomic():
        payout = lock_with_escrow(payout_id)
        if payout.state == PayoutState.SUBMITTING:
            _again(payout, PayoutState.FAILED, code)


def _again(payout: Payout, target: PayoutState, code: str) -> None:
    transition(machine=PAYOUT, model=Payout, ids=[payout.pk], target=target, reason=code)
    pause = BACKOFF[min(payout.attempt, len(BACKOFF)) - 1]
    transition(
        machine=PAYOUT, model=Payout, ids=[payout.pk], target=PayoutState.SCHEDULED, reason="again after a pause",
        attempt=payout.attempt + 1, failure_code=code, external_id="", destination_payment="", paid_at=None,
        scheduled_at=clock.now() + pause,
    )  # fmt: skip


def _take_up_failed() -> None:
    paused = Payout.objects.filter(state=PayoutState.SCHEDULED, failure_code__gt="", scheduled_at__lte=AppNow())
    sweeps.each(paused.order_by("pk").values_list("pk", flat=True), _take_up)


def _take_up(payout_id: int) -> bool:
    with transaction.atomic():
        payout = locks.lock_payout(payout_id)
        return payout.state == PayoutState.SCHEDULED and _approve_if_enough(payout, actor=None)


def retry_payout(*, payout_id: int, actor: User) -> bool:
    """Try a payout again now, whatever pause it is in and though a bank returned it. Finance only.

    True if a transfer was planned.

    Raises `PayoutBlocked` with the codes of what still stands in the way.
    """
    _require_finance(actor)
    with transaction.atomic():
        payout = locks.lock_payout(payout_id)
        if payout.creator_id == actor.pk:
            raise FourEyesRequired(_("Nobody decides about their own payout."))
        audit.record(
            actor=actor, action="payout.retried", subject=f"payout:{payout_id}", attempt=payout.attempt,
            bank_status=payout.bank_status,
        )  # fmt: skip
        if payout.state != PayoutState.PAID:
            Payout.objects.filter(pk=payout_id).update(bank_status="", bank_failure="")
        if payout.state == PayoutState.SCHEDULED and not _approve_if_enough(payout, actor=actor):
            raise FourEyesRequired(_("This payout waits for approval by two people."))
    sent = submit(payout_id=payout_id)
    payout.refresh_from_db()
    if payout.blockers:
        raise PayoutBlocked(_("This payout can't go out yet."), blockers=payout.blockers)
    return sent


def finish_release(*, escrow_id: int) -> bool:
    """`released` once the escrow is empty and every payout of it has been paid; True if this call moved it."""
    with transaction.atomic():
        if locks.lock_escrow(escrow_id).held or unpaid(escrow_id).exists():
            return False
        moved = transition(
            machine=ESCROW, model=Escrow, ids=[escrow_id], target=EscrowState.RELEASED, reason="paid out", strict=False
        )
        if moved:
            announce_state(escrow_id, EscrowState.RELEASED)
    return bool(moved)


def unpaid(escrow_id: int) -> QuerySet[Payout]:
    """Payouts of an escrow that are neither paid nor wholly kept for a debt."""
    return Payout.objects.filter(release__escrow_id=escrow_id).exclude(state__in=[PayoutState.PAID, PayoutState.NETTED])


def _post(payout: Payout, key: str, kind: str, *, back: bool) -> None:
    source = chart.paying(payout.account.provider if payout.account else "stripe")
    payable = chart.payable(payout.creator_id)
    line = ledger.Line(source, payable, payout.amount) if back else ledger.Line(payable, source, payout.amount)
    ledger.post(key=key, kind=kind, escrow=payout.release.escrow, lines=[line], currency=payout.currency)


def _require_finance(actor: User) -> None:
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
