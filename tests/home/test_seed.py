"""The demo from nothing: killed on its way, taken up again, complete, and left alone afterwards."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress

from campaigns.models import Campaign, CampaignPage, CampaignUpdate
from cms.core import clock
from cms.mail.models import Message
from cms.users.models import AuditLog, User
from funding.models import Escrow, Journal, Payout, Pledge
from funding.services.auditing import audit_ledger
from home.demo import drafting, stories
from home.demo.shapes import EndState
from home.models import ContentPage, FeaturedSlot
from tests.funding.sandbox_server import Sandbox, running_sandbox

ROOT = Path(__file__).resolve().parents[2]
LOG_INS = ("creator", "reviewer", "editor", "backer", "finance", "admin")

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def local_stripe() -> Iterator[Sandbox]:
    """One of its own: the demo moves its clock."""
    with running_sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def environment(database_url: str, local_stripe: Sandbox, tmp_path: Path) -> dict[str, str]:
    """What the command needs to find both."""
    found = {
        **os.environ, "DATABASE_URL": database_url, "STRIPE_SANDBOX_PORT": str(local_stripe.port),
        "KINDLING_VAR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "cms.settings.dev", "PYTHONUNBUFFERED": "1",
    }  # fmt: skip
    # The suite keeps its cache in memory; a laptop keeps it in a table.
    subprocess.run([sys.executable, "manage.py", "createcachetable"], cwd=ROOT, env=found, check=True)
    return found


def seeding(environment: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", "seed_demo"], cwd=ROOT, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def kill_once_it_says(word: str, process: "subprocess.Popen[str]") -> None:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if word in line:
            time.sleep(1)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return
    raise AssertionError(f"it ended without saying {word!r}:\n{''.join(said[-20:])}")


def run(environment: dict[str, str]) -> str:
    process = seeding(environment)
    said, _ = process.communicate(timeout=600)
    assert process.returncode == 0, said
    return said


def everything() -> dict[str, int]:
    models = (User, Campaign, CampaignPage, CampaignUpdate, Escrow, Pledge, Journal, Payout, Message, AuditLog)
    return {model.__name__: model.objects.count() for model in (*models, ContentPage, FeaturedSlot)}


def test_killed_twice_it_becomes_the_demo_that_was_planned(environment: dict[str, str], local_stripe: Sandbox) -> None:
    kill_once_it_says("people", seeding(environment))
    kill_once_it_says("28 days ago", seeding(environment))
    run(environment)

    plans = stories.campaigns()
    for plan in plans:
        campaign = drafting.campaign_of(plan)
        assert campaign is not None
        assert campaign.pages.count() == 2, plan.slug
        if not plan.end_state.launched:
            continue
        escrow = Escrow.objects.get(campaign=campaign)
        assert escrow.pledges.exclude(state="expired").count() == len(
            [pledge for pledge in plan.pledges if pledge.outcome == "succeed"]
        ), plan.slug
        ended = plan.end_state in (EndState.REFUNDED, EndState.CANCELLED)
        assert escrow.raised == (0 if ended else plan.raised), plan.slug
    wanted = Counter(
        "refunded" if plan.end_state is EndState.CANCELLED else str(plan.end_state)
        for plan in plans if plan.end_state.launched
    )  # fmt: skip
    assert Counter(Escrow.objects.values_list("state", flat=True)) == wanted
    news = sum(len(plan.updates) for plan in plans)
    assert CampaignUpdate.objects.filter(published_at__isnull=False).count() == 2 * news
    assert Payout.objects.filter(state="paid").count() == wanted["released"]
    assert not Message.objects.exclude(state="sent").exists()
    assert EmailAddress.objects.filter(
        email__in=[f"{name}@example.com" for name in LOG_INS], verified=True
    ).count() == len(LOG_INS)
    assert FeaturedSlot.objects.current().count() == len(stories.home_content().picks)
    assert ContentPage.objects.live().count() == 2 * len(stories.articles())
    assert clock.offset().total_seconds() == local_stripe.clock()["offset"] == 0
    report = audit_ledger()
    assert report.ok, report.problems

    before, began = everything(), time.monotonic()
    assert "complete" in run(environment)
    assert time.monotonic() - began < 30
    assert everything() == before


def test_without_the_local_stripe_it_says_so_in_one_line(environment: dict[str, str]) -> None:
    environment["STRIPE_SANDBOX_PORT"] = "9"
    process = seeding(environment)
    said, _ = process.communicate(timeout=120)
    assert process.returncode == 1
    assert len(said.strip().splitlines()) == 1
    assert "does not answer" in said
    assert not User.objects.exists()
