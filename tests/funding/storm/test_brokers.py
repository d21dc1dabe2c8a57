"""Celery on Redis and on RabbitMQ for real: web server, worker, broker and local Stripe as processes of their own.

A pledge is placed over the API, paid, heard of by webhook, counted by the worker and settled; then once more while
the broker is gone. What is lost with it is time, never money.
"""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from celery import Celery

from cms.core import clock, jobs, sweeps
from funding.models import Escrow, Payment, PayoutAccount, Pledge, WebhookEvent
from funding.services import onboarding
from funding.services.auditing import audit_ledger
from tests.campaigns import scenes
from tests.factories.funding import place_test_pledge
from tests.funding.sandbox_server import ROOT, Sandbox, eventually, free_port, running_sandbox
from tests.funding.storm.brokers import BROKERS, Broker

WHERE = {"return_url": "http://localhost/me/", "refresh_url": "http://localhost/again/"}

pytestmark = [
    pytest.mark.kill,
    pytest.mark.timeout(800),
]


class Site:
    """All processes, told by environment where the others are."""

    def __init__(self, stripe: Sandbox, broker: Broker, environment: dict[str, str], port: int) -> None:
        self.stripe, self.broker, self.environment, self.port = stripe, broker, environment, port
        self.running: list[subprocess.Popen[bytes]] = []

    def run(self, *command: str) -> subprocess.Popen[bytes]:
        started = subprocess.Popen([sys.executable, "-W", "ignore", "-m", *command], cwd=ROOT, env=self.environment)
        self.running.append(started)
        return started

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self.run("celery", "-q", "-A", "cms", "worker", "--pool", "threads", "--concurrency", "2",
                        "--loglevel", "error", "--without-gossip", "--without-mingle")  # fmt: skip

    def start_web(self) -> None:
        self.run("granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1",
                 "--blocking-threads", "4", "--no-ws", "--log-level", "error", "cms.wsgi:application")  # fmt: skip

        def answers() -> bool:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=20) as answer:
                    return bool(answer.status == 200)
            except OSError:
                return False

        eventually(answers, seconds=180, what="the web server")

    def sweep(self) -> None:
        """What beat sends each minute."""
        # Not this process's own: the next test's tasks would be sent to a broker that is gone by then.
        with Celery(broker=self.broker.url, set_as_current=False) as beat:
            beat.send_task("core.run_sweeps", ignore_result=True, expires=55)

    def post(self, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v2{path}", method="POST", data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": key},
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def back(self, escrow: Escrow, number: int) -> Payment:
        """Place a pledge over the API and pay it at the local Stripe."""
        body = {
            "email": f"queued{number}@example.com",
            "lines": [{"reward": escrow.rewards.get().key, "quantity": 1}],
            "country": "CN",
        }
        placed = self.post(f"/campaigns/{escrow.key}/pledges/", body, f"queued-{number}")
        payment = Payment.objects.get(pledge=placed["id"])
        self.stripe.play(payment.session_id)
        return payment

    def pass_time(self, **by: float) -> None:
        clock.set_offset(clock.offset() + timedelta(**by))
        self.stripe.clock(clock.offset().total_seconds())


@pytest.fixture(params=BROKERS)
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    """Each in turn, where it is installed."""
    server, kind, package = BROKERS[request.param]
    if server is None:
        pytest.skip(f"NO {package.upper()} HERE: Celery on it is NOT tested (Debian: {package})")
    made = kind(tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def site(broker: Broker, database_url: str, tmp_path: Path, settings: Any) -> Iterator[Site]:
    port = free_port()
    hook = {"STRIPE_SANDBOX_WEBHOOK_URL": f"http://127.0.0.1:{port}/webhooks/stripe/"}
    secret = {"STRIPE_WEBHOOK_SECRET": "whsec_broker"}
    with running_sandbox(env=hook | secret) as stripe:
        environment = {
            **os.environ, **secret, "DATABASE_URL": database_url, "STRIPE_SANDBOX_PORT": str(stripe.port),
            "KINDLING_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings.dev",
            **broker.settings,
        }  # fmt: skip
        # Without Redis the cache is a table, which the suite's own settings don't have.
        command = [sys.executable, "-W", "ignore", "manage.py", "createcachetable"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        settings.STRIPE_API_BASE = stripe.url
        made = Site(stripe, broker, environment, port)
        try:
            yield made
        finally:
            for process in made.running:
                process.kill()
                process.wait()


@pytest.fixture
def escrow(site: Site) -> Escrow:
    """A campaign with a goal of 200.00 whose creator can be paid, and the float that refunds need."""
    site.stripe.top_up(100_000_00, "cny")
    scenes.site()
    found: Escrow = scenes.launched(goal=200_00).escrow
    creator = found.creator
    EmailAddress.objects.update_or_create(
        user=creator, email=creator.email, defaults={"verified": True, "primary": True}
    )
    PayoutAccount.objects.all().delete()
    onboarding.start_onboarding(creator=creator, kind="person", country="CN", **WHERE)
    account = PayoutAccount.objects.get()
    site.stripe.onboard(account.external_id)
    onboarding.refresh_account(account_id=account.pk)
    return found


def states(*payments: Payment) -> list[str]:
    return [Pledge.objects.get(pk=payment.pledge_id).state for payment in payments]


def settled(site: Site, escrow: Escrow) -> None:
    """Past the deadline and the hold, by sweeps that only the worker runs."""

    def reached(*wanted: str) -> Callable[[], bool]:
        begun = [time.monotonic()]

        def check() -> bool:
            if time.monotonic() >= begun[0]:
                site.sweep()
                begun[0] = time.monotonic() + 5
            escrow.refresh_from_db()
            return escrow.state in wanted

        return check

    site.pass_time(days=31)
    eventually(reached("holding", "released"), seconds=180, what="the decision")
    site.pass_time(days=15)
    eventually(reached("released"), seconds=180, what="the payout")
    report = audit_ledger()
    assert report.ok, "\n".join(map(str, report.problems))
    posts = [one for one in site.stripe.log()["requests"] if (one["method"], one["path"]) == ("POST", "/v1/transfers")]
    assert len({one["idempotency_key"] for one in posts}) == 1


def test_the_main_path(site: Site, escrow: Escrow) -> None:
    site.start_worker()
    site.start_web()
    payments = [site.back(escrow, number) for number in range(3)]
    eventually(lambda: set(states(*payments)) == {"paid"}, seconds=40, what="webhooks handled by the worker")
    waiting = WebhookEvent.objects.filter(type="checkout.session.completed", handled_at=None)
    eventually(lambda: not waiting.exists(), seconds=20, what="the last event")
    settled(site, escrow)


def test_a_broker_gone_and_back_costs_time_only(site: Site, escrow: Escrow) -> None:
    site.start_web()
    # The webhook is heard and its task queued, but nobody has taken it when the broker dies.
    before = site.back(escrow, 1)
    eventually(lambda: WebhookEvent.objects.exists(), seconds=30, what="the webhook")
    site.broker.kill()
    # People go on backing meanwhile; nothing of it may answer with an error.
    during = site.back(escrow, 2)
    heard = WebhookEvent.objects.filter(payload__data__object__metadata__payment=str(during.pk))
    eventually(heard.exists, seconds=40, what="a webhook without a broker")
    assert states(before, during) == ["reserved", "reserved"]
    site.broker.start()
    worker = site.start_worker()
    site.sweep()
    eventually(lambda: set(states(before, during)) == {"paid"}, seconds=180, what="the sweep")
    # Gone once more under a running worker, which waits for it.
    site.broker.kill()
    last = site.back(escrow, 3)
    site.broker.start()
    site.sweep()
    eventually(lambda: states(last) == ["paid"], seconds=180, what="the worker's return")
    assert worker.poll() is None
    settled(site, escrow)


def test_a_laptop_that_loses_every_nudge_gets_there_by_sweeps(
    site: Site, escrow: Escrow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The filesystem broker loses what a killed worker had taken: here it loses everything."""
    monkeypatch.setattr(jobs, "_send", lambda *_: None)
    payments = [place_test_pledge(escrow, (escrow.rewards.get().key, 1)).payment for _ in range(2)]
    for payment in payments:
        site.stripe.play(payment.session_id)
    sweeps.run_all()
    assert set(states(*payments)) == {"paid"}
    for days in (31, 15):
        site.pass_time(days=days)
        for _ in range(3):
            sweeps.run_all()
    escrow.refresh_from_db()
    assert escrow.state == "released"
    assert audit_ledger().ok
