"""Where a campaign stands and what comes next, in words and links."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from campaigns.selectors import last_decision, open_submission, story_pages
from campaigns.services import progressing
from campaigns.services.progressing import Progress
from campaigns.states import CampaignState

STATUS = {
    CampaignState.DRAFT: "", CampaignState.SUBMITTED: "primary", CampaignState.CHANGES_REQUESTED: "warning",
    CampaignState.REJECTED: "critical", CampaignState.APPROVED: "positive", CampaignState.LAUNCHED: "positive",
    CampaignState.CONCLUDED: "",
}  # fmt: skip


@dataclass(frozen=True)
class Step:
    """What the creator does next."""

    text: str
    url: str = ""
    label: str = ""


def next_step(campaign: Campaign, progress: Progress | None = None) -> Step:
    """One sentence and one button. Without its progress, in lists, a draft's completeness is left to its own page."""
    key = campaign.key
    match campaign.state:
        case CampaignState.DRAFT | CampaignState.CHANGES_REQUESTED:
            return _drafting(key, progress)
        case CampaignState.SUBMITTED:
            return Step(_("A reviewer is reading it. You will get a mail."))
        case CampaignState.REJECTED:
            return Step(_("It was not accepted and can't be submitted again."))
        case CampaignState.APPROVED if campaign.launch_at:
            return Step(_("It is approved and will be launched by itself."), _url("launch", key), _("Change the time"))
        case CampaignState.APPROVED:
            return Step(_("It is approved. It takes no money until you launch it."), _url("launch", key), _("Launch"))
        case CampaignState.LAUNCHED:
            return Step(_("It is live. Tell your backers how it goes."), _url("update_add", key), _("Write an update"))
    return Step(_("It is over. Thank your backers."), _url("update_add", key), _("Write an update"))


def _drafting(key: str, progress: Progress | None) -> Step:
    if progress is None:
        return Step(_("It is being written."), _url("campaign", key), _("See what is missing"))
    if progress.missing:
        text = _("Some things are still missing before it can be submitted.")
        return Step(text, _url("campaign", key), _("See what is missing"))
    return Step(_("It is complete. Submit it for review."), _url("submit", key), _("Submit for review"))


def overview(campaign: Campaign) -> dict[str, Any]:
    """What the campaign's page and the editor's panel show."""
    drafting = campaign.state in {CampaignState.DRAFT, CampaignState.CHANGES_REQUESTED}
    decision = last_decision(campaign) if campaign.state != CampaignState.LAUNCHED else None
    come = progressing.progress(campaign) if drafting else None
    return {
        "campaign": campaign,
        "status": STATUS[CampaignState(campaign.state)],
        "step": next_step(campaign, come),
        "progress": come,
        "missing": come.missing if come else [],
        "drafting": drafting,
        "pending": open_submission(campaign),
        "decision": decision if decision and decision.outcome in {"changes_requested", "rejected"} else None,
        "story_edits": campaign.state in {CampaignState.APPROVED, CampaignState.LAUNCHED, CampaignState.CONCLUDED},
        "pages": story_pages(campaign),
    }


def _url(name: str, key: str) -> str:
    return reverse(f"studio:{name}", args=[key])
