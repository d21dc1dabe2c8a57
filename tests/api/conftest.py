"""A caller of the API whose every answer is held against openapi.yaml."""

import pytest

from tests.api.caller import Caller
from tests.campaigns import scenes
from tests.funding.conftest import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture
def api() -> Caller:
    """Nobody: sign in by `api.as_(user)`."""
    return Caller()


@pytest.fixture
def site(db) -> None:
    """Home pages, indexes, roles, review."""
    scenes.site()


@pytest.fixture
def launched(site):
    """A campaign that takes pledges, in both languages."""
    return scenes.launched()


@pytest.fixture
def terms(launched):
    """The key of its one reward."""
    return launched.escrow.rewards.get().key
