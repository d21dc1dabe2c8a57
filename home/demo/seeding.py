"""Makes the demo: the same services that people use, real HTTP to the local Stripe, two months in two minutes.

Everything is found or made under fixed names, so that a run that was killed is taken up by the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from django.db.models import Sum

from funding.models import Escrow
from funding.services.auditing import audit_ledger
from funding.services.reconciling import reconcile
from home.demo import casting, drafting, dressing, hanging, local_stripe, stories, treasury
from home.demo.drawing import Easel
from home.demo.script import Scene, Stage, scenes
from home.demo.shapes import CampaignPlan, EndState
from home.demo.walking import Walk, settle
from home.services import install_site

Say = Callable[[str], None]

PATIENCE = 30.0


class DemoIncomplete(Exception):
    """The walk is over and something is not as planned."""


def seed(say: Say, *, plans: tuple[CampaignPlan, ...] | None = None) -> None:
    """Make the demo, or what is missing of it. Does nothing once it is complete.

    Raises `LocalStripeMissing`, `TimeSpent`, `DemoIncomplete`, each with one clear line.
    """
    if Walk.is_over():
        say("the demo is complete.")
        return
    began = time.monotonic()
    local_stripe.require()
    # This process is its own worker: whatever a step hands on is done before the next.
    current_app.conf.task_always_eager = True
    plans = stories.campaigns() if plans is None else plans
    install_site()
    with Easel(settings.VAR / "demo-pictures") as easel:
        _order_pictures(plans, easel)
        walk = Walk.begin()
        say("people, and money of the platform's own …")
        _cast(plans, easel)
        treasury.fund()
        _play(scenes(plans), Stage(walk, easel), say)
        walk.finish()
        if plans == stories.campaigns():
            dressing.dress(easel)
    _check(plans)
    walk.record_the_end()
    say(f"the demo is complete after {time.monotonic() - began:.0f} s.")


def _order_pictures(plans: tuple[CampaignPlan, ...], easel: Easel) -> None:
    for who in stories.people():
        if not who.guest:
            easel.order_portrait(who.name.en, who.portrait_seed)
    for plan in sorted(plans, key=lambda plan: plan.launch_day):
        for picture in (plan.hero, *hanging.pictures(plan.story)):
            easel.order(picture)
    for picture in dressing.pictures():
        easel.order(picture)


def _cast(plans: tuple[CampaignPlan, ...], easel: Easel) -> None:
    casting.hire_staff()
    launching = {plan.creator for plan in plans if plan.end_state.launched}
    for who in stories.people():
        if not who.guest:
            casting.invite(who, easel)
        if who.email in launching:
            casting.open_payouts(who)


def _play(script: list[Scene], stage: Stage, say: Say) -> None:
    said = None
    for number, scene in enumerate(script, start=1):
        stage.walk.to(scene.hours)
        scene.play(stage)
        week = int(scene.hours // (7 * 24))
        if week != said:
            said = week
            say(f"{-scene.hours / 24:.0f} days ago: {scene.name} ({number} of {len(script)})")


def _check(plans: tuple[CampaignPlan, ...]) -> None:
    limit = time.monotonic() + PATIENCE
    while problems := [line for plan in plans for line in _differences(plan)]:
        if time.monotonic() > limit:
            raise DemoIncomplete("not as planned: " + "; ".join(problems))
        time.sleep(0.5)
        settle()
    reconcile()
    report = audit_ledger()
    if not report.ok:
        raise DemoIncomplete(f"the ledger's audit found {report.problems}")


def _differences(plan: CampaignPlan) -> list[str]:
    campaign = drafting.campaign_of(plan)
    if campaign is None:
        return [f"{plan.slug} is missing"]
    if not plan.end_state.launched:
        wanted = "approved" if plan.end_state is EndState.PRELAUNCH else str(plan.end_state)
        return [] if campaign.state == wanted else [f"{plan.slug} is {campaign.state}"]
    escrow = Escrow.objects.filter(campaign=campaign).first()
    if escrow is None:
        return [f"{plan.slug} was not launched"]
    wanted = EndState.REFUNDED if plan.end_state is EndState.CANCELLED else plan.end_state
    found = [] if escrow.state == str(wanted) else [f"{plan.slug} is {escrow.state}"]
    gone = wanted is EndState.REFUNDED
    captured = escrow.pledges.filter(payments__state="succeeded").aggregate(sum=Sum("total"))["sum"] or 0
    raised = captured if gone else escrow.raised
    return found if raised == plan.raised else [*found, f"{plan.slug} raised {raised} instead of {plan.raised}"]
