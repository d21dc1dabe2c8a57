"""Stories and updates that are published, by whichever button."""

from typing import Any

from campaigns.models import Campaign, CampaignPage, CampaignUpdate, Submission
from campaigns.services import projecting, updating, versioning


def story_published(sender: Any, instance: Any, revision: Any = None, **_: Any) -> None:
    """Every road of publishing ends here: the card follows, and after launch a version is written."""
    page = instance.specific
    if not isinstance(page, CampaignPage) or page.alias_of_id is not None:
        return
    campaign = Campaign.objects.select_related("escrow", "category__parent", "creator").get(pk=page.campaign_id)
    if campaign.escrow_id is not None:
        submission = _submission_of(campaign, page, revision)
        decision = getattr(submission, "decision", None)
        versioning.write_version(
            campaign=campaign, page=page, reason=submission.change_note if submission else "",
            actor=(submission.submitted_by if submission else None) if decision else getattr(revision, "user", None),
        )  # fmt: skip
    projecting.project(campaign)


def update_published(sender: Any, instance: CampaignUpdate, revision: Any = None, **_: Any) -> None:
    """Wagtail's button and our service alike: the first publishing mails the backers."""
    updating.note_published(update=instance, actor=getattr(revision, "user", None))


def _submission_of(campaign: Campaign, page: CampaignPage, revision: Any) -> Submission | None:
    locale = page.locale.language_code
    found = campaign.submissions.approved().filter(**{f"revisions__{locale}": getattr(revision, "pk", None)})
    return found.select_related("decision", "submitted_by").first()
