"""The review and launch lifecycle of a campaign: tables only."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class CampaignState(StrEnum):
    """Where a campaign stands before money; after launch its Escrow says the rest."""

    DRAFT = "draft"  # the creator writes
    SUBMITTED = "submitted"  # terms and pages are locked; a reviewer reads
    CHANGES_REQUESTED = "changes_requested"  # back with reasons
    REJECTED = "rejected"  # final
    APPROVED = "approved"  # published and visible; takes no money yet
    LAUNCHED = "launched"  # its Escrow exists
    CONCLUDED = "concluded"  # its Escrow is at rest


# A review has approved it: visitors may see its pages, and its creator's updates.
PUBLIC = frozenset({CampaignState.APPROVED, CampaignState.LAUNCHED, CampaignState.CONCLUDED})

LABELS = {
    CampaignState.DRAFT: _("Draft"),
    CampaignState.SUBMITTED: _("In review"),
    CampaignState.CHANGES_REQUESTED: _("Changes requested"),
    CampaignState.REJECTED: _("Rejected"),
    CampaignState.APPROVED: _("Approved"),
    CampaignState.LAUNCHED: _("Launched"),
    CampaignState.CONCLUDED: _("Concluded"),
}

MEANINGS = {
    CampaignState.DRAFT: _("The creator writes."),
    CampaignState.SUBMITTED: _("Terms and pages are locked; a reviewer reads."),
    CampaignState.CHANGES_REQUESTED: _("Back with its creator, with reasons."),
    CampaignState.REJECTED: _("Refused for good."),
    CampaignState.APPROVED: _("Published and visible; takes no money yet."),
    CampaignState.LAUNCHED: _("Its escrow exists: from here on that says the rest."),
    CampaignState.CONCLUDED: _("Its escrow is at rest."),
}

# Why a campaign goes there.
INTO = {
    CampaignState.DRAFT: _("The creator takes it back to change it; that needs a new review."),
    CampaignState.SUBMITTED: _("The creator submits a complete draft."),
    CampaignState.CHANGES_REQUESTED: _("A reviewer asks for changes."),
    CampaignState.REJECTED: _("A reviewer refuses it for good."),
    CampaignState.APPROVED: _("A reviewer approves terms and pages that have not changed since."),
    CampaignState.LAUNCHED: _("The creator launches it, now or at the set time."),
    CampaignState.CONCLUDED: _("Its money is paid out or refunded."),
}

EDGES: dict[CampaignState, frozenset[CampaignState]] = {
    CampaignState.DRAFT: frozenset({CampaignState.SUBMITTED}),
    CampaignState.SUBMITTED: frozenset(
        {CampaignState.APPROVED, CampaignState.CHANGES_REQUESTED, CampaignState.REJECTED, CampaignState.DRAFT}
    ),
    CampaignState.CHANGES_REQUESTED: frozenset({CampaignState.SUBMITTED}),
    # Before launch a creator may reopen the terms; that takes a new review.
    CampaignState.APPROVED: frozenset({CampaignState.LAUNCHED, CampaignState.DRAFT}),
    CampaignState.LAUNCHED: frozenset({CampaignState.CONCLUDED}),
    CampaignState.REJECTED: frozenset(),
    CampaignState.CONCLUDED: frozenset(),
}
