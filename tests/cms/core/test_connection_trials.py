"""A kept connection is tried, but not before each request."""

import pytest
from django.db import connections

from cms.core.postgresql import base

pytestmark = pytest.mark.django_db


def test_it_is_tried_once_a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["default"]
    tried: list[int] = []
    monkeypatch.setattr(connection, "is_usable", lambda: not tried.append(1))
    monkeypatch.setattr(connection, "health_check_enabled", True, raising=False)
    connection._tried = float("-inf")  # type: ignore[attr-defined]
    for _ in range(3):
        connection.health_check_done = False
        connection.close_if_health_check_failed()
    assert len(tried) == 1
    connection._tried = float("-inf")  # type: ignore[attr-defined]
    connection.health_check_done = False
    connection.close_if_health_check_failed()
    assert len(tried) == 2


def test_it_is_not_tried_in_the_middle_of_a_request(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["default"]
    now = 100.0
    monkeypatch.setattr(base.time, "monotonic", lambda: now)
    monkeypatch.setattr(connection, "is_usable", lambda: pytest.fail("In a failed transaction, this says no."))
    monkeypatch.setattr(connection, "health_check_enabled", True, raising=False)
    monkeypatch.setattr(connection, "health_check_done", False)
    monkeypatch.setattr(connection, "_tried", 99.5)
    connection.close_if_health_check_failed()
    now += 5
    connection.close_if_health_check_failed()
