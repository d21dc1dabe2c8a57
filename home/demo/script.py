"""The demo as a script: every scene with its hour, all of them safe to play twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from campaigns.models import Campaign, CampaignUpdate
from campaigns.selectors import open_submission
from campaigns.services.launching import launch_campaign, schedule_launch
from campaigns.services.reviewing import request_changes
from campaigns.services.submitting import submit_campaign
from campaigns.services.updating import create_update, publish_update
from campaigns.states import CampaignState
from funding.services.closing import cancel_escrow, hold_escrow
from funding.states import EscrowState
from home.demo import casting, drafting, hanging, playing, showing
from home.demo.approving import approve_by_all
from home.demo.drawing import Easel
from home.demo.shapes import CampaignPlan, EndState, PledgePlan, UpdatePlan, Words
from home.demo.walking import FIRST_HOUR, Walk

DAY = 24.0
# The money of an ended campaign: decided after the grace, released after the hold.
_AFTERWARDS = (0.1, 1, 14 * DAY + 2)


@dataclass(frozen=True)
class Stage:
    """What every scene needs."""

    walk: Walk
    easel: Easel


@dataclass(frozen=True)
class Scene:
    """Something that happens at an hour relative to the demo's now."""

    hours: float
    name: str
    play: Callable[[Stage], object]


def scenes(plans: tuple[CampaignPlan, ...]) -> list[Scene]:
    """All scenes of all campaigns, in the order of time."""
    found = [scene for plan in plans for scene in _scenes_of(plan)]
    return sorted((scene for scene in found if scene.hours <= 0), key=lambda scene: scene.hours)


def _scenes_of(plan: CampaignPlan) -> Iterator[Scene]:
    yield from _before_launch(plan)
    if not plan.end_state.launched:
        return
    launch = plan.launch_day * DAY
    yield Scene(launch, f"{plan.slug} opens", partial(_launch, plan))
    for pledge in plan.pledges:
        yield Scene(pledge.at_hours, f"{pledge.backer} backs {plan.slug}", partial(_back, plan, pledge))
        if pledge.cancel_day is not None:
            hours = pledge.cancel_day * DAY + pledge.hour
            yield Scene(hours, f"{pledge.backer} leaves {plan.slug}", partial(_leave, plan, pledge))
    for number, update in enumerate(plan.updates):
        tell = partial(_publish, plan, number, update)
        yield Scene(update.day * DAY + 9, f"{plan.slug} has news", tell)
    if plan.reason_day is not None:
        yield Scene(plan.reason_day * DAY, f"{plan.slug} is stopped", partial(_stop, plan))
    for hours in _AFTERWARDS:
        yield Scene(plan.deadline_hours + hours, f"{plan.slug} is settled", lambda _stage: None)


def _before_launch(plan: CampaignPlan) -> Iterator[Scene]:
    """Written, handed in, read: a campaign that has been launched three days before, the others within this week."""
    drafted: float
    if plan.end_state.launched:
        launch = plan.launch_day * DAY
        drafted, submitted, reviewed = max(launch - 3 * DAY, FIRST_HOUR + 1), launch - 2 * DAY, launch - DAY
    else:
        decided = (plan.reason_day if plan.reason_day is not None else -1) * DAY
        drafted, submitted, reviewed = decided - 3 * DAY, decided - DAY, decided
    yield Scene(drafted, f"{plan.slug} is written", partial(_write, plan))
    if plan.end_state is EndState.DRAFT:
        yield Scene(drafted + 1, f"{plan.slug} is shown to friends", partial(_show, plan))
        return
    yield Scene(submitted, f"{plan.slug} is handed in", partial(_submit, plan))
    if plan.end_state is EndState.SUBMITTED:
        return
    yield Scene(reviewed, f"{plan.slug} is read", partial(_review, plan))
    if plan.end_state is EndState.PRELAUNCH:
        yield Scene(reviewed + 1, f"{plan.slug} waits for its day", partial(_schedule, plan))


def _campaign(plan: CampaignPlan) -> Campaign:
    campaign = drafting.campaign_of(plan)
    if campaign is None:
        raise LookupError(f"{plan.slug} has not been written")
    return campaign


def _write(plan: CampaignPlan, stage: Stage) -> None:
    drafting.draft(plan, walk=stage.walk, easel=stage.easel)


def _show(plan: CampaignPlan, stage: Stage) -> None:
    showing.show_to_friends(_campaign(plan))


def _back(plan: CampaignPlan, pledge: PledgePlan, stage: Stage) -> None:
    playing.place(plan, pledge, _campaign(plan))


def _leave(plan: CampaignPlan, pledge: PledgePlan, stage: Stage) -> None:
    playing.take_back(plan, pledge)


def _submit(plan: CampaignPlan, stage: Stage) -> None:
    campaign = _campaign(plan)
    if campaign.state == CampaignState.DRAFT:
        submit_campaign(campaign=campaign, actor=campaign.creator)


def _review(plan: CampaignPlan, stage: Stage) -> None:
    submission = open_submission(_campaign(plan))
    if submission is None:
        return
    reviewer = casting.user("reviewer@example.com")
    if plan.end_state is EndState.CHANGES_REQUESTED:
        request_changes(submission=submission, actor=reviewer, reason=_said(plan))
    else:
        approve_by_all(submission)


def _schedule(plan: CampaignPlan, stage: Stage) -> None:
    campaign = _campaign(plan)
    if campaign.launch_at is None and campaign.state == CampaignState.APPROVED:
        schedule_launch(campaign=campaign, actor=campaign.creator, at=stage.walk.at(plan.launch_day * DAY))


def _launch(plan: CampaignPlan, stage: Stage) -> None:
    campaign = _campaign(plan)
    launch_campaign(campaign=campaign, actor=campaign.creator)


def _stop(plan: CampaignPlan, stage: Stage) -> None:
    campaign = _campaign(plan)
    escrow = campaign.escrow
    if escrow is None or escrow.state not in (EscrowState.OPEN, EscrowState.ON_HOLD):
        return
    if plan.end_state is EndState.CANCELLED:
        cancel_escrow(escrow_id=escrow.pk, actor=campaign.creator, reason=_reasons(plan))
    elif escrow.state == EscrowState.OPEN:
        hold_escrow(escrow_id=escrow.pk, actor=casting.user("finance@example.com"), reason=_reasons(plan))


def _said(plan: CampaignPlan) -> str:
    """A reason as it is read by people of both languages."""
    reason = plan.reason or Words("", "")
    return f"{reason.en}\n{reason.zh}"


def _reasons(plan: CampaignPlan) -> dict[str, str]:
    """The same for where readers are asked for their language."""
    reason = plan.reason or Words("", "")
    return {"en": reason.en, "zh-hans": reason.zh}


def _publish(plan: CampaignPlan, number: int, update: UpdatePlan, stage: Stage) -> None:
    """News in both languages. The translation is published first: backers get one mail, in theirs."""
    campaign = _campaign(plan)
    group = hanging.fixed_id(plan.slug, "update", number)
    drafts = [_drafted(campaign, plan, update, locale, group, stage) for locale in drafting.LOCALES]
    for draft in drafts:
        if draft.published_at is None:
            publish_update(update=draft, actor=campaign.creator)


def _drafted(
    campaign: Campaign, plan: CampaignPlan, update: UpdatePlan, locale: str, group: UUID, stage: Stage
) -> CampaignUpdate:
    found = CampaignUpdate.objects.filter(translation_key=group, locale=locale).first()
    if found is not None:
        return found
    hung = hanging.hang(update.story, owner=campaign.creator, easel=stage.easel)
    return create_update(
        campaign=campaign, actor=campaign.creator, locale=locale, title=update.title.in_(locale),
        body=hanging.stream(update.story, locale=locale, of=str(group), hung=hung), audience=update.audience,
        translation_key=group,
    )  # fmt: skip
