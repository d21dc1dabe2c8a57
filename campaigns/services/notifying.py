"""Mails to creators about their own campaigns. Mails to backers about money are in `campaigns.receivers`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from campaigns.models import Campaign, CampaignPage, ReviewApproval, Submission, SubmissionDecision
from campaigns.selectors import titles
from campaigns.services import addresses
from cms.core.moments import time_text
from cms.mail import services as mail
from cms.mail.models import Message
from cms.users.models import User

# Labels of the mails' buttons, translated when a mail is written.
SEE_PLEDGE = gettext_noop("See your pledge")
PAY_AGAIN = gettext_noop("Pay again")
SEE_CAMPAIGN = gettext_noop("See the campaign")
READ_UPDATE = gettext_noop("Read the update")
OPEN_CAMPAIGN = gettext_noop("Open your campaign")
OPEN_PAYOUTS = gettext_noop("Open your payout account")
OPEN_REVIEW = gettext_noop("Open the review")
SEE_INVITATION = gettext_noop("See the invitation")
OPEN_TEAM = gettext_noop("Open the team")
SEE_STATEMENT = gettext_noop("See your statement")

REVIEW_TEMPLATES = {
    "approved": "review_approved",
    "changes_requested": "review_changes_requested",
    "rejected": "review_rejected",
}


def title_of(campaign: Campaign, locale: str, pages: Iterable[CampaignPage] | None = None) -> str:
    """The campaign's title for a reader: in their language, else in whichever there is. Lists bring their `pages`."""
    names = titles(campaign, pages)
    return names.get(locale) or next(iter(names.values()), campaign.key)


def moment(instant: datetime, *, locale: str, zone: str) -> str:
    """A date and time as people write it, with the name of its clock."""
    with translation.override(locale):
        return time_text(instant, zone=zone)


def context(*, locale: str, title: str, action_url: str, action: str, **more: Any) -> dict[str, Any]:
    """What every mail's template needs; `action` is the label of its button, one of those above."""
    with translation.override(locale):
        label = str(_(action))
    return {"title": title, "action_url": action_url, "action_label": label, "site_url": settings.PUBLIC_URL, **more}


def to_creator(campaign: Campaign, *, key: str, template: str, action: str, path: str = "", **more: Any) -> None:
    """Plan one mail to the creator, in their language."""
    creator: User = campaign.creator
    values = context(
        locale=creator.locale, title=title_of(campaign, creator.locale), action=action,
        action_url=addresses.studio(path or f"campaigns/{campaign.key}/"), name=creator.display_name, **more,
    )  # fmt: skip
    mail.plan(key=key, to=creator.email, locale=creator.locale, template=template, context=values)


def review_decided(campaign: Campaign, submission: Submission, decision: SubmissionDecision) -> None:
    """Tell how a review ended, with the reviewer's words."""
    if decision.outcome in REVIEW_TEMPLATES:
        to_creator(
            campaign, key=f"review:{submission.pk}:{decision.outcome}", template=REVIEW_TEMPLATES[decision.outcome],
            action=OPEN_CAMPAIGN, reason=decision.reason, launched=campaign.escrow_id is not None,
        )  # fmt: skip


def head_reviewers() -> list[User]:
    """Who leads the reviews: active people who hold that permission, by a role or themselves."""
    led = Q(groups__permissions__codename="lead_reviews") | Q(user_permissions__codename="lead_reviews")
    return list(User.objects.filter(led, is_active=True).distinct().order_by("pk"))


def review_overdue(submissions: Iterable[Submission]) -> int:
    """Tell the head reviewers, once each, of decisions that are owed; returns how many mails were planned."""
    heads = head_reviewers()
    plans = {
        plan.key: plan
        for submission in submissions
        for head in heads
        for plan in [_to_reviewer(submission, head, "review_overdue", overdue=submission.due_at)]
    }
    known = set(Message.objects.filter(key__in=plans).values_list("key", flat=True))
    new = [plan for key, plan in plans.items() if key not in known]
    if new:
        mail.plan_many(new)
    return len(new)


def second_reviewer_needed(campaign: Campaign, submission: Submission, approval: ReviewApproval) -> None:
    """Tell the head reviewers that one of two people has approved."""
    heads = [head for head in head_reviewers() if head.pk != approval.reviewer_id]
    mail.plan_many(
        _to_reviewer(submission, head, "review_second", first=approval.reviewer.public_name) for head in heads
    )


def _to_reviewer(
    submission: Submission, reviewer: User, template: str, *, overdue: datetime | None = None, **more: Any
) -> mail.Plan:
    campaign, locale = submission.campaign, reviewer.locale
    if overdue is not None:
        more["due"] = moment(overdue, locale=locale, zone=reviewer.timezone)
    values = context(
        locale=locale, title=title_of(campaign, locale), action=OPEN_REVIEW,
        action_url=addresses.studio(f"reviews/{submission.pk}/"), name=reviewer.display_name, **more,
    )  # fmt: skip
    key = f"{template}:{submission.pk}:{reviewer.pk}"
    return mail.Plan(key=key, to=reviewer.email, locale=locale, template=template, context=values)


def campaign_launched(campaign: Campaign) -> None:
    """Tell that the campaign takes money now."""
    escrow, creator = campaign.escrow, campaign.creator
    assert escrow is not None
    to_creator(
        campaign, key=f"launched:{campaign.key}", template="campaign_launched", action=OPEN_CAMPAIGN,
        goal=escrow.goal, currency=escrow.currency,
        deadline=moment(escrow.deadline, locale=creator.locale, zone=campaign.timezone),
    )  # fmt: skip


def launch_refused(campaign: Campaign, reason: str) -> None:
    """Tell that the launch at the set time didn't happen, and why."""
    at = campaign.launch_at.isoformat() if campaign.launch_at else ""
    to_creator(
        campaign, key=f"launch_refused:{campaign.key}:{at}", template="launch_refused", action=OPEN_CAMPAIGN,
        reason=reason,
    )  # fmt: skip
