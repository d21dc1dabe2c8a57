"""A campaign's money was decided on, called off, or came to rest."""

from typing import Any

from campaigns.models import Campaign
from campaigns.receivers import audience
from campaigns.services import notifying, projecting
from campaigns.states import CampaignState
from funding.states import EscrowState

AT_REST = {EscrowState.RELEASED, EscrowState.REFUNDED}


def escrow_decided(payload: dict[str, Any]) -> None:
    """Success or failure: to every backer and the creator."""
    escrow = audience.escrow_of(payload)
    if escrow is None:
        return
    outcome, decision = payload["outcome"], escrow.decision
    numbers: dict[str, Any] = {"amount": decision.raised, "goal": escrow.goal, "backers": decision.backers}
    audience.to_every_backer(escrow, key=f"{outcome}:{escrow.key}", template=f"campaign_{outcome}", **numbers)
    if (campaign := audience.campaign_of(escrow)) is not None:
        notifying.to_creator(
            campaign, key=f"creator_{outcome}:{escrow.key}", template=f"creator_{outcome}",
            action=notifying.OPEN_CAMPAIGN, currency=escrow.currency, **numbers,
        )  # fmt: skip


def escrow_state(payload: dict[str, Any]) -> None:
    """Cards follow; a campaign that was called off is told to all; one at rest is concluded."""
    escrow = audience.escrow_of(payload)
    if escrow is None:
        return
    projecting.project_money([escrow.key])
    campaign = audience.campaign_of(escrow)
    if payload["state"] == "cancelling":
        audience.to_every_backer(
            escrow, key=f"called_off:{escrow.key}", template="campaign_cancelled", reason=escrow.reason
        )
        if campaign is not None:
            notifying.to_creator(
                campaign, key=f"creator_called_off:{escrow.key}", template="creator_cancelled",
                action=notifying.OPEN_CAMPAIGN, reason=escrow.reason(campaign.creator.locale),
            )  # fmt: skip
    if escrow.state in AT_REST:
        Campaign.objects.filter(escrow=escrow, state=CampaignState.LAUNCHED).update(state=CampaignState.CONCLUDED)
