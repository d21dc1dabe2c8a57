"""Mails about money that somebody is still owed: creators after a refund that followed their payout, backers whose
refund could not be made. Planned once each, by key."""

from typing import Any

from campaigns.receivers import audience
from campaigns.services import following_up, notifying
from funding.models import CreatorDebt, RefundClaim
from funding.models.debts import DebtCause
from funding.states import ClaimState


def debt_incurred(payload: dict[str, Any]) -> None:
    """A backer was refunded after the payout: tell the creator how much is kept from the next one, and why.

    What a lost dispute costs is told with the dispute.
    """
    _to_creator(payload, template="refund_after_payout")


def debt_cancelled(payload: dict[str, Any]) -> None:
    """Such a refund came to nothing: its creator owes nothing for it."""
    _to_creator(payload, template="refund_debt_cancelled")


def _to_creator(payload: dict[str, Any], *, template: str) -> None:
    debt = CreatorDebt.objects.select_related("refund", "escrow").get(pk=payload["debt"])
    campaign = audience.campaign_of(debt.escrow)
    if campaign is None or debt.cause != DebtCause.REFUND or debt.refund is None:
        return
    notifying.to_creator(
        campaign, key=f"{template}:{debt.pk}", template=template, action=notifying.SEE_STATEMENT,
        amount=debt.amount, currency=debt.currency, reason=debt.refund.note,
    )  # fmt: skip


def claim_opened(payload: dict[str, Any]) -> None:
    """A refund could not be made: tell the backer, once, that the money is safe and that a person sees to it."""
    claim = RefundClaim.objects.select_related("refund__payment__pledge__escrow").get(pk=payload["claim"])
    if claim.state == ClaimState.RESOLVED:
        return
    refund = claim.refund
    audience.plan_all([following_up.to_backer(
        refund.payment.pledge, key=f"refund_claim:{refund.pk}", template="refund_claim", action=notifying.SEE_PLEDGE,
        amount=refund.amount,
    )])  # fmt: skip
