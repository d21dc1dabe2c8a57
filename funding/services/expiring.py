"""Ends open checkouts by asking the provider. A pledge's stock is released on the provider's answer only."""

from django.db.models import Q

from funding.models import GatewayCommand, Payment
from funding.models.commands import CommandKind
from funding.services import commanding
from funding.states import OPEN_PAYMENT, PledgeState


def plan_end(payment: Payment, *, target: str = PledgeState.EXPIRED) -> GatewayCommand:
    """Plan the end of an open checkout in the caller's transaction; twice is once.

    `target` is what becomes of a reserved pledge if the checkout ends unpaid.
    """
    return commanding.plan(
        kind=CommandKind.EXPIRE_CHECKOUT, subject=f"payment:{payment.pk}",
        idempotency_key=f"expire:{payment.session_id}",
        payload={"session_id": payment.session_id, "target": str(target)}, provider=payment.provider,
    )  # fmt: skip


def ask_to_expire(escrow_id: int) -> int:
    """Ask the provider to end every open checkout of an escrow; returns how many. Twice is once for each checkout.

    A checkout that has been paid meanwhile is answered as paid, and counts if the rules allow.
    """
    waiting = Q(pledge__state=PledgeState.RESERVED) | ~Q(amendment=None)
    open_ones = Payment.objects.filter(waiting, pledge__escrow_id=escrow_id, state__in=OPEN_PAYMENT)
    sessions = list(open_ones.exclude(session_id="").order_by("pk").values_list("pk", "session_id", "provider"))
    commanding.plan_many([
        commanding.Planned(
            kind=CommandKind.EXPIRE_CHECKOUT, subject=f"payment:{pk}", idempotency_key=f"expire:{session_id}",
            payload={"session_id": session_id, "target": str(PledgeState.EXPIRED)}, provider=provider,
        )
        for pk, session_id, provider in sessions
    ])  # fmt: skip
    return len(sessions)
