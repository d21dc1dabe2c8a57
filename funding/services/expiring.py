"""Ends the open checkouts of an escrow that takes no more pledges. Stock is released on the provider's answer only."""

from funding.models import Payment
from funding.models.commands import CommandKind
from funding.services import commanding
from funding.states import PaymentState, PledgeState

OPEN = [PaymentState.SUBMITTING, PaymentState.REQUIRES_ACTION, PaymentState.PROCESSING]


def ask_to_expire(escrow_id: int) -> int:
    """Ask the provider to end every open checkout of an escrow; returns how many. Twice is once for each checkout.

    A checkout that has been paid meanwhile is answered as paid, and counts if the rules allow.
    """
    open_ones = Payment.objects.filter(pledge__escrow_id=escrow_id, pledge__state=PledgeState.RESERVED, state__in=OPEN)
    sessions = list(open_ones.exclude(session_id="").order_by("pk").values_list("pk", "session_id", "provider"))
    commanding.plan_many([
        commanding.Planned(
            kind=CommandKind.EXPIRE_CHECKOUT, subject=f"payment:{pk}", idempotency_key=f"expire:{session_id}",
            payload={"session_id": session_id, "target": str(PledgeState.EXPIRED)}, provider=provider,
        )
        for pk, session_id, provider in sessions
    ])  # fmt: skip
    return len(sessions)
