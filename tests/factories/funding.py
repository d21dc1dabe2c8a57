"""Money's rows, made through the services wherever there is one."""

import itertools
from datetime import timedelta
from typing import Any

from cms.core import clock
from funding.models import Escrow
from funding.services.opening import EscrowTerms, RewardTerms, VariantTerms, open_escrow
from funding.services.pledging import LineInput, PledgeInput, PledgeResult, place_pledge
from tests.factories.users import UserFactory

_numbers = itertools.count(1)


def reward_terms(key: str = "lamp", **overrides: Any) -> RewardTerms:
    """One physical reward of ¥100, unlimited, shipped to CN for ¥10 and to the world for ¥50."""
    terms: dict[str, Any] = {
        "key": key,
        "kind": "physical",
        "titles": {"en": "A lamp", "zh-hans": "一盏灯"},
        "descriptions": {"en": "Runs on salt water.", "zh-hans": "盐水点亮。"},
        "price": 100_00,
        "shipping": {"CN": 10_00, "*": 50_00},
    }
    return RewardTerms(**terms | overrides)


def variant_terms(key: str, quantity: int | None = None) -> VariantTerms:
    """A variant named after its key."""
    return VariantTerms(key=key, names={"en": key.title()}, quantity=quantity)


def open_test_escrow(**overrides: Any) -> Escrow:
    """An open escrow: CNY, goal ¥1,000, all or nothing, 30 days, one reward "lamp" of ¥100.

    Any field of `EscrowTerms` may be overridden, `rewards` by a list of `reward_terms(…)`.
    """
    creator = overrides.pop("creator", None) or UserFactory()
    terms: dict[str, Any] = {
        "key": f"test{next(_numbers)}",
        "creator": creator,
        "kind": "reward",
        "names": {"en": "Salt-water lamp", "zh-hans": "盐水灯"},
        "currency": "CNY",
        "goal": 1_000_00,
        "mode": "all_or_nothing",
        "deadline": clock.now() + timedelta(days=30),
        "payee_kind": "person",
        "jurisdiction": "CN",
        "rewards": [reward_terms()],
    }
    return open_escrow(terms=EscrowTerms(**terms | overrides), actor=creator)


def pledge_input(escrow: Escrow, *lines: Any, **overrides: Any) -> PledgeInput:
    """One "lamp" to China by a guest, unless told otherwise; `lines` are (reward, quantity[, variant])."""
    values: dict[str, Any] = {
        "escrow_key": escrow.key,
        "email": f"backer{next(_numbers)}@example.com",
        "locale": "en",
        "lines": [LineInput(*line) for line in lines or [("lamp", 1)]],
        "country": "CN",
        "success_url": "http://localhost:8000/en/pledges/{pledge}/?token={token}",
        "cancel_url": "http://localhost:8000/en/pledges/{pledge}/?token={token}",
    }
    return PledgeInput(**values | overrides)


def place_test_pledge(escrow: Escrow, *lines: Any, key: str = "", **overrides: Any) -> PledgeResult:
    """Place a pledge through the service; it needs the local Stripe (fixture `sandbox`)."""
    request = pledge_input(escrow, *lines, **overrides)
    return place_pledge(request=request, idempotency_key=key or f"key-{next(_numbers)}")
