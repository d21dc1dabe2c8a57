"""A reward as something to choose in a form, with what was chosen of it and what is wrong with that."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from campaigns.views import back_form
from campaigns.views.rewards import reward_context
from funding.models import Reward
from funding.services.pledging import LineInput


def choice(
    reward: Reward, line: LineInput | None, *, errors: Sequence[str], locale: str, zone: str, now: datetime,
    campaign_key: str,
) -> dict[str, Any]:  # fmt: skip
    """The context of components/reward_choice.html."""
    context = reward_context(
        reward, locale=locale, zone=zone, now=now, open_for_pledges=True, campaign_key=campaign_key
    )
    for variant in context["variants"]:
        variant["selected"] = line is not None and line.variant == variant["key"]
        # Somebody's own stays theirs.
        variant["disabled"] = variant["disabled"] and not variant["selected"]
    return {
        **context,
        "quantity": line.quantity if line else 0,
        "quantity_name": back_form.quantity_name(reward.key),
        "variant_name": back_form.variant_name(reward.key),
        "errors": list(errors),
    }
