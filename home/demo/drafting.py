"""Writes the demo's campaigns as their creators would: a page in each language, then terms and rewards."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from wagtail.models import Locale

from campaigns.models import Campaign, CampaignIndexPage, CampaignPage, Category, RewardDraft
from campaigns.models.pages import DonationCampaignPage, RewardCampaignPage
from campaigns.services.revising import TermsInput, revise_terms
from campaigns.services.rewarding import RewardInput, VariantInput, add_reward_draft
from cms.users.models import User
from home.demo import casting, hanging
from home.demo.drawing import Easel
from home.demo.hanging import Hung
from home.demo.shapes import CampaignPlan, FreeBlock, RewardPlan
from home.demo.walking import Walk

LOCALES = ("en", "zh-hans")
_PAGES: dict[str, type[CampaignPage]] = {"reward": RewardCampaignPage, "donation": DonationCampaignPage}


def campaign_of(plan: CampaignPlan) -> Campaign | None:
    """The campaign that was written after a plan, found by its page's address."""
    page = CampaignPage.objects.filter(slug=plan.slug, alias_of=None).select_related("campaign__creator").first()
    return page.campaign if page else None


def draft(plan: CampaignPlan, *, walk: Walk, easel: Easel) -> Campaign:
    """Story, terms and rewards of a plan, complete or not at all; twice is once."""
    found = campaign_of(plan)
    if found is not None:
        return found
    creator = casting.user(plan.creator)
    hung = hanging.hang(plan.story, plan.hero, owner=creator, easel=easel)
    with transaction.atomic():
        page = _write_page(plan, creator, hung)
        campaign = page.campaign
        _set_terms(campaign, plan, creator, walk)
        for reward in plan.rewards:
            data = _reward(plan, reward, walk)
            add_reward_draft(campaign=campaign, actor=creator, reward=data, revision=None)
        if any(isinstance(block, FreeBlock) and block.kind == "reward" for block in plan.story):
            _name_rewards(campaign, plan, hung)
    return campaign


def _name_rewards(campaign: Campaign, plan: CampaignPlan, hung: Hung) -> None:
    """Calls to a reward get its key, which nobody knows before it is there."""
    keys = {ours: key for (ours, variant), (key, _) in reward_keys(campaign, plan).items() if variant is None}
    for page in CampaignPage.objects.filter(campaign=campaign).select_related("locale").specific():
        _tell(page, plan, page.locale.language_code, replace(hung, rewards=keys))
        page.save()
        page.save_revision(user=campaign.creator)


def reward_keys(campaign: Campaign, plan: CampaignPlan) -> dict[tuple[str, str | None], tuple[str, str | None]]:
    """Our keys of (reward, variant) by the plan's; (reward, None) names the reward alone."""
    rows = {row.title_en: row for row in RewardDraft.objects.filter(campaign=campaign).prefetch_related("variants")}
    found: dict[tuple[str, str | None], tuple[str, str | None]] = {}
    for reward in plan.rewards:
        row = rows[reward.title.en]
        variants = {variant.name_en: variant.key for variant in row.variants.all()}
        found[reward.key, None] = (row.key, None)
        for variant in reward.variants:
            found[reward.key, variant.key] = (row.key, variants[variant.name.en])
    return found


def _write_page(plan: CampaignPlan, creator: User, hung: Hung) -> CampaignPage:
    first = casting.person(plan.creator).locale
    index = CampaignIndexPage.objects.get(locale__language_code=first)
    page = _PAGES[plan.kind](
        slug=plan.slug, owner=creator, live=False, has_unpublished_changes=True, locale=index.locale,
        title=plan.title.in_(first),
    )  # fmt: skip
    _tell(page, plan, first, hung)
    index.add_child(instance=page)
    page.save_revision(user=creator, log_action=True)
    for locale in LOCALES:
        if locale != first:
            translated = page.copy_for_translation(Locale.objects.get(language_code=locale))
            _tell(translated, plan, locale, hung)
            translated.save()
            translated.save_revision(user=creator, log_action=True)
    return page


def _tell(page: CampaignPage, plan: CampaignPlan, locale: str, hung: Hung) -> None:
    page.title = page.draft_title = plan.title.in_(locale)
    page.summary, page.risks = plan.summary.in_(locale), plan.risks.in_(locale)
    page.hero_image, page.hero_alt = hung.images[plan.hero], plan.hero.alt.in_(locale)
    page.story = json.dumps(hanging.stream(plan.story, locale=locale, of=plan.slug, hung=hung))


def _set_terms(campaign: Campaign, plan: CampaignPlan, creator: User, walk: Walk) -> None:
    # A deadline at an hour of its own is fixed; otherwise the campaign lasts so many days from its launch.
    fixed = walk.at(plan.deadline_hours) if plan.duration_hours else None
    terms = TermsInput(
        currency=plan.currency, goal=plan.goal, mode=plan.mode, category=Category.objects.get(slug=plan.category),
        duration_days=None if fixed else plan.duration_days, deadline=fixed,
        timezone=casting.zone(casting.person(plan.creator)),
    )  # fmt: skip
    revise_terms(campaign=campaign, actor=creator, terms=terms, revision=None)


def _reward(plan: CampaignPlan, reward: RewardPlan, walk: Walk) -> RewardInput:
    def instant(days: int | None) -> datetime | None:
        return None if days is None else walk.at((plan.launch_day + days) * 24)

    return RewardInput(
        kind=reward.kind, title_en=reward.title.en, title_zh=reward.title.zh, description_en=reward.description.en,
        description_zh=reward.description.zh, price=reward.price, is_addon=reward.is_addon, quantity=reward.quantity,
        per_person_limit=reward.per_person_limit, shipping=dict(reward.shipping),
        delivery_month=_month_after(walk.at(plan.deadline_hours), reward.delivery_months),
        window_start=instant(reward.window_start_days), window_end=instant(reward.window_end_days),
        variants=[VariantInput(v.name.en, v.name.zh, v.quantity) for v in reward.variants],
    )  # fmt: skip


def _month_after(instant: datetime, months: int) -> date:
    number = instant.year * 12 + instant.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)
