"""A delivery month moves after the launch: backers are told once each, and may leave where it is much later."""

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.exceptions import IllegalStep
from campaigns.models import Campaign, DeliveryMove
from campaigns.selectors import BACKING_STATES
from campaigns.services import addresses, editing, notifying, versioning
from campaigns.services.following_up import to_backer
from campaigns.states import CampaignState
from cms.core.clock import AppNow, now
from cms.core.errors import InvalidInput
from cms.core.moments import month_text, time_text
from cms.mail import services as mail
from cms.users import audit
from cms.users.models import User
from funding.exceptions import PledgeNotCancellable, UnknownReward
from funding.models import Pledge, Reward
from funding.services import leaving, opening
from funding.states import PledgeState

MOVABLE = {CampaignState.LAUNCHED, CampaignState.CONCLUDED}


@transaction.atomic
def move_delivery(*, campaign: Campaign, actor: User, key: str, month: date, reason: str) -> DeliveryMove:
    """Expect a reward in another month. Who backed it is mailed once, in their language; the history says why.

    Later than promised by more than the platform's days, backers may leave within its window. Raises `IllegalStep`,
    `NotAllowed`, `UnknownReward`, `InvalidInput` naming the field.
    """
    row = editing.owned(campaign, actor)
    if row.state not in MOVABLE or row.escrow_id is None:
        raise IllegalStep(_("The campaign's state doesn't allow this."), state=row.state)
    reward = Reward.objects.filter(escrow=row.escrow_id, key=key).first()
    if reward is None:
        raise UnknownReward(_("There is no such reward."), field="reward")
    reason, month = reason.strip(), month.replace(day=1)
    if not 3 <= len(reason) <= 1000:
        raise InvalidInput(_("Say why, in at most 1000 characters."), field="reason")
    if reward.delivery_month is None:
        raise InvalidInput(_("No month was promised for this reward."), field="month")
    if month == (reward.expected_month or reward.delivery_month) or month < now().date().replace(day=1):
        raise InvalidInput(_("Choose another month, not one that is over."), field="month")
    late = (month - reward.delivery_month).days > settings.DELIVERY_LEAVE_AFTER_DAYS
    made = DeliveryMove.objects.create(
        campaign=row, reward_key=key, promised=reward.delivery_month, month=month, reason=reason, moved_by=actor,
        leave_until=now() + timedelta(days=settings.DELIVERY_LEAVE_WINDOW_DAYS) if late else None,
    )  # fmt: skip
    opening.expect_in(reward_id=reward.pk, month=month)
    audit.record(
        actor=actor, action="campaign.delivery_moved", subject=f"campaign:{row.key}", reason=reason, reward=key,
        month=f"{month:%Y-%m}",
    )  # fmt: skip
    if not reward.secret:
        versioning.write_all(
            campaign=row, actor=actor, note=reason,
            reason=lambda: _("“%(title)s” is expected in another month.") % {"title": reward.title()},
        )  # fmt: skip
    _tell(made, reward)
    return made


def _tell(made: DeliveryMove, reward: Reward) -> None:
    pledges = Pledge.objects.filter(
        pk__in=reward.escrow.pledges.filter(state__in=BACKING_STATES, lines__reward=reward, lines__current=True)
    ).select_related("escrow")
    mail.plan_many([_mail(made, reward, pledge) for pledge in pledges])


def _mail(made: DeliveryMove, reward: Reward, pledge: Pledge) -> mail.Plan:
    with translation.override(pledge.locale):
        words = {
            "reward": reward.title(pledge.locale), "promised": month_text(made.promised),
            "month": month_text(made.month), "reason": made.reason,
            "until": time_text(made.leave_until, zone=made.campaign.timezone) if made.leave_until else "",
        }  # fmt: skip
    return to_backer(
        pledge, key=f"delivery:{made.pk}:{pledge.pk}", template="delivery_moved", action=notifying.SEE_PLEDGE,
        amount=pledge.total, **({"url": addresses.pledge(pledge, step="leave/")} if made.leave_until else {}), **words,
    )  # fmt: skip


def way_out(pledge: Pledge) -> DeliveryMove | None:
    """The move because of which a pledge's backer may leave now, or None. They were promised the month it left."""
    if pledge.state != PledgeState.PAID:
        return None
    keys = pledge.lines.values("reward__key")
    open_moves = DeliveryMove.objects.filter(campaign__escrow=pledge.escrow_id, reward_key__in=keys)
    return open_moves.filter(leave_until__gt=AppNow(), moved_at__gt=pledge.created_at).first()


def leave(*, pledge: Pledge, actor: User | None) -> bool:
    """Take the way out: all of the pledge goes back (True), or finance is asked where it was paid out (False).

    Raises `PledgeNotCancellable` where there is none, or what `leaving.leave` refuses.
    """
    move = way_out(pledge)
    if move is None:
        raise PledgeNotCancellable(_("This pledge can't be cancelled any more."), reason="no_way_out")
    return leaving.leave(pledge_id=pledge.pk, actor=actor, note=f"delivery moved to {move.month:%Y-%m}")
