"""A pledge was paid, refunded, given up, or could not be paid: backers hear of it."""

from typing import Any

from campaigns.models import Campaign
from campaigns.receivers import audience, cards
from campaigns.services import addresses, following_up, notifying
from cms.core.moments import HOME
from funding.models import Escrow, Refund
from funding.models.escrow import Mode


def pledge_paid(payload: dict[str, Any]) -> None:
    """A receipt to each backer; the creator hears of the first."""
    pledges = list(
        audience.pledges_of(payload).prefetch_related("lines__reward", "lines__variant").order_by("paid_at", "pk")
    )
    escrow = audience.escrow_of(payload)
    campaign = audience.campaign_of(escrow) if escrow else None
    audience.plan_all(
        following_up.to_backer(
            pledge, key=f"receipt:{pledge.pk}", template="receipt", action=notifying.SEE_PLEDGE, amount=pledge.total,
            lines=following_up.lines_of(pledge), shipping=pledge.shipping_amount, extra=pledge.extra_amount,
            deadline=_deadline(pledge.escrow, campaign, pledge.locale), keeps=pledge.escrow.mode == Mode.KEEP_IT_ALL,
            receipt_url=addresses.pledge(pledge, step="receipt.pdf"),
        )
        for pledge in pledges
    )  # fmt: skip
    if campaign is not None and pledges:
        # One key a campaign: only the first backer's mail is written.
        notifying.to_creator(
            campaign, key=f"first_backer:{campaign.key}", template="creator_first_backer",
            action=notifying.OPEN_CAMPAIGN, amount=pledges[0].total, currency=pledges[0].currency,
        )  # fmt: skip
    cards.totals_changed(payload)


def pledge_cancelled(payload: dict[str, Any]) -> None:
    """Tell those who withdrew before they had paid."""
    audience.plan_all(
        following_up.to_backer(
            pledge, key=f"cancelled:{pledge.pk}", template="pledge_cancelled", action=notifying.SEE_CAMPAIGN,
            url=addresses.campaign(pledge.escrow.key), amount=pledge.total,
        )
        for pledge in audience.pledges_of(payload).filter(state="cancelled")
    )  # fmt: skip
    # Those whose checkout merely ran out may want to pay after all.
    following_up.payment_ended(payload["pledges"])
    cards.totals_changed(payload)


def pledge_refunded(payload: dict[str, Any]) -> None:
    """Tell that money went back: each refund once."""
    refunds = Refund.objects.filter(payment__pledge__in=payload["pledges"], state="succeeded")
    # What a change gives back is told with the change.
    refunds = refunds.exclude(amendment__isnull=False, amendment__state__in=["refunding", "applied"])
    audience.plan_all(
        following_up.to_backer(
            refund.payment.pledge, key=f"refunded:{refund.pk}", template="pledge_refunded", action=notifying.SEE_PLEDGE,
            amount=refund.amount,
        )
        for refund in refunds.select_related("payment__pledge__escrow")
    )  # fmt: skip
    cards.totals_changed(payload)


def payment_failed(payload: dict[str, Any]) -> None:
    """A way to pay again, once for each failed payment."""
    following_up.payment_ended(payload["pledges"])


def _deadline(escrow: Escrow, campaign: Campaign | None, locale: str) -> str:
    return notifying.moment(escrow.deadline, locale=locale, zone=campaign.timezone if campaign else HOME)
