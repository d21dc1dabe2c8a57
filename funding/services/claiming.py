"""Refunds that the provider could not make: each a claim that a person of finance sees to, until the money arrived.

    open → retrying (the provider was asked once more) → resolved, or open again
    open → resolved (paid by bank transfer: `refund:<id>[:<n>]:succeeded`, refund payable → bank)

A claim's refund waits in `requested` with its `failure_code`, its money in refund payable: nothing counts it twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from cms.core import events
from cms.core.clock import AppNow
from cms.core.errors import NotAllowed
from cms.users import audit, roles
from cms.users.models import User
from funding import chart
from funding.exceptions import ClaimNotOpen, ReasonRequired
from funding.models import GatewayCommand, Pledge, Refund, RefundClaim
from funding.models.claims import ClaimResolution
from funding.models.refunds import RefundRoute
from funding.services import alerting
from funding.services.commanding import UNFINISHED
from funding.services.contesting import require_undisputed
from funding.services.refund_cases import Case, arrive, lock_case, plan_call
from funding.states import CLAIM, ClaimState, PledgeState
from funding.transitions import log_start, transition

# Why a claim exists where no provider was asked: its method's window for refunds is over.
WINDOW_PASSED = "refund_window_passed"


def open_claims(refunds: Sequence[int], code: str) -> None:
    """Write claims for refunds that wait in `requested`; one that was there before is open again. In a transaction."""
    Refund.objects.filter(pk__in=refunds).update(failure_code=code)
    known = {claim.refund_id: claim.pk for claim in RefundClaim.objects.filter(refund__in=refunds)}
    transition(
        machine=CLAIM, model=RefundClaim, ids=known.values(), target=ClaimState.OPEN, reason=code, strict=False,
        code=code, resolution="", proof="", resolved_by=None, resolved_at=None,
    )  # fmt: skip
    new = [RefundClaim(refund_id=refund, code=code) for refund in refunds if refund not in known]
    made = RefundClaim.objects.bulk_create(new)
    log_start(machine=CLAIM, ids=[claim.pk for claim in made], reason=code)
    for claim in RefundClaim.objects.filter(refund__in=refunds).select_related("refund__payment__pledge__escrow"):
        _tell_finance(claim)
        key = f"claim_opened:{claim.pk}:{claim.refund.attempt}"
        events.publish(name="funding.claim_opened", key=key, payload={"claim": claim.pk})


def _tell_finance(claim: RefundClaim) -> None:
    alerting.alert(
        code="refund_claims", subject=f"escrow:{claim.refund.payment.pledge.escrow.key}", severity="warning",
        data={"claim": claim.pk, "why": claim.code},
    )  # fmt: skip


def _settle_alert(refund: Refund) -> None:
    """With the last claim of a campaign finance has nothing to look at any more."""
    escrow = refund.payment.pledge.escrow
    left = RefundClaim.objects.filter(refund__payment__pledge__escrow=escrow).exclude(state=ClaimState.RESOLVED)
    if not left.exists():
        alerting.settled(code="refund_claims", subject=f"escrow:{escrow.key}", because="every claim is resolved")


def settle_claim(refund: Refund, resolution: str = ClaimResolution.PROVIDER) -> None:
    """The backer has got a claim's money after all: the claim is resolved. In the caller's transaction."""
    moved = transition(
        machine=CLAIM, model=RefundClaim, ids=RefundClaim.objects.filter(refund=refund).values_list("pk", flat=True),
        target=ClaimState.RESOLVED, reason=_SETTLED[resolution], strict=False,
        resolution=resolution, resolved_at=AppNow(),
    )  # fmt: skip
    if moved:
        _settle_alert(refund)


_SETTLED: dict[str, str] = {
    ClaimResolution.PROVIDER: "the provider made it", ClaimResolution.CHARGEBACK: "charged back",
}  # fmt: skip


def retry_claim(case: Case, actor: User | None) -> None:
    """Ask the provider once more for a claim's refund. In the caller's transaction, which has locked the case."""
    claim = _open_claim(case)
    transition(
        machine=CLAIM, model=RefundClaim, ids=[claim.pk], target=ClaimState.RETRYING, actor=actor, reason="retried"
    )
    plan_call(case)


def pay_by_bank(*, claim_id: int, actor: User, proof: str, note: str = "") -> RefundClaim:
    """Say that a claim was paid by bank transfer, with the bank's reference: refund payable → bank. Finance only.

    Raises `ReasonRequired` without a reference, `ClaimNotOpen` while the provider may still make the refund.
    """
    if not roles.has_role(actor, roles.FINANCE):
        raise NotAllowed(_("Only finance may do this."))
    if not proof.strip():
        raise ReasonRequired(_("Give the bank's reference of the transfer."), field="proof")
    with transaction.atomic():
        case = lock_case(RefundClaim.objects.values_list("refund_id", flat=True).get(pk=claim_id))
        claim = _open_claim(case)
        transition(
            machine=CLAIM, model=RefundClaim, ids=[claim.pk], target=ClaimState.RESOLVED, actor=actor,
            reason="paid by bank transfer", resolution=ClaimResolution.BANK, proof=proof.strip()[:200],
            note=note.strip(), resolved_by=actor.pk, resolved_at=AppNow(),
        )  # fmt: skip
        arrive(case, chart.BANK, route=RefundRoute.BANK)
        _settle_alert(case.refund)
        audit.record(
            actor=actor, action="claim.paid_by_bank", subject=f"refund:{case.refund.pk}", reason=note.strip(),
            proof=proof.strip(), amount=case.refund.amount, currency=case.refund.currency,
        )  # fmt: skip
    claim.refresh_from_db()
    return claim


def _open_claim(case: Case) -> RefundClaim:
    require_undisputed(case.payment)
    claim = RefundClaim.objects.get(refund=case.refund)
    if claim.state != ClaimState.OPEN:
        raise ClaimNotOpen(_NOT_OPEN[ClaimState(claim.state)](), state=claim.state)
    # A call that nobody knows the outcome of may yet succeed: the money would go twice.
    if GatewayCommand.objects.filter(subject=f"refund:{case.refund.pk}", state__in=UNFINISHED).exists():
        raise ClaimNotOpen(_("The provider has been asked and hasn't answered yet."), state=claim.state)
    return claim


_NOT_OPEN = {
    ClaimState.RETRYING: lambda: _("The provider has been asked once more: wait for its answer."),
    ClaimState.RESOLVED: lambda: _("The money has arrived: nothing is owed any more."),
}


@dataclass(frozen=True)
class Unrefunded:
    """A pledge whose money could not be sent back, for a person to look at. Minor units."""

    pledge_id: UUID
    amount: int
    why: str
    claim_id: int | None = None


def unrefunded(*, escrow_id: int) -> list[Unrefunded]:
    """What stands in the way of `refunded`: claims that are not resolved, and disputed pledges."""
    claims = RefundClaim.objects.filter(refund__payment__pledge__escrow_id=escrow_id, refund__payment__orphan=False)
    rows = claims.exclude(state=ClaimState.RESOLVED).order_by("refund_id")
    disputed = Pledge.objects.filter(escrow_id=escrow_id, state=PledgeState.DISPUTED)
    return [
        Unrefunded(*row) for row in rows.values_list("refund__payment__pledge_id", "refund__amount", "code", "pk")
    ] + [Unrefunded(pledge.pk, pledge.total - pledge.refunded_amount, "disputed") for pledge in disputed.order_by("pk")]
