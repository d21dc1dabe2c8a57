"""Payouts by bank transfer: finance takes a batch to the bank, and says what the bank said.

approved → submitting when it is in a batch (`BankOrder`, one an attempt) → paid with the bank's reference, the journal
`transfer:<payout>[:<n>]` being payable → bank; or sent back, with the same journal and states as a provider's transfer.
"""

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from cms.core import events
from cms.core.clock import AppNow
from cms.core.errors import InvalidInput
from cms.users import audit
from cms.users.models import User
from funding.exceptions import FourEyesRequired, IllegalTransition, PayoutAccountMissing, ReasonRequired
from funding.gateways.base import TransferSnapshot
from funding.models import BankBatch, BankOrder, Payout
from funding.models.payees import BANK
from funding.models.payouts import BankStatus
from funding.money import major
from funding.services import banking, paying_out
from funding.services.banking import BankAccount
from funding.states import PayoutState

MOST = 500


def waiting() -> list[Payout]:
    """Approved payouts whose creators are paid by bank transfer, oldest first."""
    approved = Payout.objects.filter(
        state=PayoutState.APPROVED, creator__payout_accounts__provider=BANK,
        creator__payout_accounts__replaced_at=None,
    )  # fmt: skip
    return list(approved.select_related("release__escrow", "creator").order_by("pk")[:MOST])


def unanswered() -> int:
    """How many payouts are with the bank, which has yet to say what became of them."""
    return Payout.objects.filter(state=PayoutState.SUBMITTING, account__provider=BANK).count()


def make_batch(*, actor: User) -> BankBatch | None:
    """Put every payout that can go into one batch; None where none can, and then each says why. Finance only."""
    banking.require_finance(actor)
    batch: BankBatch | None = None
    with transaction.atomic():
        # Two at once would both count on the same money at the bank.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7315003, 0)")
        for candidate in waiting():
            ready = paying_out.ready_to_go(candidate.pk)
            if ready is None or ready[1].provider != BANK or ready[0].creator_id == actor.pk:
                continue
            payout, account = ready
            batch = batch or BankBatch.objects.create(made_by=actor)
            BankOrder.objects.create(
                batch=batch, payout=payout, account=account, attempt=payout.attempt, amount=payout.amount,
                currency=payout.currency,
            )  # fmt: skip
            paying_out.begin(payout, account, reason=f"batch {batch.pk}", actor=actor)
        if batch is not None:
            audit.record(actor=actor, action="payouts.batched", subject=f"batch:{batch.pk}", count=batch.orders.count())
    return batch


def lines(*, batch_id: int, actor: User) -> list[list[str]]:
    """What the bank needs, a line a payout: the same whenever it is asked for, and each reading is logged.

    Numbers are in groups of four: a spreadsheet would round the long ones.
    """
    banking.require_finance(actor)
    found = []
    for order in BankOrder.objects.filter(batch=batch_id).select_related("payout__release__escrow").order_by("pk"):
        try:
            bank = banking.read(account_id=order.account_id, actor=actor, purpose=f"batch {batch_id}")
        except PayoutAccountMissing:  # the creator was forgotten since
            bank = BankAccount("", "", "")
        grouped = " ".join(bank.number[start : start + 4] for start in range(0, len(bank.number), 4))
        found.append([
            str(order), bank.holder, grouped, bank.bank_name, bank.branch, bank.swift,
            major(order.amount, order.currency), order.currency, order.payout.release.escrow.key,
        ])  # fmt: skip
    return found


def record_paid(*, payout_id: int, reference: str, actor: User) -> Payout:
    """The bank has paid: `reference` is its own and makes it once; the same again changes nothing. Finance only.

    Raises `InvalidInput` for a reference that another payout has, `IllegalTransition` for a payout in no batch.
    """
    reference = reference.strip()
    if not reference or len(reference) > 60:
        raise InvalidInput(_("Write the bank's reference of the transfer."), field="reference")
    with transaction.atomic():
        payout, order = _ordered(payout_id, actor)
        if payout.state == PayoutState.PAID and order.reference == reference:
            return payout
        if payout.state != PayoutState.SUBMITTING:
            raise IllegalTransition(_("This payout is not on its way."), reason=f"payout_is_{payout.state}")
        try:
            with transaction.atomic():
                BankOrder.objects.filter(pk=order.pk).update(reference=reference, booked_by=actor, booked_at=AppNow())
        except IntegrityError:
            raise InvalidInput(_("Another payout has this reference."), field="reference") from None
        audit.record(
            actor=actor, action="payout.paid_by_bank", subject=f"payout:{payout_id}", reference=reference,
            amount=payout.amount, currency=payout.currency,
        )  # fmt: skip
        paying_out.pay(payout, TransferSnapshot(
            external_id=f"bank:{reference}", amount=payout.amount, currency=payout.currency,
            destination=order.account.external_id,
        ))  # fmt: skip
    payout.refresh_from_db()
    return payout


def record_returned(*, payout_id: int, reason: str, actor: User) -> Payout:
    """The bank did not make the transfer, or sent it back; it waits for another bank account, or for finance.

    Finance only, with the bank's reason. Raises `IllegalTransition` for a payout that is not with the bank.
    """
    reason = reason.strip()
    if not reason:
        raise ReasonRequired(_("Say what the bank gave as its reason."), field="reason")
    with transaction.atomic():
        payout, order = _ordered(payout_id, actor)
        if payout.state == PayoutState.PAID:
            paying_out.take_back(payout)
        elif payout.state == PayoutState.SUBMITTING:
            paying_out.fail_transfer(payout_id=payout_id, code="returned")
        else:
            raise IllegalTransition(_("This payout is not with the bank."), reason=f"payout_is_{payout.state}")
        BankOrder.objects.filter(pk=order.pk).update(returned_at=AppNow())
        Payout.objects.filter(pk=payout_id).update(bank_status=BankStatus.FAILED, bank_failure=reason[:80])
        audit.record(
            actor=actor, action="payout.returned_by_bank", subject=f"payout:{payout_id}", reason=reason,
            reference=order.reference,
        )  # fmt: skip
        events.publish(
            name="funding.payout_returned", key=f"payout_returned:order:{order.pk}",
            payload={"escrow": str(payout.release.escrow_id), "payout": str(payout_id)},
        )  # fmt: skip
    payout.refresh_from_db()
    return payout


def _ordered(payout_id: int, actor: User) -> tuple[Payout, BankOrder]:
    banking.require_finance(actor)
    payout = paying_out.lock_with_escrow(payout_id)
    if payout.creator_id == actor.pk:
        raise FourEyesRequired(_("Nobody decides about their own payout."))
    order = BankOrder.objects.select_related("account").filter(payout=payout, attempt=payout.attempt).first()
    if order is None:
        raise IllegalTransition(_("This payout is in no batch."), reason=f"payout_is_{payout.state}")
    return payout, order
