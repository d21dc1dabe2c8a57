"""Watching's tests: the same people, provider and clock as settlement's."""

from tests.funding.settling.conftest import (  # noqa: F401
    creator,
    escrow,
    finance,
    gateway,
    later,
    second_finance,
    settled,
    settled_campaign,
    sweep,
)
