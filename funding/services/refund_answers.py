"""What the provider says of a refund, from an answer, an event or the poller: late and repeated words do no harm."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F

from cms.core import clock
from funding import chart
from funding.exceptions import ProviderRefused
from funding.gateways.base import RefundSnapshot
from funding.models import Escrow, GatewayCommand, Payment, Pledge, Refund, RefundClaim
from funding.models.claims import ClaimResolution
from funding.services import alerting, commanding, covering, owing, recounting, swapping
from funding.services.claiming import open_claims, settle_claim
from funding.services.contesting import follow
from funding.services.covering import SHORT
from funding.services.refund_calls import command_key, journal_key
from funding.services.refund_cases import (
    CLOSED,
    GOING_BACK,
    ON_ITS_WAY,
    Case,
    announce_totals,
    arrive,
    lock_case,
    move,
    nudge_run,
    post,
    post_asked,
)
from funding.states import PLEDGE, REFUND, PledgeState, RefundState
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

    What the provider had taken on and failed stays owed to the backer: it becomes a claim, or is asked for again by
    itself when the provider's balance was short. Whether we heard of a success in between makes no difference.
    Another amount or currency than ours is never posted: finance is told.
    """
    target = _TARGETS.get(snapshot.status)
    if target is None:
        return
    with transaction.atomic():
        case = lock_case(refund_id)
        if not _is_of_this_attempt(case.refund, snapshot) or not REFUND.allows(case.refund.state, target):
            return
        if _differs(case.refund, snapshot):
            return
        if target == RefundState.SUCCEEDED:
            arrive(case, case.provider, external_id=snapshot.external_id)
            settle_claim(case.refund)
        elif target == RefundState.FAILED:
            _fail(case, snapshot.external_id, snapshot.failure_code or "failed")
        else:
            short = snapshot.pending_reason == SHORT
            move(case.refund, target, external_id=snapshot.external_id, failure_code=SHORT if short else "")
            if short:
                covering.note_short(case.refund, case.payment.provider)


def refuse_refund(*, refund_id: int, code: str) -> None:
    """The provider refused to make the refund at all: while the campaign runs, the money counts again."""
    with transaction.atomic():
        case = lock_case(refund_id)
        if case.refund.state in ON_ITS_WAY:
            _fail(case, "", code, refused=True)


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


def _fail(case: Case, external_id: str, code: str, *, refused: bool = False) -> None:
    refund, key = case.refund, case.pledge.escrow.key
    came_back = refund.state == RefundState.SUCCEEDED
    move(
        refund, RefundState.FAILED, reason=code, external_id=external_id or refund.external_id, failure_code=code,
        succeeded_at=None,
    )  # fmt: skip
    name = journal_key(refund)
    if came_back:
        post(case, f"{name}:returned", "refund_returned", case.provider, chart.refund_payable(key))
        if case.counts and swapping.lowers_pledge(refund):
            Pledge.objects.filter(pk=case.pledge.pk).update(refunded_amount=F("refunded_amount") - refund.amount)
    if case.counts:
        kind = "late_refund_failed" if refund.late else "refund_failed"
        post(case, f"{name}:failed", kind, chart.refund_payable(key), case.source)
    if refused and _may_count_again(case):
        _hold_again(case)
    else:
        _keep_owed(case)
    if case.amendment:
        swapping.refund_answered(case.amendment, case.pledge)
    nudge_run(case)


def _differs(refund: Refund, snapshot: RefundSnapshot) -> bool:
    """Whether the provider speaks of another sum than we asked for: then a person has to look."""
    if (snapshot.amount, snapshot.currency) == (refund.amount, refund.currency):
        return False
    alerting.alert(
        code="refund_differs", subject=f"refund:{refund.pk}", severity="critical",
        data={
            "ours": refund.amount, "theirs": snapshot.amount, "currency": refund.currency,
            "their_currency": snapshot.currency, "external_id": snapshot.external_id,
        },
    )  # fmt: skip
    return True


def _may_count_again(case: Case) -> bool:
    """Whether the money is the campaign's again: never of a pledge that has ended or of a campaign that is over, not
    of a claim, and not where the provider's balance alone was short."""
    if not case.counts or case.pledge.state == PledgeState.REFUNDED or case.refund.failure_code == SHORT:
        return False
    if swapping.is_bound(case.refund) or RefundClaim.objects.filter(refund=case.refund).exists():
        return False
    return not Escrow.objects.filter(pk=case.escrow_id, state__in=CLOSED | GOING_BACK).exists()


def _keep_owed(case: Case) -> None:
    """The next attempt, without a call: the money waits in refund payable, for the balance or for a person."""
    refund, code = case.refund, case.refund.failure_code
    pause = timedelta(minutes=min(24 * 60, 5 * 2 ** min(refund.attempt, 10)))
    move(
        refund, RefundState.REQUESTED, attempt=refund.attempt + 1, external_id="", reason="still owed",
        not_before=clock.now() + pause if code == SHORT else None,
    )  # fmt: skip
    if case.counts:
        post_asked(case)
    if code == SHORT:
        covering.note_short(refund, case.payment.provider)
    else:
        open_claims([refund.pk], code)


def end_owed(case: Case) -> None:
    """A refund that waits for a person is owed no more: the bank has paid the backer. It is held again."""
    refund, key = case.refund, case.pledge.escrow.key
    name = f"{journal_key(refund)}:failed"
    move(refund, RefundState.FAILED, reason="charged back")
    Payment.objects.filter(pk=case.payment.pk).update(refund_reserved=F("refund_reserved") - refund.amount)
    case.payment.refund_reserved -= refund.amount
    if refund.late:
        owing.cancel(refund=refund, key=name)
    elif case.counts:
        post(case, name, "refund_failed", chart.refund_payable(key), chart.escrow(key))
        recounting.put_back(escrow_id=case.escrow_id, amount=refund.amount)
    settle_claim(refund, ClaimResolution.CHARGEBACK)


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
