"""Ends of an amendment: applied, when its money has moved, or abandoned, with the pledge as it was.

    proposed → awaiting_payment | refunding → applied | abandoned

`services.amending` proposes; payments and refunds report here. Whoever calls holds the amendment and then its pledge
(`funding.locks`).
"""

from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Sum

from cms.core import events
from cms.core.clock import AppNow
from cms.users.models import User
from funding.models import Amendment, Escrow, Payment, Pledge, Refund
from funding.services import swapping_stock
from funding.services.expiring import plan_end
from funding.states import (
    AMENDMENT,
    OPEN_AMENDMENT,
    OPEN_PAYMENT,
    AmendmentState,
    EscrowState,
    PledgeState,
    RefundState,
)
from funding.transitions import transition

# Wishes about a live campaign: neither closing nor being called off.
CHANGEABLE = (EscrowState.OPEN, EscrowState.ON_HOLD)
# Whose money has not begun to move: these end with the campaign.
UNPAID = (AmendmentState.PROPOSED, AmendmentState.AWAITING_PAYMENT)


def why_it_cannot_apply(amendment: Amendment, pledge: Pledge) -> str:
    """A reason code, or "" if money that came for an amendment may count: its pledge stands and time is left."""
    if not amendment.is_open:
        return f"amendment_{amendment.state}"
    if pledge.state != PledgeState.PAID:
        return f"pledge_{pledge.state}"
    running = Escrow.objects.filter(pk=pledge.escrow_id, state__in=CHANGEABLE, deadline__gt=AppNow())
    return "" if running.exists() else "campaign_over"


def apply_amendment(amendment: Amendment, pledge: Pledge, *, actor: User | None = None) -> None:
    """Put the new lines and totals in force and swap the stock. The money has moved, or there was none to move.

    Locked: amendment, pledge. Raises `IllegalTransition` for one that has ended.
    """
    swapping_stock.swap(amendment.pk)
    transition(
        machine=AMENDMENT, model=Amendment, ids=[amendment.pk], target=AmendmentState.APPLIED, actor=actor,
        ended_at=AppNow(),
    )  # fmt: skip
    amendment.state = AmendmentState.APPLIED
    Pledge.objects.filter(pk=pledge.pk).update(
        rewards_amount=amendment.rewards_amount, shipping_amount=amendment.shipping_amount,
        extra_amount=amendment.extra_amount, total=amendment.total, country=amendment.country,
        version=amendment.version or F("version"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE funding_pledgeline SET current = COALESCE(amendment_id = %s, false) "
            "WHERE pledge_id = %s AND (current OR amendment_id = %s)",
            [amendment.pk, pledge.pk, amendment.pk],
        )
    pledge.refresh_from_db()
    _announce("funding.pledge_amended", amendment, pledge)


def abandon(amendment: Amendment, pledge: Pledge, *, reason: str, actor: User | None = None) -> bool:
    """End an open amendment without a change: its stock is free at once and its checkout is asked to end.

    Money that still comes for it goes back by itself. True if this call ended it. Locked: amendment, pledge.
    """
    ended = transition(
        machine=AMENDMENT, model=Amendment, ids=[amendment.pk], target=AmendmentState.ABANDONED, actor=actor,
        reason=reason, strict=False, ended_at=AppNow(), why_ended=reason,
    )  # fmt: skip
    if not ended:
        return False
    amendment.state = AmendmentState.ABANDONED
    swapping_stock.drop(amendment.pk)
    returned = amendment.refunds.filter(state=RefundState.SUCCEEDED).aggregate(sum=Sum("amount"))["sum"] or 0
    if returned:
        # Money that went back for nothing is a refund of the pledge as it stands.
        Pledge.objects.filter(pk=pledge.pk).update(refunded_amount=F("refunded_amount") + returned)
    for payment in Payment.objects.filter(amendment=amendment, state__in=OPEN_PAYMENT).exclude(session_id=""):
        plan_end(payment)
    _announce("funding.amendment_abandoned", amendment, pledge, reason=reason)
    return True


def open_amendment(pledge_id: Any) -> QuerySet[Amendment]:
    """The pledge's open amendment, if there is one."""
    return Amendment.objects.filter(pledge_id=pledge_id, state__in=OPEN_AMENDMENT)


def refund_answered(amendment: Amendment, pledge: Pledge) -> None:
    """One of its refunds has arrived, failed, or stays owed: the last answer ends the amendment. Locked as above.

    Money that is out of the escrow for good, arrived or owed, makes the change stand.
    """
    if amendment.state != AmendmentState.REFUNDING:
        return
    refunds = list(amendment.refunds.all())
    if any(_is_under_way(refund) for refund in refunds):
        return
    if all(refund.state == RefundState.FAILED for refund in refunds):
        abandon(amendment, pledge, reason="refund_failed")
    elif pledge.state in (PledgeState.PAID, PledgeState.DISPUTED):
        apply_amendment(amendment, pledge)
    else:
        abandon(amendment, pledge, reason=f"pledge_{pledge.state}")


def _is_under_way(refund: Refund) -> bool:
    if refund.state == RefundState.REQUESTED:
        return not refund.failure_code
    return refund.state in (RefundState.SUBMITTED, RefundState.PENDING)


def is_bound(refund: Refund) -> bool:
    """Whether another part of an amendment's refund stands: then this part can't be taken back alone."""
    if refund.amendment_id is None:
        return False
    others = Refund.objects.filter(amendment=refund.amendment_id).exclude(pk=refund.pk)
    return others.exclude(state=RefundState.FAILED).exists()


def lowers_pledge(refund: Refund) -> bool:
    """Whether a refund is part of `Pledge.refunded_amount`: an applied amendment has lowered the total instead."""
    if refund.amendment_id is None:
        return True
    return Amendment.objects.filter(pk=refund.amendment_id, state=AmendmentState.ABANDONED).exists()


def _announce(name: str, amendment: Amendment, pledge: Pledge, **more: str) -> None:
    payload = {"escrow": str(pledge.escrow_id), "pledges": [str(pledge.pk)], "amendment": str(amendment.pk), **more}
    events.publish(name=name, key=f"{name}:{amendment.pk}", payload=payload)
