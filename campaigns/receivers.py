"""What campaigns do when money moves or Wagtail acts: mails, planned once each, and cards.

Every handler may be called twice for one event; keys of messages and idempotent projections make that harmless.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from wagtail.models import WorkflowState
from wagtail.signals import (
    page_published,
    page_slug_changed,
    page_unpublished,
    post_page_move,
    published,
    workflow_approved,
    workflow_cancelled,
    workflow_rejected,
    workflow_submitted,
)

from campaigns.models import Campaign, CampaignPage, CampaignUpdate, Submission
from campaigns.selectors import BACKING_STATES
from campaigns.services import (
    addresses,
    following_up,
    launching,
    notifying,
    projecting,
    reviewing,
    submitting,
    updating,
    versioning,
)
from campaigns.states import CampaignState
from cms.core import events, sweeps
from cms.core.errors import Refusal
from cms.core.moments import HOME
from cms.mail import services as mail
from cms.users.models import User
from funding.models import Dispute, Escrow, Payout, Pledge, Refund
from funding.models.escrow import Mode

CHUNK = 2000
AT_REST = {"released", "refunded"}


def connect() -> None:
    """Subscribe to funding's events and Wagtail's signals, and register the sweeps. Called once, at start."""
    for name, handler in {
        "funding.pledge_paid": pledge_paid,
        "funding.pledge_cancelled": pledge_cancelled,
        "funding.pledge_refunded": pledge_refunded,
        "funding.payment_failed": payment_failed,
        "funding.amendment_waits": following_up.amendment_waits,
        "funding.pledge_amended": following_up.pledge_amended,
        "funding.amendment_abandoned": following_up.amendment_abandoned,
        "funding.totals_changed": totals_changed,
        "funding.escrow_decided": escrow_decided,
        "funding.escrow_state": escrow_state,
        "funding.payout_paid": payout_paid,
        "funding.payout_blocked": payout_blocked,
        "funding.dispute_state": dispute_state,
        "funding.payout_returned": payout_returned,
        "funding.payout_account_held": payout_account_held,
        "funding.payout_account_changed": payout_account_changed,
        "users.renamed": creator_renamed,
    }.items():
        events.subscribe(name, handler)
    sweeps.register("campaigns.launch", launching.launch_due, rank=10)
    sweeps.register("campaigns.reminders", following_up.remind_due, rank=50)
    sweeps.register("campaigns.updates", updating.publish_due, rank=60)
    sweeps.register("campaigns.update_mails", updating.mail_waiting, rank=61)
    sweeps.register("campaigns.listings", projecting.sweep, rank=70)
    page_published.connect(story_published, dispatch_uid="campaigns.story_published")
    for signal in (page_unpublished, page_slug_changed, post_page_move):
        signal.connect(page_moved, dispatch_uid=f"campaigns.page_moved.{id(signal)}")
    published.connect(update_published, sender=CampaignUpdate, dispatch_uid="campaigns.update_published")
    workflow_submitted.connect(workflow_began, dispatch_uid="campaigns.workflow_began")
    workflow_rejected.connect(workflow_sent_back, dispatch_uid="campaigns.workflow_sent_back")
    workflow_cancelled.connect(workflow_stopped, dispatch_uid="campaigns.workflow_stopped")
    # Creators hear of their review from us, in their language and with the reason, not twice.
    for signal, uid in (
        (workflow_submitted, "workflow_state_submitted_email_notification"),
        (workflow_approved, "workflow_state_approved_email_notification"),
        (workflow_rejected, "workflow_state_rejected_email_notification"),
    ):
        signal.disconnect(sender=WorkflowState, dispatch_uid=uid)


# Funding


def pledge_paid(payload: dict[str, Any]) -> None:
    """A receipt to each backer; the creator hears of the first."""
    pledges = list(_pledges(payload).prefetch_related("lines__reward", "lines__variant").order_by("paid_at", "pk"))
    escrow = _escrow(payload)
    campaign = _campaign(escrow) if escrow else None
    _plan_all(
        following_up.to_backer(
            pledge, key=f"receipt:{pledge.pk}", template="receipt", action=notifying.SEE_PLEDGE, amount=pledge.total,
            lines=following_up.lines_of(pledge), shipping=pledge.shipping_amount, extra=pledge.extra_amount,
            deadline=_deadline(pledge.escrow, campaign, pledge.locale), keeps=pledge.escrow.mode == Mode.KEEP_IT_ALL,
        )
        for pledge in pledges
    )  # fmt: skip
    if campaign is not None and pledges:
        # One key a campaign: only the first backer's mail is written.
        notifying.to_creator(
            campaign, key=f"first_backer:{campaign.key}", template="creator_first_backer",
            action=notifying.OPEN_CAMPAIGN, amount=pledges[0].total, currency=pledges[0].currency,
        )  # fmt: skip
    totals_changed(payload)


def pledge_cancelled(payload: dict[str, Any]) -> None:
    """Tell those who withdrew before they had paid."""
    _plan_all(
        following_up.to_backer(
            pledge, key=f"cancelled:{pledge.pk}", template="pledge_cancelled", action=notifying.SEE_CAMPAIGN,
            url=addresses.campaign(pledge.escrow.key), amount=pledge.total,
        )
        for pledge in _pledges(payload).filter(state="cancelled")
    )  # fmt: skip
    # Those whose checkout merely ran out may want to pay after all.
    following_up.payment_ended(payload["pledges"])
    totals_changed(payload)


def pledge_refunded(payload: dict[str, Any]) -> None:
    """Tell that money went back: each refund once."""
    refunds = Refund.objects.filter(payment__pledge__in=payload["pledges"], state="succeeded")
    # What a change gives back is told with the change.
    refunds = refunds.exclude(amendment__isnull=False, amendment__state__in=["refunding", "applied"])
    _plan_all(
        following_up.to_backer(
            refund.payment.pledge, key=f"refunded:{refund.pk}", template="pledge_refunded", action=notifying.SEE_PLEDGE,
            amount=refund.amount,
        )
        for refund in refunds.select_related("payment__pledge__escrow")
    )  # fmt: skip
    totals_changed(payload)


def payment_failed(payload: dict[str, Any]) -> None:
    """A way to pay again, once for each failed payment."""
    following_up.payment_ended(payload["pledges"])


def totals_changed(payload: dict[str, Any]) -> None:
    """Cards follow the escrow."""
    escrow = _escrow(payload)
    if escrow is not None:
        projecting.project_money([escrow.key])


def escrow_decided(payload: dict[str, Any]) -> None:
    """Success or failure: to every backer and the creator."""
    escrow = _escrow(payload)
    if escrow is None:
        return
    outcome, decision = payload["outcome"], escrow.decision
    numbers: dict[str, Any] = {"amount": decision.raised, "goal": escrow.goal, "backers": decision.backers}
    _to_everybody(escrow, key=f"{outcome}:{escrow.key}", template=f"campaign_{outcome}", **numbers)
    if (campaign := _campaign(escrow)) is not None:
        notifying.to_creator(
            campaign, key=f"creator_{outcome}:{escrow.key}", template=f"creator_{outcome}",
            action=notifying.OPEN_CAMPAIGN, currency=escrow.currency, **numbers,
        )  # fmt: skip


def escrow_state(payload: dict[str, Any]) -> None:
    """Cards follow; a campaign that was called off is told to all; one at rest is concluded."""
    escrow = _escrow(payload)
    if escrow is None:
        return
    projecting.project_money([escrow.key])
    campaign = _campaign(escrow)
    if payload["state"] == "cancelling":
        _to_everybody(escrow, key=f"called_off:{escrow.key}", template="campaign_cancelled", reason=escrow.reason)
        if campaign is not None:
            notifying.to_creator(
                campaign, key=f"creator_called_off:{escrow.key}", template="creator_cancelled",
                action=notifying.OPEN_CAMPAIGN, reason=escrow.reason(campaign.creator.locale),
            )  # fmt: skip
    if escrow.state in AT_REST:
        Campaign.objects.filter(escrow=escrow, state=CampaignState.LAUNCHED).update(state=CampaignState.CONCLUDED)


def payout_paid(payload: dict[str, Any]) -> None:
    """Tell the creator that the money left."""
    payout = Payout.objects.select_related("release__escrow").get(pk=payload["payout"])
    if (campaign := _campaign(payout.release.escrow)) is not None:
        notifying.to_creator(
            campaign, key=f"payout:{payout.pk}:{payout.attempt}", template="payout_sent",
            action=notifying.SEE_STATEMENT, path=f"campaigns/{campaign.key}/", amount=payout.amount,
            currency=payout.currency,
        )  # fmt: skip


def dispute_state(payload: dict[str, Any]) -> None:
    """Tell the creator when a backer's bank asks money back, and how it ended."""
    dispute = Dispute.objects.select_related("payment__pledge__escrow").get(pk=payload["dispute"])
    template = _DISPUTE_MAILS.get(payload["state"])
    campaign = _campaign(dispute.payment.pledge.escrow)
    if template and campaign is not None and not dispute.payment.orphan:
        notifying.to_creator(
            campaign, key=f"{template}:{dispute.pk}", template=template, action=notifying.OPEN_CAMPAIGN,
            path=f"campaigns/{campaign.key}/", amount=dispute.amount, currency=dispute.currency,
            owed=dispute.from_creator,
        )  # fmt: skip
    totals_changed(payload)


_DISPUTE_MAILS = {
    "needs_response": "dispute_opened", "lost": "dispute_lost", "accepted": "dispute_lost", "won": "dispute_won",
}  # fmt: skip


def payout_blocked(payload: dict[str, Any]) -> None:
    """Tell the creator what stands in the way, once for each set of reasons."""
    escrow = _escrow(payload)
    campaign = _campaign(escrow) if escrow else None
    if campaign is not None and payload.get("blockers"):
        codes = ",".join(sorted(payload["blockers"]))
        notifying.to_creator(
            campaign, key=f"payout_blocked:{campaign.key}:{codes}"[:200], template="payout_blocked",
            action=notifying.OPEN_PAYOUTS,
        )  # fmt: skip


def creator_renamed(payload: dict[str, Any]) -> None:
    """Cards and their search texts carry the creator's name."""
    theirs = Campaign.objects.filter(creator=payload["user"], listings__isnull=False).distinct()
    for campaign in theirs.select_related("escrow", "category__parent", "creator"):
        projecting.project(campaign)


def payout_returned(payload: dict[str, Any]) -> None:
    """Tell the creator that the bank sent a payout back, and what to do."""
    payout = Payout.objects.select_related("release__escrow").get(pk=payload["payout"])
    if (campaign := _campaign(payout.release.escrow)) is not None:
        notifying.to_creator(
            campaign, key=f"payout_returned:{payout.pk}:{payout.attempt}", template="payout_returned",
            action=notifying.OPEN_PAYOUTS, path="payouts/",
        )  # fmt: skip


def payout_account_held(payload: dict[str, Any]) -> None:
    """Tell every address that a creator's account was known by: who changed it may have changed the address, too."""
    creator = User.objects.get(pk=payload["creator"])
    until = notifying.moment(datetime.fromisoformat(payload["until"]), locale=creator.locale, zone=creator.timezone)
    for address in payload["contacts"]:
        _about_account(
            creator, to=address, key=f"payout_account_held:{payload['account']}:{payload['until']}:{address}",
            template="payout_account_held", until=until,
        )  # fmt: skip


def payout_account_changed(payload: dict[str, Any]) -> None:
    """Tell a creator whose campaigns are under way that the provider has switched their account off."""
    if payload["transfers_enabled"] or not payload.get("running"):
        return
    creator = User.objects.get(pk=payload["creator"])
    key = f"payout_account_disabled:{creator.pk}:{','.join(payload['running'])}"[:200]
    _about_account(creator, to=creator.email, key=key, template="payout_account_disabled")


def _about_account(creator: User, *, to: str, key: str, template: str, **more: Any) -> None:
    values = notifying.context(
        locale=creator.locale, title="", action=notifying.OPEN_PAYOUTS, name=creator.display_name,
        action_url=addresses.studio("payouts/"), **more,
    )  # fmt: skip
    mail.plan(key=key[:200], to=to, locale=creator.locale, template=template, context=values)


# Wagtail


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


def page_moved(sender: Any, instance: Any, **_: Any) -> None:
    """The card's address follows the page's, and an unpublished page has no card."""
    page = instance.specific
    if isinstance(page, CampaignPage):
        projecting.project(Campaign.objects.select_related("escrow", "category__parent").get(pk=page.campaign_id))


def update_published(sender: Any, instance: CampaignUpdate, revision: Any = None, **_: Any) -> None:
    """Wagtail's button and our service alike: the first publishing mails the backers."""
    updating.note_published(update=instance, actor=getattr(revision, "user", None))


def workflow_began(sender: Any, instance: WorkflowState, user: Any, **_: Any) -> None:
    """A workflow that our service didn't start becomes a submission, or ends when something is missing."""
    if isinstance(_page_of(instance), CampaignPage):
        transaction.on_commit(lambda: adopt_workflow(instance.pk, user))


def adopt_workflow(state_id: int, user: Any) -> None:
    """After commit: deciding inside the signal would recurse."""
    state = WorkflowState.objects.filter(pk=state_id, status=WorkflowState.STATUS_IN_PROGRESS).first()
    if state is None or Submission.objects.open().filter(workflow_state_id=state_id).exists():
        return
    try:
        submitting.submit_campaign(campaign=_page_of(state).campaign, actor=user, started=state)
    except Refusal:
        state.cancel(user=user)


def workflow_sent_back(sender: Any, instance: WorkflowState, user: Any, **_: Any) -> None:
    """Wagtail's "request changes"."""
    if isinstance(_page_of(instance), CampaignPage):
        reviewing.note_rejected(workflow_state=instance, user=user)


def workflow_stopped(sender: Any, instance: WorkflowState, user: Any, **_: Any) -> None:
    """Wagtail's "cancel workflow" withdraws what it was about."""
    submission = Submission.objects.open().filter(workflow_state_id=instance.pk).first()
    if submission is not None:
        submitting.close_as_withdrawn(submission=submission, actor=user)


def _page_of(state: WorkflowState) -> Any:
    page = state.content_object
    return getattr(page, "specific", page)


def _submission_of(campaign: Campaign, page: CampaignPage, revision: Any) -> Submission | None:
    locale = page.locale.language_code
    found = campaign.submissions.approved().filter(**{f"revisions__{locale}": getattr(revision, "pk", None)})
    return found.select_related("decision", "submitted_by").first()


def _escrow(payload: dict[str, Any]) -> Escrow | None:
    return Escrow.objects.filter(pk=payload["escrow"]).first()


def _campaign(escrow: Escrow) -> Campaign | None:
    # An escrow may stand without a campaign: funding knows none.
    return Campaign.objects.select_related("creator").filter(escrow=escrow).first()


def _pledges(payload: dict[str, Any]) -> QuerySet[Pledge]:
    return Pledge.objects.filter(pk__in=payload["pledges"]).select_related("escrow")


def _deadline(escrow: Escrow, campaign: Campaign | None, locale: str) -> str:
    return notifying.moment(escrow.deadline, locale=locale, zone=campaign.timezone if campaign else HOME)


def _to_everybody(escrow: Escrow, *, key: str, template: str, **values: Any) -> None:
    """A mail to each backer; a value may be a function of the reader's language."""
    _plan_all(_plans(escrow, key, template, values))


def _plan_all(plans: Iterable[mail.Plan]) -> None:
    waiting = iter(plans)
    while batch := list(islice(waiting, CHUNK)):
        mail.plan_many(batch)


def _plans(escrow: Escrow, key: str, template: str, values: dict[str, Any]) -> Iterable[mail.Plan]:
    # Refunds may have begun by the time the event arrives.
    states = [*BACKING_STATES, "refund_pending", "refunded"]
    pledges = Pledge.objects.filter(escrow=escrow, state__in=states, paid_at__isnull=False)
    newest: Iterator[Pledge] = pledges.order_by("person", "-created_at").distinct("person").iterator(chunk_size=CHUNK)
    for pledge in newest:
        told = {name: value(pledge.locale) if callable(value) else value for name, value in values.items()}
        context = notifying.context(
            locale=pledge.locale, title=escrow.name(pledge.locale), action=notifying.SEE_PLEDGE,
            action_url=addresses.pledge(pledge), currency=escrow.currency, **told,
        )  # fmt: skip
        yield mail.Plan(key=f"{key}:{pledge.person}", to=pledge.email, locale=pledge.locale, template=template,
                        context=context)  # fmt: skip
