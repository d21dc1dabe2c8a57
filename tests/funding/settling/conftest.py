"""Settlement's tests: a scripted provider, people of the desk, a movable clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from cms.core import clock, sweeps
from cms.users import roles
from cms.users.models import User
from funding.models import Escrow, PayoutAccount
from funding.services import commanding, covering, onboarding, polling, reconciling, refunding
from tests import shared
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway, paid_pledge
from tests.factories.users import UserFactory


def speak_through(scripted: ScriptedGateway, patch: pytest.MonkeyPatch) -> None:
    """Let it be the provider."""
    for module in (commanding, covering, onboarding, polling, reconciling):
        patch.setattr(module, "get_gateway", lambda name="stripe": scripted)


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> ScriptedGateway:
    """The provider of this test."""
    scripted = ScriptedGateway()
    speak_through(scripted, monkeypatch)
    return scripted


def move_on(**by: float) -> None:
    """Move app time on."""
    clock.set_offset(clock.offset() + timedelta(**by))


def sweep_all() -> None:
    """Everything that is due, until nothing is."""
    for _ in range(6):
        if not any(sweeps.run_all().values()):
            return


@pytest.fixture
def later() -> Callable[..., None]:
    return move_on


@pytest.fixture
def sweep() -> Callable[[], None]:
    return sweep_all


def person(role: str) -> User:
    """Somebody with a role."""
    user = UserFactory()
    roles.assign(user, role)
    return user


@pytest.fixture
def finance() -> User:
    return person(roles.FINANCE)


@pytest.fixture
def second_finance() -> User:
    return person(roles.FINANCE)


def payable_creator() -> User:
    """A creator whom nothing keeps from being paid."""
    user = person(roles.CREATOR)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    PayoutAccount.objects.create(
        creator=user, external_id=f"acct_{user.pk}", details_submitted=True, transfers_enabled=True
    )
    return user


@pytest.fixture
def creator() -> User:
    return payable_creator()


@pytest.fixture
def escrow(creator: User) -> Escrow:
    return open_test_escrow(creator=creator)


@shared.scene
def settled_campaign() -> tuple[Escrow, ScriptedGateway]:
    """Every kind of row: pledges, a fee, a partial refund, a release, a payout; and a provider that agrees."""
    gateway, escrow = ScriptedGateway(), open_test_escrow(creator=payable_creator())
    with pytest.MonkeyPatch.context() as patch:
        speak_through(gateway, patch)
        paid_pledge(escrow, extra=1_000_00, rewards={"lamp": 1}, fee=32_00, gateway=gateway)
        second = paid_pledge(escrow, extra=200_00, fee=6_00, gateway=gateway)
        refunding.finance_refund(
            pledge_id=second.pledge_id, amount=50_00, reason="A kindness.", actor=person(roles.FINANCE)
        )
        for days in (30, 14):
            move_on(days=days)
            sweep_all()
    return escrow, gateway


@pytest.fixture
def settled(settled_campaign: tuple[Escrow, ScriptedGateway], gateway: ScriptedGateway) -> Escrow:
    """The same, and the test's provider remembers it."""
    vars(gateway).update(vars(settled_campaign[1]))
    return settled_campaign[0]
