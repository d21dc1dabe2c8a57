"""What every handler is given: the world (store, clock, addresses) and the call at hand."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from funding.sandbox.clock import Clock
from funding.sandbox.errors import missing
from funding.sandbox.store import PLATFORM, Json, Store

PLATFORM_ID = "acct_1LocalPlatform"


@dataclass
class World:
    """The parts that live as long as the process."""

    store: Store
    clock: Clock
    public_url: str
    deliver_now: threading.Event = field(default_factory=threading.Event)

    def schedule(self, kind: str, subject: str, *, after: float) -> None:
        """Put work on the sandbox's clock; `jobs.run_due` does it."""
        self.schedule_at(kind, subject, due=self.clock.now() + after)

    def schedule_at(self, kind: str, subject: str, *, due: float) -> None:
        """Put work at an instant of the sandbox's clock."""
        self.store.run("INSERT INTO jobs (due, kind, subject) VALUES (?, ?, ?)", (due, kind, subject))


@dataclass
class Call:
    """One API request, validated."""

    world: World
    params: Json = field(default_factory=dict)
    path_ids: tuple[str, ...] = ()
    path: str = ""
    account: str = PLATFORM
    request_id: str | None = None
    idempotency_key: str | None = None

    @property
    def store(self) -> Store:
        """The store."""
        return self.world.store

    @property
    def id(self) -> str:
        """The first id of the path."""
        return self.path_ids[0]

    def find(self, kind: str, id: str, *, param: str | None = None, noun: str | None = None) -> Json:
        """The object, within the account that the call speaks for; 404, or 400 when a parameter names it."""
        found = self.store.get(id, kind=kind, account=self.account)
        if found is None:
            raise missing(noun or kind, id, param=param or "id", status=400 if param else 404)
        return found


Handler = Callable[[Call], Any]


@dataclass(frozen=True)
class Route:
    """One endpoint: its method, its path (a regular expression) and the TypedDict of its parameters."""

    method: str
    pattern: str
    handler: Handler
    params: Any
