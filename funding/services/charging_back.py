"""Who bears a lost dispute, and who gets it back when it is won after all.

What the escrow still holds of the payment goes first; what had been paid out is the creator's debt; what had gone back
to the backer before, so that the bank now takes it twice, is the platform's loss.
"""

from django.db.models import F

from cms.core import jobs
from funding import chart
from funding.models import Escrow, GatewayCommand, HeldBack, Payment, Refund, RefundClaim
from funding.models.debts import DebtCause
from funding.models.refunds import RefundReason
from funding.services import contesting, owing, refunding
from funding.services.claiming import retry_claim
from funding.services.closing import announce_state
from funding.services.commanding import UNFINISHED
from funding.services.dispute_cases import Case, post
from funding.services.refund_answers import end_owed
from funding.services.refund_cases import Case as RefundCase
from funding.states import ESCROW, ClaimState, EscrowState, PledgeState, RefundState
from funding.transitions import transition

_E = EscrowState
# Where an escrow that had come to rest goes on when money comes back to it.
_AWAKENED = {_E.RELEASED: _E.RELEASING, _E.REFUNDED: _E.REFUNDING}


def lose(case: Case) -> None:
    """Take what is lost of a dispute off the books, once: from the escrow, the creator, the platform."""
    dispute = case.dispute
    if dispute.lost or dispute.returned:
        return
    loss = dispute.open_amount
    in_escrow = contesting.in_escrow(case.payment, case.escrow)
    paid_out = contesting.paid_out(case.payment, case.escrow)
    owed, owed_late = _end_owed(case, loss)
    held = min(loss, owed + in_escrow)
    from_creator = min(loss - held, paid_out + owed_late)
    dispute.from_escrow, dispute.from_creator = held, from_creator
    dispute.from_platform = loss - held - from_creator
    if held:
        _take_from_escrow(case, held, owed=owed)
    if from_creator:
        owing.incur(escrow=case.escrow, cause=DebtCause.DISPUTE, amount=from_creator, dispute=dispute)
    disputed = chart.disputed(dispute.provider)
    post(case, "lost", "dispute_lost", [
        (_holder(case), disputed, held),
        (chart.receivable(case.escrow.creator_id), disputed, from_creator),
        (chart.CHARGEBACK_LOSS, disputed, dispute.from_platform),
    ])  # fmt: skip
    # A refund run may be at its end now, a release too.
    jobs.enqueue("funding.settle_escrow", case.escrow.pk)


def _holder(case: Case) -> str:
    """The account that holds what the payment still has: an orphan's money is owed to the backer."""
    key = case.escrow.key
    return chart.refund_payable(key) if case.payment.orphan else chart.escrow(key)


def _end_owed(case: Case, loss: int) -> tuple[int, int]:
    """Refunds that wait for a person are owed no more once the bank has paid the backer.

    Minor units that the escrow holds again, and those that had been paid out and are the creator's again.
    """
    held = late = 0
    for refund in _waiting(case.payment):
        if held + late + refund.amount <= loss:
            end_owed(RefundCase(case.payment, refund, case.pledge))
            late += refund.amount if refund.late else 0
            held += 0 if refund.late else refund.amount
    return held, late


def _waiting(payment: Payment) -> list[Refund]:
    """Refunds that wait for a person or for the balance, and that no call to the provider may still bring about."""
    waiting = payment.refunds.filter(state=RefundState.REQUESTED, failure_code__gt="").order_by("pk")
    asked = GatewayCommand.objects.filter(state__in=UNFINISHED)
    return [refund for refund in waiting if not asked.filter(subject=f"refund:{refund.pk}").exists()]


def _take_from_escrow(case: Case, held: int, *, owed: int) -> None:
    Payment.objects.filter(pk=case.payment.pk).update(lost=F("lost") + held)
    case.payment.lost += held
    if case.payment.orphan:
        return
    Escrow.objects.filter(pk=case.escrow.pk).update(lost=F("lost") + held)
    left = held - owed
    for row in HeldBack.objects.filter(payment=case.payment, released_in=None, amount__gt=0).order_by("pk"):
        cut = min(left, row.amount)
        HeldBack.objects.filter(pk=row.pk).update(amount=F("amount") - cut)
        left -= cut


def give_back(case: Case, amount: int) -> None:
    """Undo so much of a loss, minor units, because the bank has changed its mind: escrow first, then the creator."""
    dispute = case.dispute
    amount = min(amount, dispute.lost)
    if amount <= 0:
        return
    to_escrow = min(amount, dispute.from_escrow)
    to_creator = min(amount - to_escrow, dispute.from_creator)
    to_platform = amount - to_escrow - to_creator
    dispute.from_escrow -= to_escrow
    dispute.from_creator -= to_creator
    dispute.from_platform -= to_platform
    dispute.returned += amount
    if to_escrow:
        _put_into_escrow(case, to_escrow)
    parts = [(_holder(case), to_escrow), (chart.CHARGEBACK_LOSS, to_platform)]
    if to_creator:
        parts += owing.give_back(dispute=dispute, amount=to_creator)
    disputed = chart.disputed(dispute.provider)
    post(case, "lost_returned", "dispute_lost_returned", [(disputed, code, part) for code, part in parts])
    jobs.enqueue("funding.settle_escrow", case.escrow.pk)


def _put_into_escrow(case: Case, amount: int) -> None:
    Payment.objects.filter(pk=case.payment.pk).update(lost=F("lost") - amount)
    case.payment.lost -= amount
    if case.payment.orphan:
        return
    escrow = case.escrow
    Escrow.objects.filter(pk=escrow.pk).update(lost=F("lost") - amount)
    if escrow.state in (_E.RELEASING, _E.RELEASED):
        HeldBack.objects.create(payment=case.payment, escrow=escrow, amount=amount)
    if escrow.state in _AWAKENED:
        target = _AWAKENED[EscrowState(escrow.state)]
        transition(machine=ESCROW, model=Escrow, ids=[escrow.pk], target=target, reason="dispute won after all")
        announce_state(escrow.pk, target)
        escrow.state = target


def refund_the_rest(case: Case) -> None:
    """A dispute is over: what was to go back to the backer and could not meanwhile is asked for again."""
    payment = case.payment
    payment.refresh_from_db()
    if contesting.undecided().filter(payment=payment).exists():
        return
    for refund in _waiting(payment):
        if RefundClaim.objects.filter(refund=refund, state=ClaimState.OPEN).exists():
            retry_claim(RefundCase(payment, refund, case.pledge), None)
    # A payment is refunded once for the run's own reason; what failed then goes by a refund of its own.
    asked = payment.refunds.filter(reason__in=_BY_ITSELF).exists()
    goes_back = payment.orphan or (
        case.pledge.state == PledgeState.PAID and case.escrow.state in (_E.REFUNDING, _E.REFUND_BLOCKED)
    )
    if asked and goes_back and payment.remaining:
        refunding.refund_payment(
            payment_id=payment.pk, amount=payment.remaining, reason=RefundReason.FINANCE, actor=None,
            note="the dispute is over",
        )  # fmt: skip


_BY_ITSELF = (RefundReason.CAMPAIGN_FAILED, RefundReason.CAMPAIGN_CANCELLED, RefundReason.ORPHAN)
