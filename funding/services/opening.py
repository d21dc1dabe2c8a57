"""Opens an escrow with its frozen terms, and the few changes that a launched campaign still allows."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from cms.core import clock
from cms.core.clock import AppNow
from cms.users import audit
from cms.users.models import User
from funding import locks
from funding.exceptions import CampaignNotOpen, InvalidTerms, RewardLocked, UnknownReward
from funding.models import Escrow, FeeSchedule, PledgeLine, Reward, RewardVariant, TaxRule
from funding.selectors import policies_in_force
from funding.services.terms import (
    EscrowTerms,
    RewardTerms,
    VariantTerms,
    check_escrow_terms,
    check_quantity,
    check_reward_terms,
)
from funding.states import ESCROW, EscrowState
from funding.transitions import log_start

__all__ = [
    "EscrowTerms", "RewardTerms", "VariantTerms",
    "add_reward", "change_unclaimed_reward", "open_escrow", "raise_quantity",
]  # fmt: skip

TAKES_REWARDS = (EscrowState.OPEN, EscrowState.ON_HOLD)


def open_escrow(*, terms: EscrowTerms, actor: User | None) -> Escrow:
    """Open an escrow with its rewards, the rates frozen as they stand now.

    The deadline must lie ahead, and no further than the providers' refund windows allow (the fee schedule's
    `max_duration_days`). Raises `InvalidTerms` or `BadAmount` naming the field.
    """
    check_escrow_terms(terms)
    fees, tax = policies_in_force(jurisdiction=terms.jurisdiction, payee_kind=terms.payee_kind)
    now = clock.now()
    if terms.deadline <= now:
        raise InvalidTerms(_("The deadline has passed."), field="deadline")
    if terms.deadline > now + timedelta(days=fees.max_duration_days, minutes=5):
        message = _("A campaign lasts at most %(days)s days.") % {"days": fees.max_duration_days}
        raise InvalidTerms(message, field="deadline")
    with transaction.atomic():
        if locks.lock_person(pk=terms.creator.pk, is_active=True) is None:
            raise InvalidTerms(_("The creator's account is closed."), field="creator")
        escrow = Escrow.objects.create(
            key=terms.key, creator=terms.creator, kind=terms.kind, names=terms.names, currency=terms.currency,
            goal=terms.goal, mode=terms.mode, deadline=terms.deadline,
            platform_fee_bps=fees.platform_fee_bps, compensation_fund_bps=fees.compensation_fund_bps,
            tax_regime=tax.regime if tax else "", tax_bps=tax.rate_bps if tax else 0,
            hold_days=fees.hold_days, grace_minutes=fees.grace_minutes, policy=_policy(terms, fees, tax),
        )  # fmt: skip
        for position, reward in enumerate(terms.rewards):
            _create_reward(escrow, reward, position)
        log_start(machine=ESCROW, ids=[escrow.pk], actor=actor)
        audit.record(actor=actor, action="escrow.open", subject=f"escrow:{escrow.key}", goal=escrow.goal)
    escrow.refresh_from_db()
    return escrow


def add_reward(*, escrow_id: int, terms: RewardTerms, actor: User | None) -> Reward:
    """Add a reward to a campaign that still takes pledges. Raises `InvalidTerms`, `CampaignNotOpen`."""
    with transaction.atomic():
        escrow = _escrow_taking_rewards(escrow_id)
        check_reward_terms(terms, escrow.currency)
        rewards = Reward.objects.filter(escrow=escrow)
        if rewards.filter(key=terms.key).exists():
            raise InvalidTerms(_("Two rewards have the same key."), field="key")
        reward = _create_reward(escrow, terms, rewards.count())
        audit.record(actor=actor, action="reward.add", subject=f"escrow:{escrow.key}", reward=terms.key)
    return reward


def raise_quantity(*, reward_id: int, quantity: int | None, actor: User | None, variant_key: str | None = None) -> None:
    """Offer more of a reward, or of one variant; None is unlimited. Fewer is refused: `RewardLocked`."""
    check_quantity(quantity, "quantity")
    with transaction.atomic():
        reward = Reward.objects.get(pk=reward_id)
        escrow = _escrow_taking_rewards(reward.escrow_id)
        rows: Any = Reward.objects.filter(pk=reward_id)
        if variant_key is not None:
            rows = RewardVariant.objects.filter(reward_id=reward_id, key=variant_key)
        if not rows.exists():
            raise UnknownReward(_("There is no such variant."), field="variant")
        if not rows.filter(Q() if quantity is None else Q(quantity__lte=quantity)).update(quantity=quantity):
            raise RewardLocked(_("The quantity may only grow."), field="quantity")
        audit.record(
            actor=actor, action="reward.raise_quantity", subject=f"escrow:{escrow.key}", reward=reward.key,
            variant=variant_key, quantity=quantity,
        )  # fmt: skip


def expect_in(*, reward_id: int, month: date) -> None:
    """Say that a reward is expected in another month than promised; the promise stays."""
    Reward.objects.filter(pk=reward_id).update(expected_month=month)


def change_unclaimed_reward(*, reward_id: int, terms: RewardTerms, actor: User | None) -> Reward:
    """Replace the terms of a reward that nobody holds; its key stays. Raises `RewardLocked`, `InvalidTerms`."""
    with transaction.atomic():
        reward = Reward.objects.get(pk=reward_id)
        escrow = _escrow_taking_rewards(reward.escrow_id)
        check_reward_terms(terms, escrow.currency)
        values = _reward_values(terms)
        del values["key"]
        # Variants come before their reward in the order of locks: a backer who is taking one holds it already.
        locks.lock_variants(reward_id)
        # A claim that slips in before this statement makes it match nothing; after it, the row waits for us.
        if not Reward.objects.filter(pk=reward_id, reserved=0, sold=0).update(**values):
            raise RewardLocked(_("Somebody has claimed this reward: it may only gain quantity."))
        _replace_variants(reward, terms.variants)
        audit.record(actor=actor, action="reward.change", subject=f"escrow:{escrow.key}", reward=reward.key)
    reward.refresh_from_db()
    return reward


def _policy(terms: EscrowTerms, fees: FeeSchedule, tax: TaxRule | None) -> dict[str, Any]:
    return {
        "fee_schedule": fees.pk,
        "tax_rule": tax.pk if tax else None,
        "payee_kind": terms.payee_kind,
        "jurisdiction": terms.jurisdiction,
        "four_eyes_limit": fees.four_eyes_limits.get(terms.currency),
    }


def _escrow_taking_rewards(escrow_id: int) -> Escrow:
    escrow = Escrow.objects.filter(pk=escrow_id, state__in=TAKES_REWARDS, deadline__gt=AppNow()).first()
    if escrow is None:
        raise CampaignNotOpen(_("This campaign no longer takes pledges."))
    return escrow


def _reward_values(terms: RewardTerms) -> dict[str, Any]:
    values = asdict(terms)
    del values["variants"]
    return values


def _create_reward(escrow: Escrow, terms: RewardTerms, position: int) -> Reward:
    reward = Reward.objects.create(escrow=escrow, position=position, **_reward_values(terms))
    RewardVariant.objects.bulk_create(
        RewardVariant(reward=reward, position=place, **asdict(variant)) for place, variant in enumerate(terms.variants)
    )
    return reward


def _replace_variants(reward: Reward, variants: Sequence[VariantTerms]) -> None:
    gone = reward.variants.exclude(key__in=[variant.key for variant in variants])
    # A pledge that has ended still names what it was for.
    if PledgeLine.objects.filter(variant__in=gone).exists():
        raise RewardLocked(_("A variant that somebody has chosen before can't be removed."), field="variants")
    gone.delete()
    for place, variant in enumerate(variants):
        RewardVariant.objects.update_or_create(
            reward=reward,
            key=variant.key,
            defaults={"names": variant.names, "quantity": variant.quantity, "position": place},
        )
