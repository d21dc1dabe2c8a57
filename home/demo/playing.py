"""The demo's backers: pledges through the site's own road and the local Stripe's pay page, taken back by some."""

from __future__ import annotations

from django.conf import settings

from campaigns.models import Campaign
from campaigns.services.backing import back_campaign
from funding.models import Pledge
from funding.services.cancelling import cancel_pledge
from funding.services.paying import refresh_payment
from funding.services.pledging import LineInput
from funding.states import PaymentState, PledgeState
from home.demo import casting, drafting, local_stripe
from home.demo.shapes import CampaignPlan, PledgePlan

_OVER = (PledgeState.EXPIRED, PledgeState.CANCELLED)


def pledge_of(plan: CampaignPlan, pledge: PledgePlan) -> Pledge | None:
    """The newest pledge that was placed after a plan: one backer, one campaign."""
    placed = Pledge.objects.filter(idempotency_key__startswith=_key(plan, pledge), email=pledge.backer)
    return placed.order_by("-created_at", "-idempotency_key").first()


def place(plan: CampaignPlan, pledge: PledgePlan, campaign: Campaign) -> None:
    """Place a pledge and play the pay page as planned; twice is once."""
    placed = pledge_of(plan, pledge)
    # Only a run that was interrupted at the pay page leaves a planned success unpaid.
    lapsed = placed is not None and placed.state in _OVER and pledge.kept
    if placed is None or placed.state == PledgeState.RESERVED or lapsed:
        _pay(_place(plan, pledge, campaign, again=lapsed), pledge)


def take_back(plan: CampaignPlan, pledge: PledgePlan) -> None:
    """The backer wants the money back while the campaign is open; twice is once."""
    placed = pledge_of(plan, pledge)
    if placed is not None and placed.state == PledgeState.PAID:
        who = casting.person(pledge.backer)
        actor = None if who.guest else casting.user(who.email)
        cancel_pledge(pledge_id=placed.pk, actor=actor)


def _place(plan: CampaignPlan, pledge: PledgePlan, campaign: Campaign, *, again: bool) -> Pledge:
    who = casting.person(pledge.backer)
    keys = drafting.reward_keys(campaign, plan)
    lines = []
    for line in pledge.lines:
        reward, variant = keys[line.reward, line.variant]
        lines.append(LineInput(reward=reward, quantity=line.quantity, variant=variant))
    # What the site's own form asks for: back to one's pledge, or to the choice of rewards.
    site = f"{settings.PUBLIC_URL}/{who.locale}"
    result = back_campaign(
        campaign_key=campaign.key, user=None if who.guest else casting.user(who.email), email=who.email,
        locale=who.locale, lines=lines, extra=pledge.extra, country=pledge.country, anonymous=pledge.anonymous,
        message=pledge.message, idempotency_key=_key(plan, pledge) + (":again" if again else ""),
        success_url=f"{site}/pledges/{{pledge}}/?token={{token}}", cancel_url=f"{site}/back/{campaign.key}/",
    )  # fmt: skip
    return result.pledge


def _pay(placed: Pledge, pledge: PledgePlan) -> None:
    payment = placed.payments.latest("pk")
    if payment.state == PaymentState.SUCCEEDED or (payment.failure_code and pledge.outcome == "decline"):
        return
    local_stripe.play_checkout(payment.session_id, method=pledge.method, outcome=pledge.outcome)
    # What the page does to which a backer comes back.
    refresh_payment(payment_id=payment.pk)


def _key(plan: CampaignPlan, pledge: PledgePlan) -> str:
    return f"demo:{plan.slug}:{pledge.backer}"
