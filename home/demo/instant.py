"""One campaign on demand, launched at once: written, submitted, approved and launched through the services."""

from __future__ import annotations

import secrets
from typing import Any

from django.conf import settings

from campaigns.models import Campaign
from campaigns.services.launching import launch_campaign
from campaigns.services.submitting import submit_campaign
from cms.core import clock
from home.demo import casting, drafting, local_stripe, treasury
from home.demo.approving import approve_by_all
from home.demo.drawing import Easel
from home.demo.shapes import (
    CampaignPlan,
    EndState,
    FaqBlock,
    FreeBlock,
    Picture,
    Question,
    RewardPlan,
    StoryBlock,
    TextBlock,
    Variant,
    Words,
)
from home.demo.walking import Walk
from home.services import install_site

HERO = Picture(
    subject="kindling", seed=7, alt=Words("A flame of cut paper over crossed sticks.", "交叠的柴枝上，一团剪纸火焰。")
)
STORY = TextBlock(
    Words(
        "<p>This campaign was made by a command, to try things out. It has a goal, a deadline and rewards like any "
        "other, and it was read by a reviewer before it opened. Whoever backs it pays at the local Stripe, sees the "
        "money wait in the campaign's own account, and gets a receipt by mail. When the deadline has passed the total "
        "is compared with the goal: if it was reached the creator is paid after the waiting time, and if it was missed "
        "everybody has the money back without asking. Nothing in it will ever be made or sent, and no card is charged "
        "anywhere.</p>",
        "<p>这个项目由一条命令生成，供人试用。它和别的项目一样有目标、有截止时间、有回报，"
        "开放之前也经过审核。支持它的人在本地 Stripe 付款，看得到款项记在项目自己的账目里，"
        "也会收到邮件收据。截止之后，总额与目标相比：达标，等待期过后拨付给发起人；"
        "未达标，自动退回给每一位支持者，无须申请。项目里的东西不会真的做出来，也不会寄出，"
        "任何银行卡都不会真的扣款。</p>",
    )
)
RISKS = Words(
    "It is a trial: nothing is made, so nothing can go wrong but the software.",
    "这是一次试用：什么也不做，所以除了软件，没有什么会出错。",
)


def launch(given: dict[str, Any]) -> Campaign:
    """Launch a campaign after `given` (see `demo_campaign`), now. Raises what the services refuse; KeyError, TypeError
    and ValueError where `given` itself is wrong."""
    local_stripe.require()
    install_site()
    plan = plan_of(given)
    treasury.fund()
    with Easel(settings.VAR / "demo-pictures") as easel:
        casting.hire_staff()
        creator = casting.person(plan.creator)
        casting.invite(creator, easel)
        if given.get("payouts", True):
            casting.open_payouts(creator)
        campaign = drafting.draft(plan, walk=Walk(clock.now()), easel=easel)
    submission = submit_campaign(campaign=campaign, actor=campaign.creator)
    approve_by_all(submission)
    return launch_campaign(campaign=campaign, actor=campaign.creator)


def plan_of(given: dict[str, Any]) -> CampaignPlan:
    """What is asked for, with sensible values for what isn't. An unknown name is a ValueError."""
    known = {"goal", "currency", "days", "mode", "rewards", "title", "creator", "category", "kind", "payouts"}
    if unknown := given.keys() - known:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
    kind = given.get("kind", "reward")
    rewards = given.get("rewards", [{}] if kind == "reward" else [])
    return CampaignPlan(
        slug=f"trial-{secrets.token_hex(4)}", kind=kind, category=given.get("category", "hardware"),
        creator=given.get("creator", "creator@example.com"), currency=given.get("currency", "CNY"),
        goal=given.get("goal", 1_000_00), mode=given.get("mode", "all_or_nothing"), launch_day=0,
        duration_days=given.get("days", 30), end_state=EndState.OPEN,
        title=_words(given.get("title", {"en": "A trial campaign", "zh": "试用项目"})),
        summary=Words("A campaign to try things out with.", "供人试用的一个项目。"), place=Words("", ""), hero=HERO,
        story=(STORY, *_sections(given.get("currency", "CNY"))), risks=RISKS,
        rewards=tuple(_reward(reward, number) for number, reward in enumerate(rewards, start=1)),
    )  # fmt: skip


def _sections(currency: str) -> tuple[StoryBlock, ...]:
    """What every story has: budget, questions, use of AI."""
    lines = [{"title": Words("Trying out", "试用"), "amount": "10", "note": ""}]
    asked = Question(Words("Is it real?", "这是真的吗？"), Words("No, a trial.", "不是，是试用。"))
    return (
        FreeBlock("budget", {"currency": currency, "lines": lines, "note": ""}),
        FaqBlock((asked,)),
        FreeBlock("ai_use", {"uses": ["none"], "statement": ""}),
    )


def _reward(given: dict[str, Any], number: int) -> RewardPlan:
    kind = given.get("kind", "physical" if given.get("shipping") else "digital")
    title = _words(given.get("title", {"en": f"Reward {number}", "zh": f"回报 {number}"}))
    variants = [_words(name) for name in given.get("variants", [])]
    plan: dict[str, Any] = {
        "price": 100_00, "quantity": None, "per_person_limit": None, "is_addon": False, "delivery_months": 3,
        "window_start_days": None, "window_end_days": None,
    }  # fmt: skip
    if unknown := given.keys() - plan.keys() - {"kind", "title", "description", "variants", "shipping"}:
        raise ValueError(f"unknown in reward {number}: {', '.join(sorted(unknown))}")
    return RewardPlan(
        key=str(number), kind=kind, title=title, description=_words(given.get("description", {"en": "", "zh": ""})),
        shipping=tuple(given.get("shipping", {}).items()),
        variants=tuple(Variant(name.en, name) for name in variants),
        **{name: given.get(name, usual) for name, usual in plan.items()},
    )  # fmt: skip


def _words(given: str | dict[str, str]) -> Words:
    return Words(given, given) if isinstance(given, str) else Words(given["en"], given["zh"])
