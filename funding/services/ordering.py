"""What a backer asks for: checked, priced and fingerprinted. Nothing is written here."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.utils.translation import gettext as _

from cms.users.models import User
from cms.users.selectors import person_hash
from funding.exceptions import (
    CampaignNotOpen,
    CountryNotServed,
    InvalidPledge,
    PerPersonLimitReached,
    UnknownReward,
)
from funding.gateways import limits
from funding.money import check_amount, major
from funding.states import EscrowState

MOST_LINES = 20
MOST_PER_LINE = 1_000
MOST_IN_MESSAGE = 280


@dataclass(frozen=True)
class LineInput:
    """So many of a reward, by key; a variant's key where the reward has variants."""

    reward: str
    quantity: int
    variant: str | None = None


@dataclass(frozen=True)
class PledgeInput:
    """What a backer asks for. `extra` in minor units; the URLs may contain "{pledge}" and "{token}"."""

    escrow_key: str
    email: str
    locale: str
    lines: Sequence[LineInput] = ()
    extra: int = 0
    country: str = ""
    anonymous: bool = False
    message: str = ""
    version: str = ""
    success_url: str = ""
    cancel_url: str = ""
    user: User | None = None
    # "" for the usual one; what the backer sits at matters to channels that have ways of their own for phones.
    provider: str = ""
    handset: bool = False
    client_ip: str = ""
    # Keys of secret rewards that the backer was let in to; any other secret one doesn't exist for them.
    opened: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Line:
    """A line with its price and shipping, minor units each."""

    reward_id: int
    reward_key: str
    variant_id: int | None
    quantity: int
    unit_price: int
    unit_shipping: int
    limit: int | None


@dataclass(frozen=True)
class Terms:
    """What one statement reads: the escrow, what is asked for of it, the present, and an earlier pledge of the key."""

    escrow_id: int
    key: str
    names: dict[str, str]
    kind: str
    currency: str
    state: str
    deadline: datetime
    refundable_until: datetime
    now: datetime
    payment_id: int
    earlier: Any
    rewards: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Order:
    """A checked and priced request."""

    terms: Terms
    lines: list[Line]
    country: str = ""
    rewards_amount: int = 0
    shipping_amount: int = 0
    extra: int = 0
    limited: frozenset[int] = field(default_factory=frozenset)

    @property
    def total(self) -> int:
        """Minor units to pay."""
        return self.rewards_amount + self.shipping_amount + self.extra


_READ = """
SELECT escrow.id, escrow.key, escrow.names, escrow.kind, escrow.currency, escrow.state, escrow.deadline,
       escrow.deadline + make_interval(mins => escrow.grace_minutes, days => escrow.hold_days),
       app_now(), nextval(pg_get_serial_sequence('funding_payment', 'id')),
       (SELECT id FROM funding_pledge WHERE idempotency_scope = %(scope)s AND idempotency_key = %(key)s),
       COALESCE((
         SELECT jsonb_object_agg(reward.key, to_jsonb(reward) || jsonb_build_object('variants', COALESCE((
                  SELECT jsonb_object_agg(variant.key, variant.id) FROM funding_rewardvariant AS variant
                   WHERE variant.reward_id = reward.id), '{}')))
           FROM funding_reward AS reward WHERE reward.escrow_id = escrow.id AND reward.key = ANY(%(rewards)s)), '{}')
  FROM funding_escrow AS escrow WHERE escrow.key = %(escrow)s
"""


def check_request(request: PledgeInput, idempotency_key: str) -> None:
    """Refuse what can't be right whatever the campaign's state is. Raises `InvalidPledge` or `BadAmount`."""
    if not re.fullmatch(r"[\x21-\x7e]{1,255}", idempotency_key or ""):
        raise InvalidPledge(_("An idempotency key is 1 to 255 visible ASCII characters."), field="Idempotency-Key")
    for name in ("escrow_key", "email", "locale", "country", "message", "version"):
        value = getattr(request, name)
        if not isinstance(value, str) or any(unicodedata.category(char) == "Cs" or char == "\0" for char in value):
            raise InvalidPledge(_("This is no text."), field=name)
    _check_email(request.email)
    if len(request.message) > MOST_IN_MESSAGE:
        message = _("A message has at most %(most)s characters.") % {"most": MOST_IN_MESSAGE}
        raise InvalidPledge(message, field="message")
    if len(request.version) > 64 or len(request.locale) > 10:
        raise InvalidPledge(_("This is too long."), field="version" if len(request.version) > 64 else "locale")
    if type(request.anonymous) is not bool:
        raise InvalidPledge(_("Say true or false."), field="anonymous")
    if request.country and not re.fullmatch(r"[A-Z]{2}", request.country):
        raise InvalidPledge(_("A country is two capital letters."), field="country")
    check_amount(request.extra, field="extra")
    _check_lines(request.lines)


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise InvalidPledge(_("Enter a valid e-mail address."), field="email") from None
    if len(email) > 254:
        raise InvalidPledge(_("Enter a valid e-mail address."), field="email")


def _check_lines(lines: Sequence[LineInput]) -> None:
    if len(lines) > MOST_LINES:
        raise InvalidPledge(_("A pledge has at most %(most)s lines.") % {"most": MOST_LINES}, field="lines")
    for line in lines:
        keys = [line.reward, "" if line.variant is None else line.variant]
        if not all(isinstance(key, str) and key.isascii() and "\0" not in key for key in keys):
            raise UnknownReward(_("There is no such reward."), field="lines")
        if type(line.quantity) is not int or not 1 <= line.quantity <= MOST_PER_LINE:
            message = _("A quantity is a whole number from 1 to %(most)s.") % {"most": MOST_PER_LINE}
            raise InvalidPledge(message, field="quantity")


def scope(request: PledgeInput) -> str:
    """Whose keys these are: a member's own, or a guest's on one campaign."""
    if request.user is not None:
        return f"user:{request.user.pk}"
    return f"guest:{person_hash(request.email)}:{request.escrow_key}"[:100]


def fingerprint(request: PledgeInput) -> str:
    """A hash of what is asked for; where the checkout returns to, and in which language, is no part of it."""
    lines = sorted([line.reward, line.variant or "", line.quantity] for line in request.lines)
    body = [
        request.escrow_key, person_hash(request.email), lines, request.extra, request.country, request.anonymous,
        request.message, request.version, *([request.provider] if request.provider else []),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def read_terms(request: PledgeInput, idempotency_key: str) -> Terms:
    """All that placing a pledge needs to know, in one statement. Raises `CampaignNotOpen` for an unknown escrow."""
    parameters: dict[str, Any] = {
        "scope": scope(request),
        "key": idempotency_key,
        "rewards": [line.reward for line in request.lines],
        "escrow": request.escrow_key,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READ, parameters)
        row = cursor.fetchone()
    if row is None:
        raise CampaignNotOpen(_("There is no such campaign."), field="campaign")
    values = list(row)
    values[2], values[-1] = _json(values[2]), _json(values[-1])
    return Terms(*values)


def _json(value: Any) -> Any:
    # Django has the driver hand over JSON as text.
    return json.loads(value) if isinstance(value, str) else value


def price(request: PledgeInput, terms: Terms) -> Order:
    """The order with its amounts. Raises typed refusals that name the field."""
    if terms.state != EscrowState.OPEN or terms.now >= terms.deadline:
        raise CampaignNotOpen(_("This campaign takes no pledges now."), field="campaign")
    if terms.kind == "donation" and request.lines:
        raise InvalidPledge(_("A donation has no rewards."), field="lines")
    lines = [_priced(line, request, terms) for line in _merged(request.lines)]
    _check_addons(lines, terms)
    _check_limits(lines)
    order = Order(
        terms=terms,
        lines=lines,
        country=request.country,
        rewards_amount=sum(line.unit_price * line.quantity for line in lines),
        shipping_amount=sum(line.unit_shipping * line.quantity for line in lines),
        extra=request.extra,
        limited=frozenset(line.reward_id for line in lines if line.limit is not None),
    )
    _check_total(order)
    return order


def _merged(lines: Sequence[LineInput]) -> list[LineInput]:
    sums: dict[tuple[str, str | None], int] = {}
    for line in lines:
        key = line.reward, line.variant or None
        sums[key] = sums.get(key, 0) + line.quantity
    return [LineInput(reward, quantity, variant) for (reward, variant), quantity in sums.items()]


def _priced(line: LineInput, request: PledgeInput, terms: Terms) -> Line:
    reward = terms.rewards.get(line.reward)
    if reward is None or (reward["secret"] and line.reward not in request.opened):
        raise UnknownReward(_("There is no such reward."), field="lines", reward=line.reward)
    variants = reward["variants"]
    if bool(variants) != bool(line.variant) or (line.variant and line.variant not in variants):
        raise UnknownReward(_("Choose one of the reward's variants."), field="variant", reward=line.reward)
    return Line(
        reward_id=reward["id"],
        reward_key=line.reward,
        variant_id=variants[line.variant] if line.variant else None,
        quantity=line.quantity,
        unit_price=reward["price"],
        unit_shipping=shipping_fee(reward["shipping"], request.country, reward=line.reward),
        limit=reward["per_person_limit"],
    )


def shipping_fee(fees: dict[str, int], country: str, *, reward: str) -> int:
    """What sending one of a reward costs, in minor units; `fees` by country, "*" everywhere else.

    Raises `InvalidPledge` without a country, `CountryNotServed`; both name the field `country`.
    """
    if not fees:
        return 0
    if not country:
        raise InvalidPledge(_("Say where to send it."), field="country")
    if country not in fees and "*" not in fees:
        raise CountryNotServed(
            _("This reward is not sent to that country."), field="country", reward=reward, countries=sorted(fees)
        )
    return fees.get(country, fees.get("*", 0))


def _check_addons(lines: Sequence[Line], terms: Terms) -> None:
    if lines and all(terms.rewards[line.reward_key]["is_addon"] for line in lines):
        raise InvalidPledge(_("An add-on goes with a reward: choose one."), field="lines")


def _check_limits(lines: Sequence[Line]) -> None:
    asked: dict[int, int] = {}
    for line in lines:
        asked[line.reward_id] = asked.get(line.reward_id, 0) + line.quantity
        if line.limit is not None and asked[line.reward_id] > line.limit:
            raise limit_reached(line)


def limit_reached(line: Line) -> PerPersonLimitReached:
    """The refusal for one reward."""
    message = _("One person may take %(limit)s of this reward.") % {"limit": line.limit}
    return PerPersonLimitReached(message, field="lines", reward=line.reward_key, limit=line.limit)


def _check_total(order: Order) -> None:
    currency = order.terms.currency
    if order.total <= 0:
        raise InvalidPledge(_("Choose a reward or an amount."), field="lines")
    least = limits.LEAST_PER_CHARGE.get(currency, 1)
    if order.total < least:
        message = _("The least that can be paid is %(amount)s %(currency)s.")
        raise InvalidPledge(message % {"amount": major(least, currency), "currency": currency}, field="extra")
    if order.total > limits.MOST_PER_CHARGE:
        message = _("The most that can be paid at once is %(amount)s %(currency)s.")
        most = major(limits.MOST_PER_CHARGE, currency)
        raise InvalidPledge(message % {"amount": most, "currency": currency}, field="extra" if order.extra else "lines")
    step = limits.STEP.get(currency, 1)
    if order.total % step:
        message = _("Amounts in %(currency)s go in steps of %(amount)s.")
        raise InvalidPledge(message % {"amount": major(step, currency), "currency": currency}, field="extra")
