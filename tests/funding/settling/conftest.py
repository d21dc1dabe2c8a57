"""Settlement's tests: a scripted provider, people of the desk, a movable clock."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress

from cms.core import clock, sweeps
from cms.users import roles
from cms.users.models import User
from funding.models import Escrow, PayoutAccount
from funding.services import commanding, covering, onboarding, polling, reconciling
from tests.factories.funding import open_test_escrow
from tests.factories.scripted import ScriptedGateway
from tests.factories.users import UserFactory


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> ScriptedGateway:
    """The provider of this test."""
    scripted = ScriptedGateway()
    for module in (commanding, covering, onboarding, polling, reconciling):
        monkeypatch.setattr(module, "get_gateway", lambda name="stripe": scripted)
    return scripted


@pytest.fixture
def later() -> Callable[..., None]:
    """Move app time on."""

    def move(**by: float) -> None:
        clock.set_offset(clock.offset() + timedelta(**by))

    return move


@pytest.fixture
def sweep() -> Callable[[], None]:
    """Everything that is due, until nothing is."""

    def run() -> None:
        for _ in range(6):
            if not any(sweeps.run_all().values()):
                return

    return run


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


@pytest.fixture
def creator() -> User:
    """A creator whom nothing keeps from being paid."""
    user = person(roles.CREATOR)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    PayoutAccount.objects.create(
        creator=user, external_id=f"acct_{user.pk}", details_submitted=True, transfers_enabled=True
    )
    return user


@pytest.fixture
def escrow(creator: User) -> Escrow:
    return open_test_escrow(creator=creator)
