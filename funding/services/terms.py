"""What a campaign is launched with, and what can't be right about it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from cms.users.models import User
from funding.exceptions import InvalidTerms
from funding.gateways import limits
from funding.models.escrow import Mode
from funding.models.payees import PayeeKind
from funding.models.rewards import RewardKind
from funding.money import EXPONENTS, check_amount, major

MAX_QUANTITY = 10_000_000
KINDS = frozenset({"reward", "donation", "equity"})
KEY = re.compile(r"[A-Za-z0-9_-]{1,20}")
DESTINATION = re.compile(r"[A-Z]{2}|\*")


@dataclass(frozen=True)
class VariantTerms:
    """A size or colour; `quantity` None is as many as the reward has."""

    key: str
    names: dict[str, str]
    quantity: int | None = None


@dataclass(frozen=True)
class RewardTerms:
    """A tier. Amounts in minor units of the escrow's currency; texts by locale; `shipping` by country, "*" the rest."""

    key: str
    kind: str
    titles: dict[str, str]
    price: int
    descriptions: dict[str, str] = field(default_factory=dict)
    is_addon: bool = False
    quantity: int | None = None
    per_person_limit: int | None = None
    shipping: dict[str, int] = field(default_factory=dict)
    delivery_month: date | None = None
    window_start: datetime | None = None
    window_end: datetime | None = None
    variants: list[VariantTerms] = field(default_factory=list)
    image_url: str = ""
    secret: bool = False


@dataclass(frozen=True)
class EscrowTerms:
    """What is frozen at launch. `goal` in minor units; `deadline` is exclusive."""

    key: str
    creator: User
    kind: str
    names: dict[str, str]
    currency: str
    goal: int
    mode: str
    deadline: datetime
    payee_kind: str
    jurisdiction: str
    rewards: Sequence[RewardTerms] = ()


def check_escrow_terms(terms: EscrowTerms) -> None:
    """Raise `InvalidTerms`, or `BadAmount`, naming the field."""
    _check_choice(terms.kind, KINDS, "kind")
    _check_choice(terms.mode, Mode.values, "mode")
    _check_choice(terms.payee_kind, PayeeKind.values, "payee_kind")
    _check_choice(terms.currency, EXPONENTS, "currency")
    check_amount(terms.goal, field="goal", minimum=1, currency=terms.currency)
    _check_key(terms.key)
    _check_texts(terms.names, "names")
    if terms.deadline.tzinfo is None:
        raise InvalidTerms(_("The deadline needs a time zone."), field="deadline")
    if terms.kind == "donation" and terms.rewards:
        raise InvalidTerms(_("A donation has no rewards."), field="rewards")
    if len({reward.key for reward in terms.rewards}) != len(terms.rewards):
        raise InvalidTerms(_("Two rewards have the same key."), field="rewards")
    for reward in terms.rewards:
        check_reward_terms(reward, terms.currency)


def check_reward_terms(terms: RewardTerms, currency: str) -> None:
    """Raise `InvalidTerms`, or `BadAmount`, naming the field."""
    _check_key(terms.key)
    _check_choice(terms.kind, RewardKind.values, "kind")
    _check_texts(terms.titles, "titles")
    _check_charge(terms.price, currency, "price", minimum=1)
    check_quantity(terms.quantity, "quantity")
    check_quantity(terms.per_person_limit, "per_person_limit")
    if terms.window_start and terms.window_end and terms.window_start >= terms.window_end:
        raise InvalidTerms(_("The window ends before it begins."), field="window_end")
    if terms.kind != RewardKind.PHYSICAL and terms.shipping:
        raise InvalidTerms(_("Only what can be posted is shipped."), field="shipping")
    if terms.kind == RewardKind.PHYSICAL and not terms.shipping:
        raise InvalidTerms(_("Say where it is shipped to, and for how much."), field="shipping")
    for country, fee in terms.shipping.items():
        if not DESTINATION.fullmatch(country):
            raise InvalidTerms(_("A destination is a country's two letters, or *."), field="shipping")
        _check_charge(fee, currency, "shipping")
    if len({variant.key for variant in terms.variants}) != len(terms.variants):
        raise InvalidTerms(_("Two variants have the same key."), field="variants")
    for variant in terms.variants:
        _check_key(variant.key)
        _check_texts(variant.names, "variants")
        check_quantity(variant.quantity, "variants")


def _check_charge(amount: int, currency: str, name: str, minimum: int = 0) -> None:
    check_amount(amount, field=name, minimum=minimum, currency=currency)
    if amount > limits.MOST_PER_CHARGE:
        raise InvalidTerms(_("This is more than can be paid at once."), field=name)
    if amount % limits.STEP.get(currency, 1):
        message = _("Amounts in %(currency)s go in steps of %(amount)s.")
        step = major(limits.STEP[currency], currency)
        raise InvalidTerms(message % {"currency": currency, "amount": step}, field=name)


def check_quantity(quantity: Any, name: str) -> None:
    """A whole number from 1 to `MAX_QUANTITY`, or None. Raises `InvalidTerms`."""
    if quantity is not None and (type(quantity) is not int or not 0 < quantity <= MAX_QUANTITY):
        raise InvalidTerms(_("Enter a whole number from 1 to %(most)s.") % {"most": MAX_QUANTITY}, field=name)


def _check_key(key: Any) -> None:
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise InvalidTerms(_("A key is at most 20 letters, digits, - or _."), field="key")


def _check_choice(value: Any, known: Iterable[str], name: str) -> None:
    if value not in list(known):
        raise InvalidTerms(_("Choose one of the known values."), field=name)


def _check_texts(texts: dict[str, str], name: str) -> None:
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts.values()):
        raise InvalidTerms(_("A text is missing."), field=name)
