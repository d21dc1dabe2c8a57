"""What a launched campaign still allows: another reward, more of one, changes to what nobody has claimed.

The draft beside the escrow follows, and a new version tells backers what changed.
"""

from collections.abc import Callable

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.exceptions import IllegalStep
from campaigns.models import Campaign, RewardDraft
from campaigns.services import editing, freezing, rewarding, versioning, why_frozen
from campaigns.services.rewarding import RewardInput
from campaigns.states import CampaignState
from cms.users.models import User
from funding.exceptions import RewardLocked, UnknownReward
from funding.models import Reward
from funding.services import opening


@transaction.atomic
def add_reward(*, campaign: Campaign, actor: User, reward: RewardInput, reason: str = "") -> Reward:
    """Offer another reward; `reason` stands in the public history.

    Raises `InvalidTerms`, `CampaignNotOpen`, `IllegalStep`, `NotAllowed`.
    """
    row = _launched(campaign, actor)
    drafted = rewarding.create_draft(row, reward)
    added = opening.add_reward(escrow_id=row.escrow_id or 0, terms=_terms(drafted), actor=actor)
    _tell(row, actor, drafted, lambda: _("A reward was added: %(title)s."), reason)
    return added


@transaction.atomic
def raise_quantity(
    *,
    campaign: Campaign,
    actor: User,
    key: str,
    quantity: int | None,
    variant_key: str | None = None,
    reason: str = "",
) -> None:
    """Offer more of a reward, or of one variant; None is unlimited. Raises `RewardLocked`, `UnknownReward`."""
    row = _launched(campaign, actor)
    reward, drafted = _both(row, key)
    opening.raise_quantity(reward_id=reward.pk, quantity=quantity, actor=actor, variant_key=variant_key)
    if variant_key is None:
        RewardDraft.objects.filter(pk=drafted.pk).update(quantity=quantity)
    else:
        drafted.variants.filter(key=variant_key).update(quantity=quantity)
    _tell(row, actor, drafted, lambda: _("More of a reward is offered: %(title)s."), reason)


@transaction.atomic
def change_unclaimed(*, campaign: Campaign, actor: User, key: str, data: RewardInput, reason: str = "") -> Reward:
    """Replace a reward that nobody holds; its key stays. Raises `RewardLocked`, `InvalidTerms`, `UnknownReward`."""
    row = _launched(campaign, actor)
    reward, drafted = _both(row, key)
    if reward.claimed:
        other = [name for name in why_frozen.REASONS if getattr(data, name) != getattr(drafted, name)]
        raise RewardLocked(
            _("Somebody has chosen this reward: you may only offer more of it."),
            field=next(iter(other), None), frozen=why_frozen.reasons(other),
        )  # fmt: skip
    if data.secret and not reward.secret:
        raise RewardLocked(_("Everybody has seen this reward: it can't become a secret."), field="secret")
    rewarding.check(data, row.currency)
    rewarding.write(drafted, data)
    changed = opening.change_unclaimed_reward(reward_id=reward.pk, terms=_terms(drafted), actor=actor)
    _tell(row, actor, drafted, lambda: _("A reward that nobody had chosen was changed: %(title)s."), reason)
    return changed


def _launched(campaign: Campaign, actor: User) -> Campaign:
    row = editing.owned(campaign, actor)
    if row.state != CampaignState.LAUNCHED or row.escrow_id is None:
        raise IllegalStep(_("The campaign's state doesn't allow this."), state=row.state)
    return row


def _both(row: Campaign, key: str) -> tuple[Reward, RewardDraft]:
    reward = Reward.objects.filter(escrow=row.escrow_id, key=key).first()
    drafted = row.reward_drafts.filter(key=key).first()
    if reward is None or drafted is None:
        raise UnknownReward(_("There is no such reward."), field="reward")
    return reward, drafted


def _terms(drafted: RewardDraft) -> opening.RewardTerms:
    return freezing.reward_terms(freezing.reward_data(drafted))


def _tell(row: Campaign, actor: User, drafted: RewardDraft, what: Callable[[], str], why: str) -> None:
    if drafted.secret:
        # It is in no version, and nothing may be told of it.
        return
    versioning.write_all(campaign=row, actor=actor, reason=lambda: what() % {"title": drafted.title()}, note=why)
