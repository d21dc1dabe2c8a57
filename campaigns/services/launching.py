"""Launch: the approved terms become an escrow, and the campaign takes money."""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.exceptions import DeadlinePassed, NotApproved
from campaigns.models import Campaign, CampaignPage, Submission
from campaigns.selectors import approved_submission, story_pages
from campaigns.services import editing, freezing, notifying, projecting, versioning
from campaigns.states import CampaignState
from cms.core.clock import now
from cms.core.errors import InvalidInput, NotAllowed, Refusal
from cms.users import audit
from cms.users.models import User
from cms.users.services.presenting import fix_kind
from funding.services.opening import open_escrow

logger = logging.getLogger("kindling.campaigns")

# A fixed deadline nearer than this makes no campaign.
SHORTEST = timedelta(hours=1)


@transaction.atomic
def launch_campaign(*, campaign: Campaign, actor: User | None) -> Campaign:
    """Freeze the approved terms into an escrow, write the first version of each language, list it. Twice is once.

    `actor` None is the platform, at the time that the creator set: a time forgotten meanwhile launches nothing.
    Raises `NotApproved`, `DeadlinePassed`, `NotAllowed`, or what funding refuses; nothing is half-done.
    """
    row = editing.locked(campaign) if actor is None else editing.owned(campaign, actor)
    if row.escrow_id is not None:
        return row
    if actor is None and not Campaign.objects.launch_due().filter(pk=row.pk).exists():
        return row
    submission = _approved(row)
    deadline = freezing.deadline_of(submission.terms)
    if deadline < now() + SHORTEST:
        raise DeadlinePassed(_("The deadline is over or too near. Reopen the terms and choose a later one."))
    names = {page.locale.language_code: page.title for page in story_pages(row) if page.live}
    terms = freezing.escrow_terms(row, submission, names=names, deadline=deadline)
    row.escrow = open_escrow(terms=terms, actor=actor)
    fix_kind(user=row.creator)
    row.state, row.launch_at = CampaignState.LAUNCHED, None
    row.save(update_fields=["escrow", "state", "launch_at"])
    versioning.write_all(campaign=row, actor=actor)
    projecting.project(row)
    audit.record(
        actor=actor, action="campaign.launched", subject=f"campaign:{row.key}", submission=submission.number,
        terms_hash=submission.terms_hash, deadline=deadline.isoformat(),
    )  # fmt: skip
    notifying.campaign_launched(row)
    return row


@transaction.atomic
def schedule_launch(*, campaign: Campaign, actor: User, at: datetime) -> Campaign:
    """Launch by itself at an instant of app time. Raises `NotApproved`, `InvalidInput`, `DeadlinePassed`."""
    row = editing.owned(campaign, actor)
    submission = _approved(row)
    if at <= now():
        raise InvalidInput(_("Choose a time that lies ahead."), field="launch_at")
    fixed = submission.terms["deadline"]
    if fixed and datetime.fromisoformat(fixed) < at + SHORTEST:
        raise DeadlinePassed(_("The deadline would be over or too near by then."), field="launch_at")
    row.launch_at = at
    row.save(update_fields=["launch_at"])
    audit.record(
        actor=actor, action="campaign.launch_scheduled", subject=f"campaign:{row.key}", at=at.isoformat()
    )  # fmt: skip
    return row


@transaction.atomic
def unschedule_launch(*, campaign: Campaign, actor: User) -> Campaign:
    """Forget the set time; twice is once."""
    row = editing.owned(campaign, actor)
    if row.launch_at is not None:
        row.launch_at = None
        row.save(update_fields=["launch_at"])
        audit.record(actor=actor, action="campaign.launch_unscheduled", subject=f"campaign:{row.key}")
    return row


def launch_due() -> int:
    """The sweep: launch what is due. What can't be launched is told to its creator once and waits for them."""
    done = 0
    for campaign in Campaign.objects.launch_due().order_by("launch_at")[:100]:
        try:
            launch_campaign(campaign=campaign, actor=None)
            done += 1
        except Refusal as refusal:
            logger.warning("Campaign %s was not launched: %s", campaign.key, refusal)
            with transaction.atomic():
                row = editing.locked(campaign)
                notifying.launch_refused(row, str(refusal))
                row.launch_at = None
                row.save(update_fields=["launch_at"])
    return done


def _approved(row: Campaign) -> Submission:
    submission = approved_submission(row)
    if row.state != CampaignState.APPROVED or submission is None:
        raise NotApproved(_("Only an approved campaign can be launched."), state=row.state)
    if not CampaignPage.objects.live().filter(campaign=row, alias_of=None).exists():
        raise NotApproved(_("None of the campaign's pages is published."), state=row.state)
    if not row.creator.is_active:
        raise NotAllowed(_("The creator's account is disabled."))
    return submission
