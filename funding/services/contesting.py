"""What disputes mean for pledges and escrows: who is disputed, what is still held, what a release leaves out."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from funding.exceptions import IllegalTransition
from funding.models import Dispute, Escrow, HeldBack, Payment, Pledge, Refund
from funding.services import recounting
from funding.services.refund_cases import CLOSED, ON_ITS_WAY
from funding.states import PLEDGE, DisputeState, EscrowState, PledgeState
from funding.transitions import transition

_S = DisputeState
LOSING = (_S.LOST, _S.ACCEPTED)
_LOST = F("from_escrow") + F("from_creator") + F("from_platform")


def undecided() -> QuerySet[Dispute]:
    """Disputes that bind a payment: the bank has not decided, or money is withdrawn and not accounted for.

    An inquiry (`warning`) binds nothing: a refund is the way to end it.
    """
    return Dispute.objects.filter(
        Q(state__in=[_S.NEEDS_RESPONSE, _S.UNDER_REVIEW])
        | Q(withdrawn__gt=F("reinstated") + _LOST)
        | Q(state__in=LOSING, withdrawn=0)
    )


def unfinished() -> QuerySet[Dispute]:
    """Disputes of which the provider has more to say."""
    open_ones = Dispute.objects.filter(state__in=[_S.OPENED, _S.WARNING, _S.NEEDS_RESPONSE, _S.UNDER_REVIEW])
    return open_ones | undecided()


def require_undisputed(payment: Payment) -> None:
    """Raise `IllegalTransition` (`payment_is_disputed`) while the bank decides: the money would go twice."""
    if undecided().filter(payment=payment).exists():
        raise IllegalTransition(
            _("The backer's bank is deciding about this payment; it can't be refunded meanwhile."),
            reason="payment_is_disputed", machine=PLEDGE.name, state=payment.pledge.state,
        )  # fmt: skip


def in_escrow(payment: Payment, escrow: Escrow) -> int:
    """Minor units of a payment that its escrow holds now."""
    if payment.orphan:
        return 0
    if escrow.state in (EscrowState.RELEASING, EscrowState.RELEASED):
        left_in = HeldBack.objects.filter(payment=payment, released_in=None)
        return left_in.aggregate(total=Sum("amount"))["total"] or 0
    return payment.remaining


def paid_out(payment: Payment, escrow: Escrow) -> int:
    """Minor units of a payment that were released to the creator and that no dispute has asked back yet."""
    if payment.orphan or escrow.state not in CLOSED:
        return 0
    return max(0, refundable(payment) - in_escrow(payment, escrow))


def refundable(payment: Payment) -> int:
    """Minor units of a payment that came in and are neither refunded, promised back nor charged back."""
    asked_back = payment.disputes.aggregate(total=Sum("from_creator"))["total"] or 0
    return payment.remaining - asked_back


def withdrawn_from(escrow: Escrow) -> int:
    """Minor units that count as raised and that the provider has withdrawn for undecided disputes.

    What a bank has taken is not collected: a campaign is decided without it.
    """
    total = 0
    left: dict[int, int] = {}
    for dispute in undecided().filter(payment__pledge__escrow=escrow, payment__orphan=False).select_related("payment"):
        have = left.setdefault(dispute.payment_id, dispute.payment.remaining)
        counted = min(have, dispute.open_amount)
        left[dispute.payment_id] = have - counted
        total += counted
    return total


def hold_back(escrow: Escrow) -> int:
    """Leave the money of disputed pledges out of a release, all of it; returns minor units. Under the escrow's lock."""
    disputed = Payment.objects.filter(
        pledge__escrow=escrow, pledge__state=PledgeState.DISPUTED, orphan=False, captured__gt=0
    )
    rows = [HeldBack(payment=payment, escrow=escrow, amount=payment.remaining) for payment in disputed.order_by("pk")]
    HeldBack.objects.bulk_create([row for row in rows if row.amount])
    return sum(row.amount for row in rows)


def free_again(escrow: Escrow) -> QuerySet[HeldBack]:
    """What was held back and may be released now: its dispute was won, or took only a part. Under the escrow's lock."""
    open_rows = HeldBack.objects.filter(escrow=escrow, released_in=None, amount__gt=0)
    return open_rows.filter(payment__pledge__state=PledgeState.PAID).exclude(
        payment__in=undecided().values("payment_id")
    )


def follow(pledge: Pledge) -> str:
    """Bring a pledge to what its disputes say: paid, disputed or charged back; returns its state.

    Refunded and reserved pledges stay as they are. A pledge that is charged back counts no backer, and keeps its
    stock: a bank may still change its mind, and who wants to sell the piece again raises the quantity.
    """
    if pledge.state == PledgeState.REFUND_PENDING:
        return _follow_refund(pledge)
    if pledge.state not in (PledgeState.PAID, PledgeState.DISPUTED, PledgeState.CHARGED_BACK):
        return pledge.state
    target = _target(list(pledge.payments.filter(captured__gt=0, orphan=False)))
    if target == pledge.state:
        return target
    steps = [PledgeState.DISPUTED, target] if (pledge.state, target) == (PledgeState.PAID, _CHARGED) else [target]
    for step in steps:
        transition(machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=step, reason=_WHY[step])
    if target == _CHARGED:
        recounting.take_off(escrow_id=pledge.escrow_id, amount=0, pledges=[pledge.pk])
    elif pledge.state == _CHARGED:
        recounting.put_back(escrow_id=pledge.escrow_id, amount=0, pledges=[pledge.pk])
    pledge.state = target
    return target


def _follow_refund(pledge: Pledge) -> str:
    """A refund that waited for a person is owed no more, since the bank has paid the backer."""
    payments = list(pledge.payments.filter(captured__gt=0, orphan=False))
    waiting = Refund.objects.filter(payment__in=payments, state__in=ON_ITS_WAY).exists()
    taken = Dispute.objects.filter(Q(from_escrow__gt=0) | Q(from_creator__gt=0), payment__in=payments)
    if waiting or not taken.exists():
        return pledge.state
    left = sum(refundable(payment) for payment in payments)
    target = PledgeState.PAID if left else _CHARGED
    transition(machine=PLEDGE, model=Pledge, ids=[pledge.pk], target=target, reason=_WHY[_CHARGED])
    if left:
        recounting.put_back(escrow_id=pledge.escrow_id, amount=0, pledges=[pledge.pk])
    pledge.state = target
    return target


_CHARGED = PledgeState.CHARGED_BACK
_WHY = {
    PledgeState.DISPUTED: "disputed by the cardholder",
    PledgeState.PAID: "dispute over",
    PledgeState.CHARGED_BACK: "dispute lost",
}


def _target(payments: Iterable[Payment]) -> PledgeState:
    ids = [payment.pk for payment in payments]
    if undecided().filter(payment__in=ids).exists():
        return PledgeState.DISPUTED
    mine = Dispute.objects.filter(payment__in=ids)
    lost = mine.filter(Q(from_escrow__gt=0) | Q(from_creator__gt=0)).exists()
    asked_back = mine.aggregate(total=Sum("from_creator"))["total"] or 0
    left = sum(payment.remaining for payment in payments) - asked_back
    return PledgeState.CHARGED_BACK if lost and left <= 0 else PledgeState.PAID
