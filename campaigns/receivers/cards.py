"""Cards follow what they show: money, the page's address, the creator's name."""

from typing import Any

from campaigns.models import Campaign, CampaignPage
from campaigns.receivers import audience
from campaigns.services import projecting


def totals_changed(payload: dict[str, Any]) -> None:
    """Cards follow the escrow."""
    escrow = audience.escrow_of(payload)
    if escrow is not None:
        projecting.project_money([escrow.key])


def page_moved(sender: Any, instance: Any, **_: Any) -> None:
    """The card's address follows the page's, and an unpublished page has no card."""
    page = instance.specific
    if isinstance(page, CampaignPage):
        projecting.project(Campaign.objects.select_related("escrow", "category__parent").get(pk=page.campaign_id))


def creator_renamed(payload: dict[str, Any]) -> None:
    """Cards and their search texts carry the creator's name."""
    theirs = Campaign.objects.filter(creator=payload["user"], listings__isnull=False).distinct()
    for campaign in theirs.select_related("escrow", "category__parent", "creator"):
        projecting.project(campaign)
