"""A backer's bank asks money back."""

from typing import Any

from campaigns.receivers import audience, cards
from campaigns.services import notifying
from funding.models import Dispute

MAILS = {
    "needs_response": "dispute_opened", "lost": "dispute_lost", "accepted": "dispute_lost", "won": "dispute_won",
}  # fmt: skip


def dispute_state(payload: dict[str, Any]) -> None:
    """Tell the creator when a backer's bank asks money back, and how it ended."""
    dispute = Dispute.objects.select_related("payment__pledge__escrow").get(pk=payload["dispute"])
    template = MAILS.get(payload["state"])
    campaign = audience.campaign_of(dispute.payment.pledge.escrow)
    if template and campaign is not None and not dispute.payment.orphan:
        notifying.to_creator(
            campaign, key=f"{template}:{dispute.pk}", template=template, action=notifying.OPEN_CAMPAIGN,
            path=f"campaigns/{campaign.key}/", amount=dispute.amount, currency=dispute.currency,
            owed=dispute.from_creator,
        )  # fmt: skip
    cards.totals_changed(payload)
