"""Which handler hears what: funding's events, Wagtail's signals, and the sweeps of campaigns."""

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

from campaigns.models import CampaignUpdate
from campaigns.receivers import cards, debts, disputes, escrows, payouts, pledges, reviews, stories
from campaigns.services import (
    checks,
    following_up,
    inviting,
    launching,
    projecting,
    reporting,
    telling,
    updating,
    watching,
)
from cms.core import events, sweeps


def connect() -> None:
    """Subscribe to funding's events and Wagtail's signals, and register the sweeps. Called once, at start."""
    for name, handler in {
        "funding.pledge_paid": pledges.pledge_paid,
        "funding.pledge_cancelled": pledges.pledge_cancelled,
        "funding.pledge_refunded": pledges.pledge_refunded,
        "funding.payment_failed": pledges.payment_failed,
        "funding.amendment_waits": following_up.amendment_waits,
        "funding.pledge_amended": following_up.pledge_amended,
        "funding.amendment_abandoned": following_up.amendment_abandoned,
        "funding.totals_changed": cards.totals_changed,
        "funding.escrow_decided": escrows.escrow_decided,
        "funding.escrow_state": escrows.escrow_state,
        "funding.payout_paid": payouts.payout_paid,
        "funding.payout_blocked": payouts.payout_blocked,
        "funding.dispute_state": disputes.dispute_state,
        "funding.payout_returned": payouts.payout_returned,
        "funding.debt_incurred": debts.debt_incurred,
        "funding.debt_cancelled": debts.debt_cancelled,
        "funding.claim_opened": debts.claim_opened,
        "funding.payout_account_held": payouts.payout_account_held,
        "funding.payout_account_changed": payouts.payout_account_changed,
        "users.renamed": cards.creator_renamed,
        "users.document_decided": telling.document_decided,
        "users.document_expiring": telling.document_expiring,
        "users.forgotten": inviting.forget,
        "users.verification_changed": telling.verification_changed,
    }.items():
        events.subscribe(name, handler)
    events.subscribe("users.forgotten", reporting.forget)
    sweeps.register("campaigns.launch", launching.launch_due, rank=10)
    sweeps.register("campaigns.reminders", following_up.remind_due, rank=50)
    sweeps.register("campaigns.checks", checks.run_due, rank=55)
    sweeps.register("campaigns.overdue_reviews", watching.tell_overdue, rank=56)
    sweeps.register("campaigns.updates", updating.publish_due, rank=60)
    sweeps.register("campaigns.update_mails", updating.mail_waiting, rank=61)
    sweeps.register("campaigns.listings", projecting.sweep, rank=70)
    page_published.connect(stories.story_published, dispatch_uid="campaigns.story_published")
    for signal in (page_unpublished, page_slug_changed, post_page_move):
        signal.connect(cards.page_moved, dispatch_uid=f"campaigns.page_moved.{id(signal)}")
    published.connect(stories.update_published, sender=CampaignUpdate, dispatch_uid="campaigns.update_published")
    workflow_submitted.connect(reviews.workflow_began, dispatch_uid="campaigns.workflow_began")
    workflow_rejected.connect(reviews.workflow_sent_back, dispatch_uid="campaigns.workflow_sent_back")
    workflow_cancelled.connect(reviews.workflow_stopped, dispatch_uid="campaigns.workflow_stopped")
    # Creators hear of their review from us, in their language and with the reason, not twice.
    for signal, uid in (
        (workflow_submitted, "workflow_state_submitted_email_notification"),
        (workflow_approved, "workflow_state_approved_email_notification"),
        (workflow_rejected, "workflow_state_rejected_email_notification"),
    ):
        signal.disconnect(sender=WorkflowState, dispatch_uid=uid)
