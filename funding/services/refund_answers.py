"""What the provider says of a refund, from an answer, an event or the poller: late and repeated words do no harm."""

from django.db import transaction
from django.db.models import F

from cms.core import events, jobs
from cms.core.clock import AppNow
from funding import chart
from funding.exceptions import ProviderRefused
from funding.gateways.base import RefundSnapshot
from funding.models import Escrow, GatewayCommand, Payment, Pledge, Refund
from funding.services import commanding, recounting
from funding.services.contesting import follow
from funding.services.refund_calls import command_key, journal_key
from funding.services.refund_cases import CLOSED, ON_ITS_WAY, Case, announce_totals, lock_case, move, post, unsettled
from funding.services.stocking import return_sold
from funding.states import PLEDGE, REFUND, EscrowState, PledgeState, RefundState
from funding.transitions import transition

_TARGETS = {
    "pending": RefundState.PENDING,
    "requires_action": RefundState.PENDING,
    "succeeded": RefundState.SUCCEEDED,
    "failed": RefundState.FAILED,
    "canceled": RefundState.FAILED,
}


def apply_refund(*, refund_id: int, snapshot: RefundSnapshot) -> None:
    """Take the provider's word on a refund.

    A good refund that the bank sends back, and one that fails when the escrow is closed, stay owed to the backer and
    wait for a person; any other failure puts the money back into the escrow.
    """
    target = _TARGETS.get(snapshot.status)
    if target is None:
        return
    with transaction.atomic():
        case = lock_case(refund_id)
        if not _is_of_this_attempt(case.refund, snapshot) or not REFUND.allows(case.refund.state, target):
            return
        if target == RefundState.SUCCEEDED:
            _succeed(case, snapshot.external_id)
        elif target == RefundState.FAILED:
            _fail(case, snapshot.external_id, snapshot.failure_code or "failed")
        else:
            move(case.refund, target, external_id=snapshot.external_id)


def refuse_refund(*, refund_id: int, code: str) -> None:
    """The provider refused to make the refund at all: as if it had failed."""
    with transaction.atomic():
        case = lock_case(refund_id)
        if case.refund.state in ON_ITS_WAY:
            _fail(case, "", code)


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


def _succeed(case: Case, external_id: str) -> None:
    refund, pledge, key = case.refund, case.pledge, case.pledge.escrow.key
    move(
        refund, RefundState.SUCCEEDED, external_id=external_id or refund.external_id, succeeded_at=AppNow(),
        failure_code="",
    )  # fmt: skip
    if case.counts:
        Pledge.objects.filter(pk=pledge.pk).update(refunded_amount=F("refunded_amount") + refund.amount)
    done = not case.payment.refunds.exclude(state__in=[RefundState.SUCCEEDED, RefundState.FAILED]).exists()
    if pledge.state == PledgeState.REFUND_PENDING and case.whole and done:
        transition(
            machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=PledgeState.REFUNDED, reason=refund.reason,
            ended_at=AppNow(),
        )  # fmt: skip
        if case.counts:
            return_sold([pledge.pk])
    post(case, f"{journal_key(refund)}:succeeded", "refund_succeeded", chart.refund_payable(key), case.provider)
    payload = {
        "escrow": str(case.escrow_id), "pledges": [str(pledge.pk)], "reason": refund.reason, "refund": str(refund.pk),
    }  # fmt: skip
    events.publish(name="funding.pledge_refunded", key=f"pledge_refunded:{journal_key(refund)}", payload=payload)
    _nudge_run(case)


def _fail(case: Case, external_id: str, code: str) -> None:
    refund, key = case.refund, case.pledge.escrow.key
    came_back = refund.state == RefundState.SUCCEEDED
    closed = Escrow.objects.filter(pk=case.escrow_id, state__in=CLOSED).exists()
    move(
        refund, RefundState.FAILED, reason=code, external_id=external_id or refund.external_id, failure_code=code,
        succeeded_at=None,
    )  # fmt: skip
    name = journal_key(refund)
    if came_back:
        post(case, f"{name}:returned", "refund_returned", case.provider, chart.refund_payable(key))
        if case.counts:
            Pledge.objects.filter(pk=case.pledge.pk).update(refunded_amount=F("refunded_amount") - refund.amount)
    if case.counts:
        post(case, f"{name}:failed", "refund_failed", chart.refund_payable(key), chart.escrow(key))
    # Of a pledge that has ended nothing may count again: what came back once stays owed, however often it fails.
    if came_back or closed or not case.counts or case.pledge.state == PledgeState.REFUNDED:
        _keep_owed(case)
    else:
        _hold_again(case)
    _nudge_run(case)


def _nudge_run(case: Case) -> None:
    """After the last answer of a refund run its end need not wait for the sweep."""
    running = Escrow.objects.filter(pk=case.escrow_id, state__in=[EscrowState.REFUNDING, EscrowState.REFUND_BLOCKED])
    if running.exists() and not unsettled(case.escrow_id).exists():
        jobs.enqueue("funding.settle_escrow", case.escrow_id)


def _keep_owed(case: Case) -> None:
    """The next attempt, without a call: the money waits in refund payable until a person says how it goes back."""
    refund, key = case.refund, case.pledge.escrow.key
    move(refund, RefundState.REQUESTED, attempt=refund.attempt + 1, external_id="", reason="still owed")
    if case.counts:
        post(case, journal_key(refund), "refund_asked", chart.escrow(key), chart.refund_payable(key))


def _hold_again(case: Case) -> None:
    refund, pledge, whole = case.refund, case.pledge, case.whole
    Payment.objects.filter(pk=case.payment.pk).update(refund_reserved=F("refund_reserved") - refund.amount)
    counted = []
    if whole and pledge.state == PledgeState.REFUND_PENDING:
        counted = transition(
            machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=PledgeState.PAID, reason="refund failed"
        )
    pledge.refresh_from_db(fields=["state"])
    # A refund that fails because of a dispute leaves the pledge disputed.
    follow(pledge)
    recounting.put_back(escrow_id=case.escrow_id, amount=refund.amount, pledges=counted)
    announce_totals(case.escrow_id, f"{journal_key(refund)}:failed")
