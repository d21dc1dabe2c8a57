"""Fixtures for all tests.

How a test reaches the database:
- `@pytest.mark.django_db` (or the fixture `db`): in a transaction that is rolled back. What was handed to
  `transaction.on_commit` does not run, unless the test uses `django_capture_on_commit_callbacks(execute=True)`.
- `@pytest.mark.django_db(transaction=True)` (or `transactional_db`, `live_server`): commits, threads and other
  processes work; the test has a fresh clone of the migrated database to itself (see `tests.databases`).
  A process that it starts gets `DATABASE_URL` from the fixture `database_url`.
"""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import TransactionTestCase

from tests import databases


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Instead of pytest-django's: one clone of the migrated template for this process."""
    with django_db_blocker.unblock():
        databases.drop_leftovers()
        with databases.cloned(), django_db_blocker.block():
            yield


class _CommittingTest:
    """What Django does around a test that commits, with a fresh clone in place of a flush."""

    _clone = None

    @classmethod
    def _fixture_setup(cls) -> None:
        cls._clone = databases.cloned()
        cls._clone.__enter__()

    def _fixture_teardown(self) -> None:
        type(self)._clone.__exit__(None, None, None)


TransactionTestCase._fixture_setup = _CommittingTest.__dict__["_fixture_setup"]
TransactionTestCase._fixture_teardown = _CommittingTest.__dict__["_fixture_teardown"]


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """DATABASE_URL for processes that a test starts; the test commits, so that they see what it wrote."""
    return databases.current_url()


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    yield
    cache.clear()
