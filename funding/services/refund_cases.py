"""One refund with all that it touches, and the steps that every way of refunding shares.

Journals, for attempt n (the first has no suffix): `refund:<id>[:<n>]` escrow → refund payable; `…:succeeded` refund
payable → provider; `…:failed` refund payable → escrow; `…:returned` provider → refund payable, when a bank sends a
good refund back. An orphan's money never entered the escrow: it lies in refund payable until it is gone.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet, Sum

from cms.core import events, jobs
from cms.core.clock import AppNow
from funding import chart, ledger, locks
from funding.models import Amendment, Escrow, Payment, Pledge, Refund
from funding.models.refunds import RefundRoute
from funding.services import commanding, swapping
from funding.services.refund_calls import journal_key, planned_call
from funding.services.stocking import return_sold
from funding.states import PLEDGE, REFUND, ClaimState, EscrowState, PledgeState, RefundState
from funding.transitions import transition

# States of an escrow whose money is the creator's: a refund is paid by the platform, and owed by the creator.
PAID_OUT = frozenset({EscrowState.RELEASING, EscrowState.RELEASED})
# States of an escrow whose account has been emptied for good.
CLOSED = PAID_OUT | {EscrowState.REFUNDED}
# States in which every backer's money goes back, whatever the provider says at first.
GOING_BACK = frozenset({
    EscrowState.FAILED, EscrowState.CANCELLING, EscrowState.REFUNDING, EscrowState.REFUND_BLOCKED,
})  # fmt: skip
ON_ITS_WAY = (RefundState.REQUESTED, RefundState.SUBMITTED, RefundState.PENDING)


@dataclass
class Case:
    """One refund with its payment and its pledge, locked in the order of `funding.locks`."""

    payment: Payment
    refund: Refund
    pledge: Pledge
    amendment: Amendment | None = None

    @property
    def escrow_id(self) -> int:
        """Whose money it is, or was to be."""
        return self.pledge.escrow_id

    @property
    def counts(self) -> bool:
        """Whether the money was ever part of the escrow."""
        return not self.payment.orphan

    @property
    def whole(self) -> bool:
        """Whether nothing of the pledge remains once all its refunds are through; an orphan is no part of it."""
        return not left_of(self.pledge.pk) if self.counts else not self._has_counted()

    @property
    def settled(self) -> bool:
        """Whether no refund of the pledge is under way any more."""
        mine = Refund.objects.filter(payment__pledge=self.pledge, payment__orphan=self.payment.orphan)
        return not mine.exclude(state__in=[RefundState.SUCCEEDED, RefundState.FAILED]).exists()

    def _has_counted(self) -> bool:
        return Payment.objects.filter(pledge=self.pledge, captured__gt=0, orphan=False).exists()

    @property
    def source(self) -> str:
        """The account that the money was taken from when it was asked for; an orphan's was never in one."""
        escrow = self.pledge.escrow
        return chart.receivable(escrow.creator_id) if self.refund.late else chart.escrow(escrow.key)

    @property
    def provider(self) -> str:
        """The account of what the payment's provider holds for us."""
        return chart.provider(self.payment.provider)


def lock_case(refund_id: int) -> Case:
    """A refund with all that it touches, locked. In a transaction."""
    payment = locks.lock_payment(Refund.objects.values_list("payment_id", flat=True).get(pk=refund_id))
    refund = locks.lock_refunds([refund_id])[0]
    amendment = locks.lock_amendment(refund.amendment_id) if refund.amendment_id else None
    return Case(payment, refund, locks.lock_pledges([payment.pledge_id])[0], amendment)


def left_of(pledge_id: Any) -> int:
    """Minor units of a pledge that were paid and are neither refunded, promised back nor charged back."""
    mine = Payment.objects.filter(pledge_id=pledge_id, captured__gt=0, orphan=False)
    left = mine.aggregate(left=Sum(F("captured") - F("refund_reserved") - F("lost")))["left"] or 0
    return left - asked_back(mine)


def asked_back(payments: QuerySet[Payment]) -> int:
    """Minor units that banks took of payments after they had been paid out."""
    return payments.aggregate(total=Sum("disputes__from_creator"))["total"] or 0


def move(refund: Refund, target: str, *, reason: str = "", **fields: Any) -> None:
    """Bring a refund to another state, and the object at hand up to date."""
    transition(machine=REFUND, model=Refund, ids=[refund.pk], target=target, reason=reason, **fields)
    refund.refresh_from_db()


def post(case: Case, key: str, kind: str, debit: str, credit: str) -> None:
    """Post the refund's amount from one account to another."""
    ledger.post(
        key=key, kind=kind, escrow=case.pledge.escrow, currency=case.refund.currency,
        lines=[ledger.Line(debit, credit, case.refund.amount)],
    )  # fmt: skip


def post_asked(case: Case) -> None:
    """The money of the present attempt is owed to the backer: out of the escrow, or at the creator's cost."""
    kind = "late_refund_asked" if case.refund.late else "refund_asked"
    post(case, journal_key(case.refund), kind, case.source, chart.refund_payable(case.pledge.escrow.key))


def plan_call(case: Case) -> None:
    """Have the provider asked for the refund's present attempt."""
    refund, payment = case.refund, case.payment
    commanding.plan_many([
        planned_call(
            refund=refund.pk, attempt=refund.attempt, amount=refund.amount, currency=refund.currency,
            payment=payment.pk, provider=payment.provider, intent=payment.intent_id, escrow=case.pledge.escrow.key,
        )
    ])  # fmt: skip


def unsettled(escrow_id: int) -> QuerySet[Refund]:
    """Refunds of an escrow that may still succeed or fail; claims that wait for a person are not among them."""
    mine = Refund.objects.filter(payment__pledge__escrow_id=escrow_id, payment__orphan=False, state__in=ON_ITS_WAY)
    return mine.exclude(claim__state=ClaimState.OPEN)


def arrive(case: Case, account: str, *, route: str = RefundRoute.PROVIDER, external_id: str = "") -> None:
    """The money has gone back, out of `account`: the refund has succeeded, and with the last of it the pledge ends."""
    refund, pledge, name = case.refund, case.pledge, journal_key(case.refund)
    move(
        refund, RefundState.SUCCEEDED, external_id=external_id or refund.external_id, succeeded_at=AppNow(),
        failure_code="", not_before=None, route=str(route),
    )  # fmt: skip
    if case.counts and swapping.lowers_pledge(refund):
        Pledge.objects.filter(pk=pledge.pk).update(refunded_amount=F("refunded_amount") + refund.amount)
    if pledge.state == PledgeState.REFUND_PENDING and case.whole and case.settled:
        transition(
            machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=PledgeState.REFUNDED, reason=refund.reason,
            ended_at=AppNow(),
        )  # fmt: skip
        if case.counts:
            return_sold([pledge.pk])
    kind = "refund_succeeded" if route == RefundRoute.PROVIDER else "refund_by_bank"
    post(case, f"{name}:succeeded", kind, chart.refund_payable(pledge.escrow.key), account)
    payload = {
        "escrow": str(case.escrow_id), "pledges": [str(pledge.pk)], "reason": refund.reason, "refund": str(refund.pk),
    }  # fmt: skip
    events.publish(name="funding.pledge_refunded", key=f"pledge_refunded:{name}", payload=payload)
    if case.amendment:
        swapping.refund_answered(case.amendment, pledge)
    nudge_run(case)


def nudge_run(case: Case) -> None:
    """After the last answer of a refund run its end need not wait for the sweep."""
    running = Escrow.objects.filter(pk=case.escrow_id, state__in=[EscrowState.REFUNDING, EscrowState.REFUND_BLOCKED])
    if running.exists() and not unsettled(case.escrow_id).exists():
        jobs.enqueue("funding.settle_escrow", case.escrow_id)


def announce_totals(escrow_id: int, cause: str) -> None:
    """Publish that an escrow's totals moved; `cause` makes it once a cause."""
    events.publish(name="funding.totals_changed", key=f"totals:{escrow_id}:{cause}", payload={"escrow": str(escrow_id)})
