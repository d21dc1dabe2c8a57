"""Fixtures for all tests.

How a test reaches the database:
- `@pytest.mark.django_db` (or the fixture `db`): in a transaction that is rolled back. What was handed to
  `transaction.on_commit` does not run, unless the test uses `django_capture_on_commit_callbacks(execute=True)`.
- `@pytest.mark.django_db(transaction=True)` (or `transactional_db`, `live_server`): commits, threads and other
  processes work; the test has a fresh clone of the migrated database to itself (see `tests.databases`).
  A process that it starts gets `DATABASE_URL` from the fixture `database_url`.
- A fixture like `site` or `launched` gives either the same scene, built once for all tests in a row that ask for it
  (see `tests.shared`).
"""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import TestCase, TransactionTestCase

from campaigns.models import Campaign
from tests import databases, shared
from tests.campaigns import scenes
from tests.cast import Cast


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Instead of pytest-django's: one clone of the migrated template for this process."""
    with django_db_blocker.unblock():
        databases.drop_leftovers()
        with databases.cloned():
            with django_db_blocker.block():
                yield
            shared.close()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    shared.choose(item)


class _CommittingTest:
    """What Django does around a test that commits, with a fresh clone in place of a flush."""

    _clone = None

    @classmethod
    def _fixture_setup(cls) -> None:
        cls._clone = databases.cloned(of=shared.database())
        cls._clone.__enter__()

    def _fixture_teardown(self) -> None:
        type(self)._clone.__exit__(None, None, None)


_begin = TestCase.__dict__["_fixture_setup"]


def _fixture_setup(cls: type[TestCase]) -> None:
    """Of a test that is rolled back: its scene lies beneath."""
    shared.enter()
    _begin.__get__(None, cls)()


TestCase._fixture_setup = classmethod(_fixture_setup)
TransactionTestCase._fixture_setup = _CommittingTest.__dict__["_fixture_setup"]
TransactionTestCase._fixture_teardown = _CommittingTest.__dict__["_fixture_teardown"]


@shared.scene
def site() -> None:
    """Home pages, indexes, roles, review."""
    scenes.site()


@shared.scene
def launched(site: None) -> Campaign:
    """A campaign that takes pledges, in both languages."""
    return scenes.launched()


@shared.scene
def cast(site: None) -> Cast:
    """A person of each role, and one row of every kind."""
    return Cast()


@pytest.fixture
def database_url(transactional_db: None) -> str:
    """DATABASE_URL for processes that a test starts; the test commits, so that they see what it wrote."""
    return databases.current_url()


@pytest.fixture(autouse=True)
def _clean_cache() -> Iterator[None]:
    yield
    cache.clear()
