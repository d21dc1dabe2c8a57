"""Money back to a backer: reserved on the payment, out of the escrow when asked for, out of the house when it arrives.

Journals, for attempt n (the first has no suffix): `refund:<id>[:<n>]` escrow → refund payable; `…:succeeded` refund
payable → provider; `…:failed` refund payable → escrow; `…:returned` provider → refund payable, when a bank sends a
good refund back. An orphan's money never entered the escrow: it lies in refund payable until it is gone.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from cms.core import events, jobs
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import chart, ledger, locks
from funding.exceptions import (
    FundsReleased,
    IllegalTransition,
    ProviderRefused,
    ReasonRequired,
    RefundExceedsPayment,
)
from funding.gateways import limits
from funding.gateways.base import RefundSnapshot
from funding.models import Escrow, GatewayCommand, Payment, Pledge, Refund
from funding.models.refunds import RefundReason
from funding.money import BadAmount, check_amount, major
from funding.services import commanding, recounting
from funding.services.refund_calls import command_key, journal_key, planned_call
from funding.services.stocking import return_sold
from funding.states import PLEDGE, REFUND, EscrowState, PledgeState, RefundState
from funding.transitions import log_start, transition

# States of an escrow whose account has been emptied for good.
CLOSED = frozenset({EscrowState.RELEASING, EscrowState.RELEASED, EscrowState.REFUNDED})
_ON_ITS_WAY = (RefundState.REQUESTED, RefundState.SUBMITTED, RefundState.PENDING)


@dataclass
class _Case:
    """One refund with all that it touches, locked in the order of `funding.locks`."""

    payment: Payment
    refund: Refund
    pledge: Pledge

    @property
    def escrow_id(self) -> int:
        return self.pledge.escrow_id

    @property
    def counts(self) -> bool:
        """Whether the money was ever part of the escrow."""
        return not self.payment.orphan

    @property
    def whole(self) -> bool:
        """Whether nothing of the payment remains once all its refunds are through."""
        return self.payment.refund_reserved == self.payment.captured


def refund_payment(
    *, payment_id: int, amount: int, reason: str, actor: User | None, note: str = ""
) -> Refund:  # fmt: skip
    """Ask for a refund of `amount` minor units of a payment; the provider is called after commit.

    A refund of all that is left moves the pledge to refund_pending, and to refunded when the money has arrived.
    Raises `RefundExceedsPayment`, `FundsReleased` once the escrow is paid out, `BadAmount`.
    """
    check_amount(amount, minimum=1)
    with transaction.atomic():
        payment = locks.lock_payment(payment_id)
        pledge = locks.lock_pledges([payment.pledge_id])[0]
        _require_refundable(pledge, payment)
        # The CHECK on the row says the same: no path can promise more than came in.
        reserved = Payment.objects.filter(pk=payment_id, captured__gte=F("refund_reserved") + amount).update(
            refund_reserved=F("refund_reserved") + amount
        )
        if not reserved:
            left = payment.captured - payment.refund_reserved
            raise RefundExceedsPayment(_("More would go back than came in."), field="amount", remaining=left)
        payment.refund_reserved += amount
        refund = Refund.objects.create(
            payment=payment, amount=amount, currency=payment.currency, reason=reason, note=note, requested_by=actor
        )
        log_start(machine=REFUND, ids=[refund.pk], actor=actor, reason=note or reason)
        _ask(_Case(payment, refund, pledge), actor)
    return refund


def finance_refund(*, pledge_id: UUID | str, amount: int, reason: str, actor: User) -> Refund:
    """Refund part or all of a pledge by decision of finance, with a reason in words. Errors as `refund_payment`."""
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    if not reason.strip():
        raise ReasonRequired(_("Say why the money goes back."), field="reason")
    payment = Payment.objects.filter(pledge_id=pledge_id, captured__gt=0, orphan=False).first()
    if payment is None:
        raise RefundExceedsPayment(_("Nothing was paid for this pledge."), field="amount", remaining=0)
    _check_step(amount, payment.currency)
    with transaction.atomic():
        refund = refund_payment(
            payment_id=payment.pk, amount=amount, reason=RefundReason.FINANCE, actor=actor, note=reason.strip()
        )
        audit.record(
            actor=actor, action="refund.asked", subject=f"pledge:{pledge_id}", reason=reason, amount=amount,
            refund=refund.pk,
        )  # fmt: skip
    return refund


def _check_step(amount: int, currency: str) -> None:
    step = limits.STEP.get(currency, 1)
    if check_amount(amount, minimum=1) % step:
        sentence = _("Amounts in %(currency)s go in steps of %(amount)s.")
        raise BadAmount(sentence % {"currency": currency, "amount": major(step, currency)}, field="amount")


def remaining(*, pledge_id: UUID | str) -> int:
    """Minor units of a pledge that were paid and are neither refunded nor promised back."""
    payment = Payment.objects.filter(pledge_id=pledge_id, captured__gt=0, orphan=False).first()
    return payment.captured - payment.refund_reserved if payment else 0


def refund_orphan(*, payment_id: int) -> Refund:
    """Send back a payment that came too late to count; the same payment twice is one refund."""
    known = Refund.objects.filter(payment_id=payment_id, reason=RefundReason.ORPHAN).first()
    if known:
        return known
    payment = Payment.objects.get(pk=payment_id)
    return refund_payment(payment_id=payment_id, amount=payment.captured, reason=RefundReason.ORPHAN, actor=None)


def _require_refundable(pledge: Pledge, payment: Payment) -> None:
    if payment.orphan:
        return
    if pledge.state not in (PledgeState.PAID, PledgeState.REFUND_PENDING):
        raise IllegalTransition(
            _("This pledge can't be refunded now."), reason=f"pledge_is_{pledge.state}", state=pledge.state
        )
    if Escrow.objects.filter(pk=pledge.escrow_id, state__in=CLOSED).exists():
        raise FundsReleased(_("The money of this campaign has been paid out."))


def _ask(case: _Case, actor: User | None) -> None:
    """Take the money out of the escrow and plan the call; the refund's amount is reserved already."""
    refund, pledge, whole = case.refund, case.pledge, case.whole
    if whole:
        # An orphan's pledge may have been paid by another checkout: that one is left alone.
        sources = [PledgeState.PAID] if case.counts else [PledgeState.EXPIRED, PledgeState.CANCELLED]
        transition(
            machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=PledgeState.REFUND_PENDING, sources=sources,
            actor=actor, reason=refund.reason, strict=False,
        )  # fmt: skip
    _plan_call(case)
    if case.counts:
        recounting.take_off(escrow_id=pledge.escrow_id, amount=refund.amount, pledges=[pledge.pk] if whole else [])
        _require_still_open(pledge.escrow_id)
        key = pledge.escrow.key
        _post(case, journal_key(refund), "refund_asked", chart.escrow(key), chart.refund_payable(key))
        announce_totals(pledge.escrow_id, f"{journal_key(refund)}:asked")


def _require_still_open(escrow_id: int) -> None:
    # Its row is ours since the totals changed: a release can't slip in between.
    if Escrow.objects.filter(pk=escrow_id, state__in=CLOSED).exists():
        raise FundsReleased(_("The money of this campaign has been paid out."))


def _plan_call(case: _Case) -> None:
    refund, payment = case.refund, case.payment
    commanding.plan_many([
        planned_call(
            refund=refund.pk, attempt=refund.attempt, amount=refund.amount, currency=refund.currency,
            payment=payment.pk, intent=payment.intent_id, escrow=case.pledge.escrow.key,
        )
    ])  # fmt: skip


def apply_refund(*, refund_id: int, snapshot: RefundSnapshot) -> None:
    """Take the provider's word on a refund, from an answer, an event or the poller; late and repeated do no harm.

    A good refund that the bank sends back, and one that fails when the escrow is closed, stay owed to the backer and
    wait for a person; any other failure puts the money back into the escrow.
    """
    target = _TARGETS.get(snapshot.status)
    if target is None:
        return
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    with transaction.atomic():
        payment = locks.lock_payment(payment_id)
        refund = locks.lock_refunds([refund_id])[0]
        if not _is_of_this_attempt(refund, snapshot) or not REFUND.allows(refund.state, target):
            return
        case = _Case(payment, refund, locks.lock_pledges([payment.pledge_id])[0])
        if target == RefundState.SUCCEEDED:
            _succeed(case, snapshot.external_id)
        elif target == RefundState.FAILED:
            _fail(case, snapshot.external_id, snapshot.failure_code or "failed")
        else:
            _move(refund, target, external_id=snapshot.external_id)


def refuse_refund(*, refund_id: int, code: str) -> None:
    """The provider refused to make the refund at all: as if it had failed."""
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    with transaction.atomic():
        payment = locks.lock_payment(payment_id)
        refund = locks.lock_refunds([refund_id])[0]
        if refund.state in _ON_ITS_WAY:
            _fail(_Case(payment, refund, locks.lock_pledges([payment.pledge_id])[0]), "", code)


_TARGETS = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}


def record_answer(command: GatewayCommand, snapshot: RefundSnapshot) -> None:
    """What the provider's answer to a planned refund means."""
    apply_refund(refund_id=_subject(command), snapshot=snapshot)


def record_refusal(command: GatewayCommand, error: ProviderRefused) -> None:
    """What the provider's refusal of a planned refund means."""
    refuse_refund(refund_id=_subject(command), code=str(error.extra.get("provider_code") or error.code)[:80])


def _subject(command: GatewayCommand) -> int:
    return int(command.subject.partition(":")[2])


def _is_of_this_attempt(refund: Refund, snapshot: RefundSnapshot) -> bool:
    if refund.external_id:
        return refund.external_id == snapshot.external_id
    return commanding.is_answer_to(key=command_key(refund), subject=f"refund:{refund.pk}", snapshot=snapshot)


def _move(refund: Refund, target: str, *, reason: str = "", **fields: Any) -> None:
    transition(machine=REFUND, model=Refund, ids=[refund.pk], target=target, reason=reason, **fields)
    refund.refresh_from_db()


def _succeed(case: _Case, external_id: str) -> None:
    refund, pledge, key = case.refund, case.pledge, case.pledge.escrow.key
    _move(
        refund, RefundState.SUCCEEDED, external_id=external_id or refund.external_id, succeeded_at=AppNow(),
        failure_code="",
    )  # fmt: skip
    if case.counts:
        Pledge.objects.filter(pk=pledge.pk).update(refunded_amount=F("refunded_amount") + refund.amount)
    done = not case.payment.refunds.exclude(state=RefundState.SUCCEEDED).exclude(state=RefundState.FAILED).exists()
    if pledge.state == PledgeState.REFUND_PENDING and case.whole and done:
        transition(
            machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=PledgeState.REFUNDED, reason=refund.reason,
            ended_at=AppNow(),
        )  # fmt: skip
        if case.counts:
            return_sold([pledge.pk])
    _post(case, f"{journal_key(refund)}:succeeded", "refund_succeeded", chart.refund_payable(key), _provider(case))
    payload = {
        "escrow": str(case.escrow_id), "pledges": [str(pledge.pk)], "reason": refund.reason, "refund": str(refund.pk),
    }  # fmt: skip
    events.publish(name="funding.pledge_refunded", key=f"pledge_refunded:{journal_key(refund)}", payload=payload)
    _nudge_run(case)


def _fail(case: _Case, external_id: str, code: str) -> None:
    refund, key = case.refund, case.pledge.escrow.key
    came_back = refund.state == RefundState.SUCCEEDED
    closed = Escrow.objects.filter(pk=case.escrow_id, state__in=CLOSED).exists()
    _move(
        refund, RefundState.FAILED, reason=code, external_id=external_id or refund.external_id, failure_code=code,
        succeeded_at=None,
    )  # fmt: skip
    name = journal_key(refund)
    if came_back:
        _post(case, f"{name}:returned", "refund_returned", _provider(case), chart.refund_payable(key))
        if case.counts:
            Pledge.objects.filter(pk=case.pledge.pk).update(refunded_amount=F("refunded_amount") - refund.amount)
    if case.counts:
        _post(case, f"{name}:failed", "refund_failed", chart.refund_payable(key), chart.escrow(key))
    # Of a pledge that has ended nothing may count again: what came back once stays owed, however often it fails.
    if came_back or closed or not case.counts or case.pledge.state == PledgeState.REFUNDED:
        _keep_owed(case)
    else:
        _hold_again(case)
    _nudge_run(case)


def unsettled(escrow_id: int) -> QuerySet[Refund]:
    """Refunds of an escrow that may still succeed or fail; those that wait for a person are not among them."""
    mine = Refund.objects.filter(payment__pledge__escrow_id=escrow_id, payment__orphan=False, state__in=_ON_ITS_WAY)
    return mine.exclude(state=RefundState.REQUESTED, failure_code__gt="")


def _nudge_run(case: _Case) -> None:
    """After the last answer of a refund run its end need not wait for the sweep."""
    running = Escrow.objects.filter(pk=case.escrow_id, state__in=[EscrowState.REFUNDING, EscrowState.REFUND_BLOCKED])
    if running.exists() and not unsettled(case.escrow_id).exists():
        jobs.enqueue("funding.settle_escrow", case.escrow_id)


def _keep_owed(case: _Case) -> None:
    """The next attempt, without a call: the money waits in refund payable until a person says how it goes back."""
    refund, key = case.refund, case.pledge.escrow.key
    _move(refund, RefundState.REQUESTED, attempt=refund.attempt + 1, external_id="", reason="still owed")
    if case.counts:
        _post(case, journal_key(refund), "refund_asked", chart.escrow(key), chart.refund_payable(key))


def _hold_again(case: _Case) -> None:
    refund, pledge, whole = case.refund, case.pledge, case.whole
    Payment.objects.filter(pk=case.payment.pk).update(refund_reserved=F("refund_reserved") - refund.amount)
    counted = []
    if whole and pledge.state == PledgeState.REFUND_PENDING:
        counted = transition(
            machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=PledgeState.PAID, reason="refund failed"
        )
    recounting.put_back(escrow_id=case.escrow_id, amount=refund.amount, pledges=counted)
    announce_totals(case.escrow_id, f"{journal_key(refund)}:failed")


def retry_refund(*, refund_id: int, actor: User) -> Refund:
    """Ask again for a refund that failed or is still owed. Finance only; errors as `refund_payment`."""
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    payment_id = Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id)
    with transaction.atomic():
        payment = locks.lock_payment(payment_id)
        refund = locks.lock_refunds([refund_id])[0]
        case = _Case(payment, refund, locks.lock_pledges([payment.pledge_id])[0])
        if refund.state == RefundState.FAILED:
            _ask_again(case, actor)
        elif refund.state == RefundState.REQUESTED and refund.failure_code:
            _plan_call(case)
        else:
            raise IllegalTransition(_("This refund needs no retry."), reason=f"refund_is_{refund.state}")
        audit.record(actor=actor, action="refund.retried", subject=f"refund:{refund_id}", attempt=refund.attempt)
    return refund


def _ask_again(case: _Case, actor: User) -> None:
    refund, payment = case.refund, case.payment
    _require_refundable(case.pledge, payment)
    if not Payment.objects.filter(pk=payment.pk, captured__gte=F("refund_reserved") + refund.amount).update(
        refund_reserved=F("refund_reserved") + refund.amount
    ):
        raise RefundExceedsPayment(_("More would go back than came in."), remaining=payment.captured)
    payment.refund_reserved += refund.amount
    transition(
        machine=REFUND, model=Refund, ids=[refund.pk], target=RefundState.REQUESTED, actor=actor, reason="retried",
        attempt=refund.attempt + 1, external_id="",
    )  # fmt: skip
    refund.refresh_from_db()
    _ask(case, actor)


def _post(case: _Case, key: str, kind: str, debit: str, credit: str) -> None:
    ledger.post(
        key=key, kind=kind, escrow=case.pledge.escrow, currency=case.refund.currency,
        lines=[ledger.Line(debit, credit, case.refund.amount)],
    )  # fmt: skip


def _provider(case: _Case) -> str:
    return chart.provider(case.payment.provider)


def announce_totals(escrow_id: int, cause: str) -> None:
    """Publish that an escrow's totals moved; `cause` makes it once a cause."""
    events.publish(name="funding.totals_changed", key=f"totals:{escrow_id}:{cause}", payload={"escrow": str(escrow_id)})
