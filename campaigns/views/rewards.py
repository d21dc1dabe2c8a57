"""Rewards as a backer sees them: price, what is left, until when, where it ships."""

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from campaigns.models import RewardDraft
from cms.core import moments
from cms.core.countries import country_name
from funding.models import Reward, RewardVariant
from funding.models.rewards import RewardKind
from funding.money import format_money

# The longest list a person reads before it becomes "and n more".
SHOWN_COUNTRIES = 4
MOST_OF_ONE = 99


def kind_label(kind: str) -> str:
    """Physical things need no word; the others say what they are."""
    return {RewardKind.DIGITAL: gettext("Digital"), RewardKind.SERVICE: gettext("Service")}.get(RewardKind(kind), "")


def reward_context(
    reward: Reward,
    *,
    locale: str,
    zone: str,
    now: datetime,
    open_for_pledges: bool,
    campaign_key: str,
    secret: str = "",
) -> dict[str, Any]:
    """The context of components/reward_card.html. `reward.variants` should be prefetched."""
    currency = reward.escrow.currency
    unavailable = _why_unavailable(reward, zone=zone, now=now)
    remaining = reward.remaining
    return {
        "key": reward.key,
        "title": reward.title(locale),
        "text": reward.descriptions.get(locale) or next(iter(reward.descriptions.values()), ""),
        "price": format_money(reward.price, currency),
        "price_minor": reward.price,
        "image": {"src": reward.image_url, "alt": "", "width": 1200, "height": 800} if reward.image_url else None,
        "kind_label": kind_label(reward.kind),
        "is_addon": reward.is_addon,
        "available": open_for_pledges and not unavailable,
        "state_label": unavailable or (gettext("Not available now") if not open_for_pledges else ""),
        "delivery_text": _delivery(reward),
        "shipping_text": shipping_text(reward.shipping, currency),
        "shipping_json": json.dumps(reward.shipping) if reward.shipping else "",
        "left_text": ""
        if remaining is None
        else gettext("%(left)d of %(all)d left") % {"left": remaining, "all": reward.quantity or 0},
        "limit_text": ngettext("%(n)d a person", "%(n)d a person", reward.per_person_limit)
        % {"n": reward.per_person_limit}
        if reward.per_person_limit
        else "",
        "window_text": gettext("until %(when)s") % {"when": moments.time_text(reward.window_end, zone=zone)}
        if reward.window_end and not unavailable
        else "",
        "max": min(value for value in (remaining, reward.per_person_limit, MOST_OF_ONE) if value is not None),
        "variants": [variant_context(variant, locale) for variant in reward.variants.all()],
        "url": f"{reverse('back', kwargs={'key': campaign_key})}?"
        + urlencode({"reward": reward.key, **({"secret": secret} if secret else {})}),
        "secret": reward.secret,
    }


def _delivery(reward: Reward) -> str:
    if reward.delivery_month is None:
        return ""
    promised = moments.month_text(reward.delivery_month)
    if reward.expected_month is None or reward.expected_month == reward.delivery_month:
        return promised
    words = {"month": moments.month_text(reward.expected_month), "promised": promised}
    return gettext("%(month)s (promised for %(promised)s)") % words


def variant_context(variant: RewardVariant, locale: str) -> dict[str, Any]:
    """One option of a reward's choice."""
    left = None if variant.quantity is None else variant.quantity - variant.reserved - variant.sold
    return {
        "key": variant.key,
        "title": variant.name(locale),
        "disabled": left == 0,
        "note": gettext("sold out") if left == 0 else gettext("%(n)d left") % {"n": left} if left is not None else "",
    }


def shipping_text(shipping: dict[str, int], currency: str) -> str:
    """Where it ships and for how much, in one line; empty for what isn't shipped."""
    if not shipping:
        return ""
    named = sorted((code for code in shipping if code != "*"), key=lambda code: (shipping[code], code))
    parts = [f"{country_name(code)} {_fee(shipping[code], currency)}" for code in named[:SHOWN_COUNTRIES]]
    if len(named) > SHOWN_COUNTRIES:
        more = len(named) - SHOWN_COUNTRIES
        parts.append(ngettext("%(n)d more country", "%(n)d more countries", more) % {"n": more})
    if "*" in shipping:
        parts.append(f"{gettext('elsewhere')} {_fee(shipping['*'], currency)}")
    return gettext("Ships to: %(places)s") % {"places": " · ".join(parts)}


def _fee(amount: int, currency: str) -> str:
    return format_money(amount, currency) if amount else gettext("free")


def _why_unavailable(reward: Reward, *, zone: str, now: datetime) -> str:
    if reward.window_start and now < reward.window_start:
        return gettext("From %(when)s") % {"when": moments.date_text(reward.window_start, zone=zone)}
    if reward.window_end and now >= reward.window_end:
        return gettext("Ended %(when)s") % {"when": moments.date_text(reward.window_end, zone=zone)}
    return gettext("Sold out") if reward.remaining == 0 else ""


def draft_context(draft: RewardDraft, *, currency: str, chinese: bool, zone: str) -> dict[str, Any]:
    """The same card before the launch: what is planned, with nothing to choose yet."""
    return {
        "key": draft.key,
        "title": draft.title("zh-hans" if chinese else "en"),
        "text": draft.description("zh-hans" if chinese else "en"),
        "price": format_money(draft.price, currency),
        "kind_label": kind_label(draft.kind),
        "is_addon": draft.is_addon,
        "available": False,
        "state_label": gettext("Opens soon"),
        "delivery_text": moments.month_text(draft.delivery_month) if draft.delivery_month else "",
        "shipping_text": shipping_text(draft.shipping, currency),
        "left_text": gettext("%(n)d in all") % {"n": draft.quantity} if draft.quantity else "",
        "window_text": gettext("until %(when)s") % {"when": moments.time_text(draft.window_end, zone=zone)}
        if draft.window_end
        else "",
    }
