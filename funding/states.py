"""Which state may follow which: tables only, one machine an object. `transitions.py` applies them."""

from dataclasses import dataclass
from enum import StrEnum


class EscrowState(StrEnum):
    """The life of a campaign's held money."""

    OPEN = "open"  # takes pledges until the deadline
    ON_HOLD = "on_hold"  # takes none for now; the deadline does not move
    CLOSING = "closing"  # past the deadline; payments begun before it may still land
    SUCCEEDED = "succeeded"  # decided: the goal was reached (or keep-it-all with money in it)
    FAILED = "failed"  # decided: it was not
    CANCELLING = "cancelling"  # called off by creator or platform, with a public reason
    HOLDING = "holding"  # cooling-off before the release
    RELEASING = "releasing"  # split into parts; the payout is on its way
    RELEASED = "released"  # paid out; the escrow is at zero
    REFUNDING = "refunding"  # every backer gets the money back
    REFUNDED = "refunded"  # done; the escrow is at zero
    REFUND_BLOCKED = "refund_blocked"  # a list of what could not be refunded waits for a person


# States in which an escrow still takes money that was begun in time, and gives back what a backer cancels.
TAKES_MONEY = (EscrowState.OPEN, EscrowState.ON_HOLD, EscrowState.CLOSING)


class PledgeState(StrEnum):
    """A backer's promise."""

    RESERVED = "reserved"  # stock is held until the checkout expires
    PAID = "paid"  # captured into the escrow
    EXPIRED = "expired"  # the checkout ended unpaid; stock is free again
    CANCELLED = "cancelled"  # withdrawn before payment
    REFUND_PENDING = "refund_pending"  # a refund of the whole is under way
    REFUNDED = "refunded"  # all of it went back
    DISPUTED = "disputed"  # the cardholder disputes the charge
    CHARGED_BACK = "charged_back"  # the dispute was lost


class AmendmentState(StrEnum):
    """A change to a paid pledge."""

    PROPOSED = "proposed"  # priced, its stock reserved
    AWAITING_PAYMENT = "awaiting_payment"  # the difference waits in a checkout
    REFUNDING = "refunding"  # the difference is on its way back
    APPLIED = "applied"  # lines, totals and stock are the new ones
    ABANDONED = "abandoned"  # the pledge is as it was; late money goes back by itself


# An amendment that may still be applied: at most one a pledge.
OPEN_AMENDMENT = (AmendmentState.PROPOSED, AmendmentState.AWAITING_PAYMENT, AmendmentState.REFUNDING)


class PaymentState(StrEnum):
    """One checkout at the provider. Monotone: a late failure never undoes a success."""

    CREATED = "created"
    SUBMITTING = "submitting"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


# A checkout in one of these may still bring money.
OPEN_PAYMENT = (
    PaymentState.CREATED, PaymentState.SUBMITTING, PaymentState.REQUIRES_ACTION, PaymentState.PROCESSING,
)  # fmt: skip


class RefundState(StrEnum):
    """Money on its way back to a backer."""

    REQUESTED = "requested"
    SUBMITTED = "submitted"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class ClaimState(StrEnum):
    """A refund that the provider could not make: what finance still owes to a backer."""

    OPEN = "open"  # waits for finance
    RETRYING = "retrying"  # the provider has been asked once more
    RESOLVED = "resolved"  # the money arrived, by the provider or by bank transfer


class DecisionState(StrEnum):
    """What two people decide about money: one proposes, another confirms."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"  # carried out in the same transaction
    WITHDRAWN = "withdrawn"


class PayoutState(StrEnum):
    """Money on its way to a creator."""

    SCHEDULED = "scheduled"
    APPROVED = "approved"
    SUBMITTING = "submitting"
    PAID = "paid"
    FAILED = "failed"
    RETURNED = "returned"
    NETTED = "netted"  # all of it went against what the creator owes: there is nothing to send


class DisputeState(StrEnum):
    """A cardholder's dispute. Money moves when the provider moves it, never by the state alone."""

    OPENED = "opened"  # heard of; the bank's word follows in the same transaction
    WARNING = "warning"  # an inquiry: nothing is withdrawn, a refund still settles it
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"
    ACCEPTED = "accepted"  # lost because we did not contest it
    CLOSED = "closed"  # ended without a decision and without money


class CommandState(StrEnum):
    """A call to the provider, persisted before it is made."""

    PLANNED = "planned"
    SENDING = "sending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Machine:
    """A state machine: its name in the transition log, where it starts, and its edges."""

    name: str
    initial: str
    edges: dict[str, frozenset[str]]

    def allows(self, source: str, target: str) -> bool:
        """Whether `target` may follow `source`."""
        return target in self.edges.get(source, frozenset())

    def sources(self, target: str) -> list[str]:
        """All states from which `target` may be reached in one step."""
        return sorted(state for state, targets in self.edges.items() if target in targets)


def _machine(name: str, initial: str, edges: dict[StrEnum, set[StrEnum]]) -> Machine:
    return Machine(name, str(initial), {str(k): frozenset(str(v) for v in vs) for k, vs in edges.items()})


_E, _P, _A, _Y, _R = EscrowState, PledgeState, AmendmentState, PaymentState, RefundState
_O, _D = PayoutState, DisputeState
_C, _H = ClaimState, DecisionState

ESCROW = _machine("escrow", _E.OPEN, {
    _E.OPEN: {_E.ON_HOLD, _E.CLOSING, _E.CANCELLING},
    _E.ON_HOLD: {_E.OPEN, _E.CLOSING, _E.CANCELLING},
    _E.CLOSING: {_E.SUCCEEDED, _E.FAILED},
    _E.SUCCEEDED: {_E.HOLDING},
    # Refunded after a success only where the provider may not hold the money any longer.
    _E.HOLDING: {_E.RELEASING, _E.REFUNDING},
    _E.RELEASING: {_E.RELEASED},
    # A dispute that was lost and is won after all brings money back for one more tranche, or one more refund.
    _E.RELEASED: {_E.RELEASING},
    _E.REFUNDED: {_E.REFUNDING},
    _E.FAILED: {_E.REFUNDING},
    _E.CANCELLING: {_E.REFUNDING},
    _E.REFUNDING: {_E.REFUNDED, _E.REFUND_BLOCKED},
    _E.REFUND_BLOCKED: {_E.REFUNDING, _E.REFUNDED},
})  # fmt: skip

PLEDGE = _machine("pledge", _P.RESERVED, {
    _P.RESERVED: {_P.PAID, _P.EXPIRED, _P.CANCELLED},
    # Another try takes the stock again. A late success does so too, or the payment is refunded by itself.
    _P.EXPIRED: {_P.RESERVED, _P.PAID, _P.REFUND_PENDING},
    _P.CANCELLED: {_P.PAID, _P.REFUND_PENDING},
    _P.PAID: {_P.REFUND_PENDING, _P.DISPUTED},
    # Charged back: the bank paid what our refund could not.
    _P.REFUND_PENDING: {_P.REFUNDED, _P.PAID, _P.CHARGED_BACK},
    _P.DISPUTED: {_P.PAID, _P.CHARGED_BACK},
    # Won after it was lost.
    _P.CHARGED_BACK: {_P.PAID, _P.DISPUTED},
})  # fmt: skip

AMENDMENT = _machine("amendment", _A.PROPOSED, {
    # At equal price there is nothing to wait for.
    _A.PROPOSED: {_A.AWAITING_PAYMENT, _A.REFUNDING, _A.APPLIED, _A.ABANDONED},
    _A.AWAITING_PAYMENT: {_A.APPLIED, _A.ABANDONED},
    _A.REFUNDING: {_A.APPLIED, _A.ABANDONED},
})  # fmt: skip

PAYMENT = _machine("payment", _Y.CREATED, {
    _Y.CREATED: {_Y.SUBMITTING, _Y.CANCELLED},
    _Y.SUBMITTING: {_Y.REQUIRES_ACTION, _Y.PROCESSING, _Y.SUCCEEDED, _Y.FAILED, _Y.CANCELLED},
    _Y.REQUIRES_ACTION: {_Y.PROCESSING, _Y.SUCCEEDED, _Y.FAILED, _Y.CANCELLED},
    _Y.PROCESSING: {_Y.REQUIRES_ACTION, _Y.SUCCEEDED, _Y.FAILED, _Y.CANCELLED},
    # The provider's word that money came stands above our own earlier belief.
    _Y.FAILED: {_Y.SUCCEEDED},
    _Y.CANCELLED: {_Y.SUCCEEDED},
})  # fmt: skip

REFUND = _machine("refund", _R.REQUESTED, {
    _R.REQUESTED: {_R.SUBMITTED, _R.PENDING, _R.SUCCEEDED, _R.FAILED},
    _R.SUBMITTED: {_R.PENDING, _R.SUCCEEDED, _R.FAILED},
    _R.PENDING: {_R.SUCCEEDED, _R.FAILED},
    # A bank may send a refund back days later.
    _R.SUCCEEDED: {_R.FAILED},
    _R.FAILED: {_R.REQUESTED},
})  # fmt: skip

PAYOUT = _machine("payout", _O.SCHEDULED, {
    _O.SCHEDULED: {_O.APPROVED, _O.NETTED},
    _O.APPROVED: {_O.SUBMITTING},
    _O.SUBMITTING: {_O.PAID, _O.FAILED},
    _O.FAILED: {_O.SCHEDULED},
    _O.PAID: {_O.RETURNED},
    _O.RETURNED: {_O.SCHEDULED},
})  # fmt: skip

_ENDS: set[StrEnum] = {_D.WON, _D.LOST, _D.ACCEPTED, _D.CLOSED}
DISPUTE = _machine("dispute", _D.OPENED, {
    _D.OPENED: {_D.WARNING, _D.NEEDS_RESPONSE, _D.UNDER_REVIEW} | _ENDS,
    _D.WARNING: {_D.NEEDS_RESPONSE, _D.UNDER_REVIEW} | _ENDS,
    _D.NEEDS_RESPONSE: {_D.UNDER_REVIEW} | _ENDS,
    _D.UNDER_REVIEW: _ENDS,
    # A bank may change its mind in favour of the merchant.
    _D.LOST: {_D.WON},
    _D.ACCEPTED: {_D.WON},
})  # fmt: skip

CLAIM = _machine("refundclaim", _C.OPEN, {
    _C.OPEN: {_C.RETRYING, _C.RESOLVED},
    _C.RETRYING: {_C.OPEN, _C.RESOLVED},
    # A bank sent back what had arrived.
    _C.RESOLVED: {_C.OPEN},
})  # fmt: skip

HOLD_DECISION = _machine("holddecision", _H.PROPOSED, {_H.PROPOSED: {_H.CONFIRMED, _H.WITHDRAWN}})

LATE_REFUND = _machine("laterefund", _H.PROPOSED, {_H.PROPOSED: {_H.CONFIRMED, _H.WITHDRAWN}})

MACHINES = {
    machine.name: machine
    for machine in (ESCROW, PLEDGE, AMENDMENT, PAYMENT, REFUND, PAYOUT, DISPUTE, CLAIM, HOLD_DECISION, LATE_REFUND)
}
