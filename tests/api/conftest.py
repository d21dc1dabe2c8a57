"""A caller of the API whose every answer is held against openapi.yaml."""

import pytest

from tests.api.caller import Caller
from tests.funding.conftest import sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]


@pytest.fixture
def api() -> Caller:
    """Nobody: sign in by `api.as_(user)`."""
    return Caller()


@pytest.fixture
def terms(launched):
    """The key of its one reward."""
    return launched.escrow.rewards.get().key
