"""Taking the stock of an order, and why it could not be taken: told by a look at the rows after a statement said no."""

from collections.abc import Set as AbstractSet
from uuid import UUID

from django.utils.translation import gettext as _

from cms.core.errors import Refusal
from funding.exceptions import CampaignNotOpen, RewardNotAvailable, RewardSoldOut, TermsChanged
from funding.models import Escrow, Reward
from funding.services import stocking
from funding.services.ordering import Line, Order, limit_reached
from funding.states import EscrowState


def reserve(pledge_id: UUID, order: Order) -> Refusal | None:
    """Take the stock of a pledge's lines, hottest rows last; returns why it failed, to raise and roll back."""
    if order.limited and (over := order.limited - stocking.hold(pledge_id)):
        return over_limit(order, over)
    variants = {line.variant_id for line in order.lines if line.variant_id}
    if variants and (gone := variants - stocking.reserve_variants(pledge_id)):
        return no_variant(order, gone)
    limits_seen = {line.reward_id: line.limit for line in order.lines}
    if limits_seen and (short := limits_seen.keys() - stocking.reserve_rewards(pledge_id, limits=limits_seen)):
        return no_reward(order, short)
    return None


def over_limit(order: Order, short: AbstractSet[int]) -> Refusal:
    """The limit per person of one of the rewards `short` is reached, or is another than was read."""
    line = _line(order, short)
    reward = Reward.objects.get(pk=line.reward_id)
    return _changed(line) if _differs(reward, line, order) else limit_reached(line)


def no_variant(order: Order, short: AbstractSet[int]) -> Refusal:
    """There was not enough of a variant, or it is gone."""
    line = next(line for line in order.lines if line.variant_id in short)
    reward = Reward.objects.get(pk=line.reward_id)
    gone = line.variant_id not in [variant.pk for variant in reward.variants.all()]
    return _changed(line) if gone or _differs(reward, line, order) else _sold_out(line)


def no_reward(order: Order, short: AbstractSet[int]) -> Refusal:
    """A reward was not to be had: the campaign is closed, it is not on sale, its terms changed, or it is sold out."""
    line = _line(order, short)
    escrow = Escrow.objects.get(pk=order.terms.escrow_id)
    if escrow.state != EscrowState.OPEN or order.terms.now >= escrow.deadline:
        return CampaignNotOpen(_("This campaign takes no pledges now."), field="campaign")
    reward = Reward.objects.get(pk=line.reward_id)
    if _differs(reward, line, order):
        return _changed(line)
    begun = reward.window_start is None or order.terms.now >= reward.window_start
    if not begun or (reward.window_end is not None and order.terms.now >= reward.window_end):
        return RewardNotAvailable(
            _("This reward is not on sale now."), field="lines", reward=reward.key,
            window={"start": reward.window_start, "end": reward.window_end},
        )  # fmt: skip
    return _sold_out(line)


def _line(order: Order, short: AbstractSet[int]) -> Line:
    return next(line for line in order.lines if line.reward_id in short)


def _differs(reward: Reward, line: Line, order: Order) -> bool:
    fee = reward.shipping.get(order.country, reward.shipping.get("*", -1)) if reward.shipping else 0
    return (reward.price, fee, reward.per_person_limit) != (line.unit_price, line.unit_shipping, line.limit)


def _sold_out(line: Line) -> RewardSoldOut:
    return RewardSoldOut(_("There are not enough of this reward left."), field="lines", reward=line.reward_key)


def _changed(line: Line) -> TermsChanged:
    message = _("The terms of this reward have just changed. Look at what is new, then decide again.")
    return TermsChanged(message, field="lines", reward=line.reward_key)
