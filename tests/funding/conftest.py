"""Money's tests speak to the local Stripe, a process of its own, over real HTTP."""

from collections.abc import Iterator

import pytest

from funding.services import issuing
from funding.services.auditing import audit_ledger
from tests.funding.sandbox_server import API_KEY, Sandbox, running_sandbox


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    """One local Stripe for all tests of this process."""
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(sandbox_process: Sandbox, settings) -> Sandbox:
    """The gateway's Stripe: no faults, real time, an empty log."""
    sandbox_process.reset()
    settings.STRIPE_API_BASE = sandbox_process.url
    settings.STRIPE_SECRET_KEY = API_KEY
    settings.STRIPE_LIVEMODE = False
    return sandbox_process


@pytest.fixture
def webhooks(sandbox: Sandbox, live_server, settings) -> Iterator[str]:
    """The local Stripe calls our webhook; the test commits. Returns the URL."""
    url = f"{live_server.url}/webhooks/stripe/"
    settings.STRIPE_WEBHOOK_SECRET = sandbox.listen(url)
    yield url
    # The server outlives the test; what happens later at the local Stripe is none of its business.
    endpoints = sandbox.client().v1.webhook_endpoints
    for endpoint in endpoints.list({"limit": 100}).data:
        endpoints.delete(endpoint.id)


@pytest.fixture(autouse=True)
def audited(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test does with money, the ledger holds at its end.

    Tests that make rows by hand which no service would make are marked `unaudited`.
    """
    if request.node.get_closest_marker("unaudited") or not _uses_database(request):
        yield
        return
    request.getfixturevalue("transactional_db" if _commits(request) else "db")
    yield
    issuing.issue_due(everything=True)
    report = audit_ledger()
    assert report.ok, "\n".join(map(str, report.problems))


def _uses_database(request: pytest.FixtureRequest) -> bool:
    names = {"db", "transactional_db", "live_server", "database_url"}
    return bool(request.node.get_closest_marker("django_db") or names & set(request.fixturenames))


def _commits(request: pytest.FixtureRequest) -> bool:
    marker = request.node.get_closest_marker("django_db")
    names = {"transactional_db", "live_server", "database_url"}
    return bool((marker and marker.kwargs.get("transaction")) or names & set(request.fixturenames))
