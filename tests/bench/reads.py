"""Reads and the statements of a pledge: targets 3 and 11 to 15, on one launched campaign among a few hundred."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore

from cms.core.api.anonymous import recent
from tests import databases
from tests.bench.lines import Line
from tests.bench.meter import Answer, Asker, ratio, statements
from tests.bench.scene import Scene, build
from tests.bench.served import Served, running
from tests.funding.sandbox_server import API_KEY, running_sandbox


def measure() -> Iterator[Line]:
    """All lines, on a database of their own with the local Stripe and the real server beside it."""
    with databases.cloned(), running_sandbox() as sandbox:
        settings.STRIPE_API_BASE, settings.STRIPE_SECRET_KEY = sandbox.url, API_KEY
        scene = build()
        with running(databases.current_url()) as served:
            yield from Reads(scene, served).lines()


class Reads:
    """The lines, on one scene."""

    def __init__(self, scene: Scene, served: Served) -> None:
        self.scene, self.ask, self.served = scene, Asker(), served
        self.detail = f"/api/v2/campaigns/{scene.campaign.key}/"

    def get(
        self, target: str, *, cookie: str = "", status: int = 200, served: bool = False, **headers: str
    ) -> Callable[[], Answer]:
        """Asks for an address, in this process or of the server, and insists on the status."""

        def ask() -> Answer:
            answer = (self.served if served else self.ask)(target, cookie=cookie, **headers)
            assert answer.status == status, f"{target}: {answer.status}"
            return answer

        return ask

    def lines(self) -> list[Line]:
        """All that is measured so far."""
        return [*self.pledging(), *self.reading(), *self.pages(), *self.conditional()]

    def count(
        self, number: str, what: str, ask: Callable[[], Any], must: int | None, aim: int | None, *, warm: bool = True
    ) -> Line:
        """A line about statements."""
        sql = statements(ask, warm=warm)
        return Line(number, what, len(sql), must, aim, sql=tuple(sql), exact=True)

    def pledging(self) -> list[Line]:
        """Target 3."""
        for _ in range(2):
            self._pledge()
        return [self.count("3", "SQL statements of a pledge request", self._pledge, 16, 8, warm=False)]

    def _pledge(self) -> None:
        body = {
            "email": f"{uuid.uuid4()}@example.com", "lines": [{"reward": self.scene.reward, "quantity": 1}],
            "country": "CN",
        }  # fmt: skip
        answer = self.ask(f"{self.detail}pledges/", method="POST", body=body, idempotency_key=str(uuid.uuid4()))
        assert answer.status == 201, answer.body

    def reading(self) -> list[Line]:
        """Targets 11 and 12."""
        cards = "/api/v2/campaigns/?limit=20"
        return [
            self.count("11", "list of 20 cards: queries", self.get(cards), 6, 2),
            self.speed("11", "list of 20 cards: requests/s", cards, 0.10, 0.25),
            self.count("12", "detail: queries", self.get(self.detail), 8, 3),
            self.speed("12", "detail: requests/s", self.detail, 0.05, 0.20),
        ]

    def speed(self, number: str, what: str, target: str, must: float, aim: float) -> Line:
        """A line about requests a second, as a share of the yardstick's under the same server."""
        value = ratio(self.get(target, served=True), self.get("/hello", served=True))
        return Line(number, what, value, must, aim, most=False, unit=" H")

    def pages(self) -> list[Line]:
        """Target 14."""
        session = SessionStore()
        session.update({
            "_auth_user_id": str(self.scene.backer.pk),
            "_auth_user_backend": settings.AUTHENTICATION_BACKENDS[0],
            "_auth_user_hash": self.scene.backer.get_session_auth_hash(),
        })  # fmt: skip
        session.save()
        signed_in = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
        return [
            self.count("14", "HTML campaign page: queries", self.get(self.scene.path), 15, 6),
            # The session's own statements stand in nobody's target.
            self.count("", "the same, for a backer signed in", self.get(self.scene.path, cookie=signed_in), None, None),
        ]

    def conditional(self) -> list[Line]:
        """Target 15: of three answers, within the second that a validator is trusted, and after it."""
        numbers, cards = f"{self.detail}funding/", "/api/v2/campaigns/?limit=20"
        return [line for name, address in (("list", cards), ("detail", self.detail), ("live numbers", numbers))
                for line in self._unchanged(name, address)]  # fmt: skip

    def _unchanged(self, name: str, address: str) -> list[Line]:
        tag = self.get(address)().headers["ETag"]
        known = self.get(address, status=304, if_none_match=tag)

        def late() -> None:
            recent.forget()
            known()

        value = ratio(self.get(address, status=304, served=True, if_none_match=tag), self.get(address, served=True))
        return [
            self.count("15", f"304 of the {name}: queries", known, 1, 0),
            self.count("15", "the same, asked by nobody for a second: queries", late, 1, 0),
            Line("15", f"304 / its own 200 of the {name}, requests/s", value, 2, 4, most=False, unit="×"),
        ]
