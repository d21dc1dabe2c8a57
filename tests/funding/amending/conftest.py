"""A paid pledge to change, on a scripted provider."""

from collections.abc import Callable
from typing import Any

import pytest

from funding.models import Amendment, Escrow, Payment, Pledge, Reward
from funding.services.amending import AmendmentInput, AmendmentResult, amend_pledge
from funding.services.ordering import LineInput
from tests.factories.funding import open_test_escrow, place_test_pledge, reward_terms, variant_terms
from tests.factories.scripted import ScriptedGateway, pay
from tests.funding.settling.conftest import finance, gateway, later, sweep

__all__ = ["finance", "gateway", "later", "sweep"]

KEYS = iter(range(1, 10**6))


def rewards() -> list[Any]:
    """Lamp ¥100 (shipping ¥10), a big one ¥250 of which there are two, one a person; a sticker to go with them."""
    return [
        reward_terms(quantity=5, per_person_limit=3),
        reward_terms("big", price=250_00, quantity=2, per_person_limit=1),
        reward_terms("same", shipping={"CN": 10_00}, variants=[variant_terms("red", 1), variant_terms("blue")]),
        reward_terms("sticker", kind="digital", price=5_00, shipping={}, is_addon=True),
    ]


@pytest.fixture
def escrow(gateway: ScriptedGateway) -> Escrow:
    return open_test_escrow(rewards=rewards())


@pytest.fixture
def pledge(escrow: Escrow) -> Pledge:
    """One lamp to China, paid: ¥110."""
    return paid(escrow)


def paid(escrow: Escrow, *lines: Any, **fields: Any) -> Pledge:
    """A pledge that was placed and paid."""
    placed = place_test_pledge(escrow, *lines, **fields)
    pay(placed.payment)
    return fresh(placed.pledge)


def fresh(pledge: Pledge) -> Pledge:
    return Pledge.objects.select_related("escrow").get(pk=pledge.pk)


def change(pledge: Pledge, *lines: Any, key: str = "", **fields: Any) -> AmendmentResult:
    """Ask for a change; lines are (reward, quantity[, variant])."""
    values: dict[str, Any] = {"country": "CN", "lines": [LineInput(*line) for line in lines], **fields}
    return amend_pledge(
        pledge_id=pledge.pk, request=AmendmentInput(**values), actor=None, idempotency_key=key or f"a-{next(KEYS)}"
    )


def stock(escrow: Escrow) -> dict[str, tuple[int, int]]:
    """(reserved, sold) by reward."""
    rows = Reward.objects.filter(escrow=escrow).values_list("key", "reserved", "sold")
    return {key: (reserved, sold) for key, reserved, sold in rows if reserved or sold}


def state(amendment: Amendment) -> str:
    return Amendment.objects.values_list("state", flat=True).get(pk=amendment.pk)


def pay_difference(result: AmendmentResult) -> Payment:
    assert result.payment is not None
    return pay(Payment.objects.get(pk=result.payment.pk))


Change = Callable[..., AmendmentResult]
