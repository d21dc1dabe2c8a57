"""Idempotency keys, as Stripe treats them."""

import hashlib
import json
import threading
from dataclasses import dataclass

from funding.sandbox.errors import ApiError
from funding.sandbox.store import Json
from funding.sandbox.world import World

LIFETIME = 24 * 3600
"""Seconds of the sandbox's clock that a key is remembered."""


@dataclass(frozen=True)
class Remembered:
    """An answer that was given before."""

    request_id: str
    status: int
    body: Json


def fingerprint(method: str, path: str, params: Json) -> str:
    """What makes two requests the same."""
    return hashlib.sha256(json.dumps([method, path, params], sort_keys=True).encode()).hexdigest()


class InFlight:
    """The keys whose first request has not been answered yet."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def enter(self, account: str, key: str) -> None:
        """Claim a key; ApiError 409 while another request holds it."""
        with self._lock:
            if (account, key) in self._keys:
                raise ApiError(
                    f"There is currently another in-progress request using this Idempotent Key: {key}",
                    status=409, type="idempotency_error", code="idempotency_key_in_use", replayable=False,
                )  # fmt: skip
            self._keys.add((account, key))

    def leave(self, account: str, key: str) -> None:
        """Give the key up."""
        with self._lock:
            self._keys.discard((account, key))


def recall(world: World, *, account: str, key: str, fingerprint: str) -> Remembered | None:
    """The answer given before under this key; ApiError 400 when the request differs from the first one."""
    found = world.store.rows("SELECT * FROM keys WHERE account = ? AND key = ?", (account, key))
    if not found:
        return None
    if found[0]["created"] + LIFETIME <= world.clock.now():
        world.store.run("DELETE FROM keys WHERE account = ? AND key = ?", (account, key))
        return None
    if found[0]["fingerprint"] != fingerprint:
        raise ApiError(
            "Keys for idempotent requests can only be used with the same parameters they were first used with. "
            f"Try using a key other than '{key}' if you meant to execute a different request.",
            type="idempotency_error", replayable=False,
        )  # fmt: skip
    return Remembered(found[0]["request_id"], found[0]["status"], json.loads(found[0]["answer"]))


def remember(
    world: World, *, account: str, key: str, fingerprint: str, request_id: str, status: int, body: Json
) -> None:
    """Keep an answer, in the transaction that made it true."""
    world.store.run(
        "INSERT OR REPLACE INTO keys (account, key, fingerprint, created, request_id, status, answer)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (account, key, fingerprint, world.clock.now(), request_id, status, json.dumps(body)),
    )
