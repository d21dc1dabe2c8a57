"""Pledges and webhooks: targets 1, 2, 5 and 6, through the whole API with the provider answering at once."""

import itertools
import json
import statistics
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import stripe
from django.conf import settings

from campaigns.models import Campaign, CampaignVersion
from cms.core import jobs
from funding.models import Escrow, Reward
from funding.services import commanding
from tests import databases
from tests.bench import bare
from tests.bench.crowd import crowd
from tests.bench.lines import Line
from tests.bench.meter import Asker, ratio
from tests.bench.scene import build, copy_of
from tests.factories.scripted import ScriptedGateway

SECONDS, PASSES, PEOPLE = 3, 3, 8


class Town:
    """A thousand campaigns that take pledges, and people who place them."""

    def __init__(self, campaigns: int) -> None:
        scene = build(many=campaigns - 1)
        self.hot = scene.campaign.key
        self.keys = list(Campaign.objects.order_by("pk").values_list("key", flat=True))
        _give_rewards_and_versions(scene.campaign)
        self.reward, self.ask = scene.reward, Asker()
        self._turns = itertools.count()

    def pledge(self, person: int, campaign: str = "", key: str = "", email: str = "") -> None:
        """One request; the campaign is the next of all where none is named."""
        campaign = campaign or self.keys[(person * 101 + next(self._turns)) % len(self.keys)]
        body = {
            "email": email or f"{uuid.uuid4()}@example.com", "lines": [{"reward": self.reward, "quantity": 1}],
            "country": "CN",
        }  # fmt: skip
        answer = self.ask(
            f"/api/v2/campaigns/{campaign}/pledges/", method="POST", body=body,
            idempotency_key=key or str(uuid.uuid4()),
        )  # fmt: skip
        assert answer.status == 201, answer.body


def _give_rewards_and_versions(campaign: Campaign) -> None:
    """What backers choose and what they see, to the copies of a campaign."""
    shown = list(CampaignVersion.objects.filter(campaign=campaign))
    CampaignVersion.objects.bulk_create(
        copy_of(version, campaign_id=other)
        for other in Campaign.objects.exclude(pk=campaign.pk).values_list("pk", flat=True)
        for version in shown
    )
    given = list(Reward.objects.filter(escrow=campaign.escrow))
    Reward.objects.bulk_create(
        copy_of(reward, escrow_id=escrow, reserved=0, sold=0)
        for escrow in Escrow.objects.exclude(pk=campaign.escrow_id).values_list("pk", flat=True)
        for reward in given
    )


@contextmanager
def no_provider(delay: Callable[[], float] = lambda: 0.0) -> Iterator[None]:
    """The provider answers at once, or after a while, and no worker is nudged."""
    gateway = ScriptedGateway()
    answer = gateway.create_checkout

    def create(request: Any) -> Any:
        time.sleep(delay())
        return answer(request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gateway, "create_checkout", create)
        patch.setattr(commanding, "get_gateway", lambda name="stripe": gateway)
        patch.setattr(jobs, "enqueue", lambda *_: None)
        yield


def measure() -> Iterator[Line]:
    """A town of its own, and the yardstick in the same database."""
    with databases.cloned(), no_provider(), tempfile.TemporaryDirectory() as folder:
        town = Town(bare.CAMPAIGNS)
        bare.prepare()
        yield from _against_the_limit(town, Path(folder))
        yield from _repeated(town)
        yield from _beside_a_slow_one(town)


def _against_the_limit(town: Town, folder: Path) -> Iterator[Line]:
    passes = []
    for _ in range(PASSES):
        limit = bare.bare_pledges(folder, seconds=SECONDS)
        spread = crowd(town.pledge, people=PEOPLE, seconds=SECONDS).rate
        hot = crowd(lambda person: town.pledge(person, town.hot), people=PEOPLE, seconds=SECONDS).rate
        passes.append((spread / limit, hot / spread, spread, hot))
    found = [statistics.median(column) for column in zip(*passes, strict=True)]
    yield Line("1", "pledge endpoint over 1,000 campaigns", found[0], 0.08, 0.25, most=False, unit=" P")
    yield Line("2", "one hot campaign / spread", found[1], 0.5, 0.7, most=False)
    yield Line("", "the same as pledges/s, spread, on this machine", found[2])
    yield Line("", "the same as pledges/s, on one hot campaign", found[3])


def _repeated(town: Town) -> Iterator[Line]:
    town.pledge(0, town.hot, "again", "again@example.com")
    value = ratio(lambda: town.pledge(0), lambda: town.pledge(0, town.hot, "again", "again@example.com"))
    yield Line("5", "idempotent replay / new pledge, time", value, 0.5, 0.25)
    body = json.dumps({
        "id": "evt_bench", "object": "event", "type": "checkout.session.completed", "livemode": False,
        "data": {"object": {"id": "cs_unknown", "object": "checkout.session", "metadata": {}}},
    })  # fmt: skip
    settings.STRIPE_WEBHOOK_SECRET, settings.STRIPE_LIVEMODE = "whsec_bench", False
    value = ratio(lambda: town.pledge(0), lambda: _hear(town, body))
    yield Line("5", "webhook replay / new pledge, time", value, 0.5, 0.25)
    yield Line("", "webhooks heard a second, each new", crowd(lambda _: _hear(town, body, new=True), people=4,
                                                             seconds=SECONDS).rate)  # fmt: skip


def _hear(town: Town, body: str, *, new: bool = False) -> None:
    if new:
        body = body.replace("evt_bench", f"evt_{uuid.uuid4().hex}")
    signed = stripe.WebhookSignature.generate_signature_header(body, "whsec_bench", int(time.time()))
    answer = town.ask("/webhooks/stripe/", method="POST", body=json.loads(body), stripe_signature=signed)
    assert answer.status == 200, answer.body


def _beside_a_slow_one(town: Town) -> Iterator[Line]:
    """Whether backers wait for another backer's provider: four of them, while four more wait for a second each."""

    def act(person: int) -> None:
        town.pledge(person, town.hot)

    rates = []
    for _ in range(PASSES):
        alone = crowd(act, people=4, seconds=SECONDS).rate
        waiting: list[int] = []
        with no_provider(lambda waiting=waiting: 1.0 if waiting else 0.0):

            def some_wait(person: int, waiting: list[int] = waiting) -> None:
                if person >= 4 and not waiting:
                    waiting.append(person)
                act(person)

            pace = crowd(some_wait, people=8, seconds=SECONDS)
        quick = sum(duration < 1 for duration in pace.durations) / pace.seconds
        rates.append(100 * (1 - quick / alone))
    yield Line("6", "throughput lost by others when the provider takes 1 s", statistics.median(rates), 20, 5, unit=" %")
