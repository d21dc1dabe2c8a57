"""SIGKILL a settling worker before its n-th statement, for as many n as the time allows: run again, the same ledger.

`KILL_SECONDS` gives each of the two runs more or less time than a minute and a half.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection

from cms.core import jobs
from cms.users import roles
from funding.models import PayoutAccount
from funding.services import onboarding
from tests.factories.funding import open_test_escrow, place_test_pledge
from tests.factories.users import UserFactory
from tests.funding.sandbox_server import free_port, running_sandbox
from tests.funding.storm.books import Books, books
from tests.funding.storm.killing import (
    Deadly,
    forked,
    move_on,
    require_same,
    settle,
    sweep_once,
    wait_a_minute,
    world,
)

pytestmark = [pytest.mark.kill, pytest.mark.timeout(900)]

SECONDS = float(os.environ.get("KILL_SECONDS") or 90)
WHERE = {"return_url": "http://localhost/me/", "refresh_url": "http://localhost/again/"}


@dataclass(frozen=True)
class Scene:
    """Two campaigns past their deadline, one with its goal and one without; copies are made of both places."""

    database: str
    store: Path
    folder: Path
    port: int
    undisturbed: Books
    statements: int


@pytest.fixture
def scene(transactional_db: None, tmp_path: Path, settings: Any, request: pytest.FixtureRequest) -> Scene:
    if getattr(request, "param", True):
        # Not one task is ever run: neither by a nudge nor from a queue that somebody has emptied.
        request.getfixturevalue("monkeypatch").setattr(jobs, "_send", lambda *_: None)
    _prepare(tmp_path / "scene.sqlite3", settings)
    name, port = str(connection.settings_dict["NAME"]), free_port()
    settings.STRIPE_API_BASE = f"http://localhost:{port}"
    counted = tmp_path / "statements"
    with world(name, tmp_path / "scene.sqlite3", tmp_path, port=port) as stripe:
        assert forked(settle, stripe, Deadly(), counted) == 0
        undisturbed = books()
        require_same(undisturbed, stripe, "undisturbed")
        assert (len(undisturbed["refunds"]), len(undisturbed["payouts"])) == (20, 1)
    return Scene(name, tmp_path / "scene.sqlite3", tmp_path, port, undisturbed, int(counted.read_text()))


def _prepare(store: Path, settings: Any) -> None:
    """Thirty pledges by card and by wallet, paid at a local Stripe whose store is kept."""
    with running_sandbox() as stripe:
        settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY = stripe.url, "sk_test_kindling"
        stripe.top_up(100_000_00, "cny")
        creator = UserFactory()
        roles.assign(creator, roles.CREATOR)
        EmailAddress.objects.create(user=creator, email=creator.email, verified=True, primary=True)
        onboarding.start_onboarding(creator=creator, kind="person", country="CN", **WHERE)
        account = PayoutAccount.objects.get()
        stripe.onboard(account.external_id)
        onboarding.refresh_account(account_id=account.pk)
        for goal, pledges in ((500_00, 10), (1_000_000_00, 20)):
            escrow = open_test_escrow(creator=creator, goal=goal)
            for number in range(pledges):
                payment = place_test_pledge(escrow, extra=number * 33).payment
                stripe.play(payment.session_id, method=("card", "card", "alipay", "wechat_pay")[number % 4])
        sweep_once()
        move_on(stripe, days=30)
        stripe.stop()
        shutil.copy(stripe.store, store)
        stripe.start()


def deaths(scene: Scene) -> Iterator[int]:
    """Numbers of statements, evenly spread however many there is time for, in another order each time."""
    begin, until = random.random(), time.monotonic() + SECONDS
    told = sorted(range(1, scene.statements + 1), key=lambda number: (begin + number * 0.6180339887498949) % 1)
    for number in told:
        if time.monotonic() > until:
            return
        yield number


@pytest.mark.parametrize("scene", [True, False], ids=["without a broker", "with nudges"], indirect=True)
def test_killed_before_any_statement_it_ends_as_if_nothing_had_been(
    scene: Scene, capsys: pytest.CaptureFixture[str]
) -> None:
    done = 0
    for number in deaths(scene):
        with world(scene.database, scene.store, scene.folder, port=scene.port) as stripe:
            assert forked(settle, stripe, Deadly(number)) == -signal.SIGKILL
            wait_a_minute()
            assert forked(settle, stripe, Deadly()) == 0
            require_same(scene.undisturbed, stripe, f"killed before statement {number} of {scene.statements}")
        done += 1
    with capsys.disabled():
        sys.stdout.write(f"killed before {done} of {scene.statements} statements ")
    assert done > 1


def test_killed_again_and_again_it_gets_there(scene: Scene) -> None:
    with world(scene.database, scene.store, scene.folder, port=scene.port) as stripe:
        deaths = 0
        while (status := forked(settle, stripe, Deadly(150))) == -signal.SIGKILL:
            deaths += 1
            assert deaths < 200
            wait_a_minute()
        assert status == 0
        assert deaths > 3
        require_same(scene.undisturbed, stripe, f"killed {deaths} times")
