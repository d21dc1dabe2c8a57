"""What follows the decision: everybody refunded in resumable chunks, or the money split and paid out.

A refund run keeps no cursor: what is left to do is read from the rows, so a run that was killed anywhere goes on where
it stopped, and two side by side share the work.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q

from cms.core import clock, events, sweeps
from cms.core.clock import AppNow
from cms.users.selectors import payout_blockers
from funding import chart, ledger, locks
from funding.gateways import limits
from funding.models import Escrow, HeldBack, Pledge, Refund, Release
from funding.models.refunds import RefundReason, RefundRoute
from funding.money import Shares, shares
from funding.services import claiming, commanding, contesting, paying_out, recounting
from funding.services.closing import announce_state
from funding.services.refund_calls import planned_call
from funding.services.refund_cases import announce_totals, unsettled
from funding.states import ESCROW, PLEDGE, REFUND, EscrowState, PledgeState, RefundState
from funding.transitions import log_start, transition

CHUNK = 1000
# More refunds than these are no longer nudged one by one: the sweep feeds them at the pace that the provider takes.
NUDGED = 200


def settle_due() -> int:
    """Move every escrow on that has something due: refunds asked, runs finished, releases made. Safe to repeat."""
    due = Escrow.objects.filter(
        Q(state__in=[EscrowState.CANCELLING, EscrowState.REFUNDING, EscrowState.REFUND_BLOCKED, EscrowState.RELEASING])
        | Q(state=EscrowState.HOLDING, hold_until__lte=AppNow())
    )
    return sweeps.each(due.order_by("pk").values_list("pk", flat=True), lambda pk: settle_escrow(escrow_id=pk))


def settle_escrow(*, escrow_id: int) -> int:
    """Do what is due for one escrow; returns how many things were done. Any number of workers may call it at once."""
    done = _begin_refunding(escrow_id)
    state = Escrow.objects.values_list("state", flat=True).get(pk=escrow_id)
    if state in (EscrowState.REFUNDING, EscrowState.REFUND_BLOCKED):
        while asked := refund_chunk(escrow_id=escrow_id):
            done += asked
        done += finish_refunding(escrow_id=escrow_id)
    elif state == EscrowState.HOLDING:
        done += release(escrow_id=escrow_id)
    if Escrow.objects.filter(pk=escrow_id, state=EscrowState.RELEASING).exists():
        done += release_rest(escrow_id=escrow_id)
        done += paying_out.submit_all(escrow_id=escrow_id)
        done += paying_out.finish_release(escrow_id=escrow_id)
    return done


def _begin_refunding(escrow_id: int) -> int:
    with transaction.atomic():
        moved = transition(
            machine=ESCROW, model=Escrow, ids=[escrow_id], target=EscrowState.REFUNDING,
            sources=[EscrowState.CANCELLING], reason="cancelled", strict=False,
        )  # fmt: skip
        if moved:
            announce_state(escrow_id, EscrowState.REFUNDING)
    return len(moved)


@dataclass(frozen=True)
class _Due:
    payment: int
    pledge: Any
    amount: int
    intent: str
    provider: str
    method: str
    paid_at: datetime


_DUE = """
SELECT y.id, y.pledge_id, y.captured - y.refund_reserved - y.lost, y.intent_id, y.provider, y.method, y.succeeded_at
  FROM funding_payment y JOIN funding_pledge g ON g.id = y.pledge_id
 WHERE g.escrow_id = %s AND g.state IN ('paid', 'refund_pending') AND NOT y.orphan
   AND y.captured > y.refund_reserved + y.lost
   AND NOT EXISTS (SELECT 1 FROM funding_refund r WHERE r.payment_id = y.id AND r.reason = %s)
 ORDER BY y.id LIMIT %s
"""
_CLAIM = f"{_DUE} FOR NO KEY UPDATE OF y SKIP LOCKED"


def refund_chunk(*, escrow_id: int, size: int = CHUNK) -> int:
    """Ask for the refund of up to `size` payments in one transaction of set-based statements; returns how many.

    Exactly once each: a payment has at most one refund for this reason, by a unique constraint.
    """
    escrow = Escrow.objects.get(pk=escrow_id)
    reason = _reason(escrow)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(_CLAIM, [escrow_id, reason, size])
            due = [_Due(*row) for row in cursor.fetchall()]
        if not due:
            return 0
        refunds = _insert_refunds(due, escrow.currency, reason)
        # A pledge may have several payments: the first that is asked for moves it.
        pledges = transition(
            machine=PLEDGE, model=Pledge, ids={row.pledge for row in due}, target=PledgeState.REFUND_PENDING,
            sources=[PledgeState.PAID], reason=reason, strict=False,
        )  # fmt: skip
        now = clock.now()
        late = {r.payment for r in due if limits.refund_window_passed(method=r.method, paid_at=r.paid_at, now=now)}
        calls = _calls([row for row in due if row.payment not in late], refunds, escrow)
        commanding.plan_many(calls, nudge=len(calls) <= NUDGED)
        claiming.open_claims([refunds[payment] for payment in sorted(late)], claiming.WINDOW_PASSED)
        recounting.take_off(escrow_id=escrow_id, amount=sum(row.amount for row in due), pledges=pledges)
        _post_asked(due, refunds, escrow)
        announce_totals(escrow_id, f"refund_run:{min(refunds.values())}")
    return len(due)


def _reason(escrow: Escrow) -> RefundReason:
    if not hasattr(escrow, "decision"):
        return RefundReason.CAMPAIGN_CANCELLED
    return RefundReason.CAMPAIGN_FAILED if escrow.decision.outcome == "failed" else RefundReason.HOLD_ENDED


def _is_any_due(escrow: Escrow) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [escrow.pk, _reason(escrow), 1])
        return cursor.fetchone() is not None


def _insert_refunds(due: Sequence[_Due], currency: str, reason: str) -> dict[int, int]:
    """Reserve the amounts and insert a refund each; returns refund ids by payment."""
    ids, amounts = [row.payment for row in due], [row.amount for row in due]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE funding_payment SET refund_reserved = captured - lost WHERE id = ANY(%s)", [ids])
        cursor.execute(
            "INSERT INTO funding_refund (payment_id, amount, currency, reason, note, state, external_id, failure_code,"
            " attempt, route) SELECT due.payment, due.amount, %s, %s, '', %s, '', '', 1, %s"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS due (payment, amount) RETURNING payment_id, id",
            [currency, reason, RefundState.REQUESTED, RefundRoute.PROVIDER, ids, amounts],
        )
        refunds = dict(cursor.fetchall())
    log_start(machine=REFUND, ids=list(refunds.values()), reason=reason)
    return refunds


def _calls(due: Sequence[_Due], refunds: dict[int, int], escrow: Escrow) -> list[commanding.Planned]:
    return [
        planned_call(
            refund=refunds[row.payment], attempt=1, amount=row.amount, currency=escrow.currency, payment=row.payment,
            provider=row.provider, intent=row.intent, escrow=escrow.key,
        )
        for row in due
    ]  # fmt: skip


def _post_asked(due: Sequence[_Due], refunds: dict[int, int], escrow: Escrow) -> None:
    debit, credit = chart.escrow(escrow.key), chart.refund_payable(escrow.key)
    ledger.post_many([
        ledger.Posting(
            key=f"refund:{refunds[row.payment]}", kind="refund_asked", escrow_id=escrow.pk, currency=escrow.currency,
            lines=[ledger.Line(debit, credit, row.amount)],
        )
        for row in due
    ])  # fmt: skip


def finish_refunding(*, escrow_id: int) -> bool:
    """End a refund run: `refunded` when all of it went back and the escrow is at exactly 0, else `refund_blocked`."""
    with transaction.atomic():
        escrow = locks.lock_escrow(escrow_id)
        if escrow.state not in (EscrowState.REFUNDING, EscrowState.REFUND_BLOCKED) or unsettled(escrow_id).exists():
            return False
        if _is_any_due(escrow):
            # Its payment was held by somebody else when the run passed by: the next run asks for it.
            return False
        blocked = Refund.objects.filter(payment__pledge__escrow_id=escrow_id, payment__orphan=False).filter(
            state=RefundState.REQUESTED
        )
        zero = escrow.raised == 0 and ledger.balance(chart.escrow(escrow.key), escrow.currency) == 0
        target = EscrowState.REFUNDED if zero and not blocked.exists() else EscrowState.REFUND_BLOCKED
        if target == escrow.state:
            return False
        transition(machine=ESCROW, model=Escrow, ids=[escrow_id], target=target, reason="refund run")
        announce_state(escrow_id, target)
    return True


def release(*, escrow_id: int) -> bool:
    """Split a held escrow and schedule the payout, once the hold is over and nothing stands in the way.

    See `funding.money.shares` for the formula. Pledges stay paid. Disputed ones are left out; when the last of
    them is decided the escrow's account ends at exactly 0.
    """
    with transaction.atomic():
        escrow = locks.lock_escrow(escrow_id)
        if escrow.state != EscrowState.HOLDING or escrow.hold_until is None or escrow.hold_until > clock.now():
            return False
        # A refund on its way may fail and come back.
        if unsettled(escrow_id).exists():
            return False
        if blockers := payout_blockers(escrow.creator):
            announce_blocked(escrow, blockers)
            return False
        _release(escrow)
    return True


def _release(escrow: Escrow) -> None:
    transition(machine=ESCROW, model=Escrow, ids=[escrow.pk], target=EscrowState.RELEASING, reason="hold over")
    # What a bank may still take stays behind, and is released when the dispute is won.
    _split(escrow, escrow.held - contesting.hold_back(escrow), tranche=1)
    announce_state(escrow.pk, EscrowState.RELEASING)
    paying_out.finish_release(escrow_id=escrow.pk)


def release_rest(*, escrow_id: int) -> bool:
    """Release in one more tranche what disputes kept back, or brought back, and no longer bind. Safe to repeat."""
    with transaction.atomic():
        escrow = locks.lock_escrow(escrow_id)
        if escrow.state != EscrowState.RELEASING:
            return False
        rows = list(contesting.free_again(escrow))
        if not rows:
            return False
        tranche = (escrow.releases.aggregate(last=Max("tranche"))["last"] or 0) + 1
        made = _split(escrow, sum(row.amount for row in rows), tranche=tranche)
        HeldBack.objects.filter(pk__in=[row.pk for row in rows]).update(released_in=made)
    return True


def _split(escrow: Escrow, gross: int, *, tranche: int) -> Release | None:
    """Split a part of an escrow by its frozen rates and schedule what of it is the creator's."""
    if not gross:
        return None
    # The payout nets them, and debts stand before the accounts that the release moves.
    locks.lock_debts(creator_id=escrow.creator_id, currency=escrow.currency)
    parts = split_of(escrow, gross)
    made = Release.objects.create(
        escrow=escrow, tranche=tranche, gross=gross, platform_fee=parts.platform_fee, currency=escrow.currency,
        compensation_fund=parts.compensation_fund, tax=parts.tax, creator_amount=parts.creator_amount,
    )  # fmt: skip
    Escrow.objects.filter(pk=escrow.pk).update(released=F("released") + gross)
    _post_release(escrow, made)
    if parts.creator_amount:
        paying_out.schedule(release=made)
    return made


def split_of(escrow: Escrow, gross: int) -> Shares:
    """How `gross` minor units of an escrow are split by its frozen rates."""
    return shares(
        gross, platform_fee_bps=escrow.platform_fee_bps, compensation_fund_bps=escrow.compensation_fund_bps,
        tax_bps=escrow.tax_bps, step=limits.STEP.get(escrow.currency, 1),
    )  # fmt: skip


def _post_release(escrow: Escrow, made: Release) -> None:
    parts = [
        (chart.COMMISSION, made.platform_fee),
        (chart.COMPENSATION_FUND, made.compensation_fund),
        (chart.tax_withheld(escrow.tax_regime or "none"), made.tax),
        (chart.payable(escrow.creator_id), made.creator_amount),
    ]
    account = chart.escrow(escrow.key)
    ledger.post(
        key=f"release:{escrow.key}:{made.tranche}", kind="release", escrow=escrow, currency=escrow.currency,
        lines=[ledger.Line(account, code, amount) for code, amount in parts if amount],
    )  # fmt: skip


def announce_blocked(escrow: Escrow, blockers: Sequence[str]) -> None:
    """Publish that a payout waits, once for each set of reasons."""
    events.publish(
        name="funding.payout_blocked",
        key=f"payout_blocked:{escrow.pk}:{','.join(sorted(blockers))}",
        payload={"escrow": str(escrow.pk), "blockers": list(blockers)},
    )
