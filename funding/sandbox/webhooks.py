"""The thread that delivers webhooks: signed at each attempt, retried with backoff, every attempt recorded."""

import http.client
import json
import logging
import threading
import time
from sqlite3 import Row
from typing import Final
from urllib.parse import urlsplit

from funding.sandbox.signatures import sign
from funding.sandbox.world import World

logger = logging.getLogger(__name__)

TIMEOUT: Final = 10
FIRST_RETRY: Final = 1.0
LONGEST_RETRY: Final = 60.0
MOST_FAILURES: Final = 20
IDLE: Final = 0.1


class Deliverer(threading.Thread):
    """Sends what is due, in order, until told to stop."""

    def __init__(self, world: World) -> None:
        super().__init__(name="webhooks", daemon=True)
        self._world = world
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Finish the attempt at hand and end."""
        self._stopping.set()
        self._world.deliver_now.set()

    def run(self) -> None:
        """Deliver until stopped."""
        while not self._stopping.is_set():
            self._world.deliver_now.clear()
            try:
                sent = self.deliver_due()
            except Exception:
                logger.exception("webhook delivery failed")
                sent = 0
            if not sent:
                self._world.deliver_now.wait(IDLE)

    def deliver_due(self) -> int:
        """Make one attempt at every delivery that is due; returns how many."""
        rows = self._world.store.rows(
            "SELECT * FROM deliveries WHERE state IN ('pending', 'held') AND due <= ? ORDER BY due, id LIMIT 50",
            (time.time(),),
        )
        for row in rows:
            if self._stopping.is_set():
                break
            self._deliver(row)
        return len(rows)

    def _deliver(self, row: Row) -> None:
        attempts = json.loads(row["attempts"])
        signature = row["signature"]
        status = 0
        for _ in range(row["copies"] if not attempts else 1):
            signature = sign(row["body"], row["secret"], self._world.clock.timestamp())
            status = post(row["url"], row["body"], signature)
            attempts.append({"status": status, "at": self._world.clock.now()})
        delivered = 200 <= status < 300
        failures = row["failures"] + (0 if delivered else 1)
        state = "delivered" if delivered else ("failed" if failures >= MOST_FAILURES else "pending")
        due = time.time() + min(FIRST_RETRY * 2 ** max(failures - 1, 0), LONGEST_RETRY)
        with self._world.store.transaction():
            self._world.store.run(
                "UPDATE deliveries SET attempts = ?, signature = ?, state = ?, failures = ?, due = ? WHERE id = ?",
                (json.dumps(attempts), signature, state, failures, due, row["id"]),
            )
            if delivered and row["state"] == "pending":
                self._release_held(row["endpoint"], row["id"])

    def _release_held(self, endpoint: str, after: int) -> None:
        """A reordered webhook goes out once a later one has arrived; several go out last first."""
        held = self._world.store.rows(
            "SELECT id FROM deliveries WHERE state = 'held' AND endpoint = ? AND id < ? ORDER BY id DESC",
            (endpoint, after),
        )
        for position, row in enumerate(held):
            due = time.time() + position / 1_000_000
            self._world.store.run("UPDATE deliveries SET state = 'pending', due = ? WHERE id = ?", (due, row["id"]))


def post(url: str, body: str, signature: str) -> int:
    """One attempt: the HTTP status, or 0 when no answer came."""
    parts = urlsplit(url)
    factory = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = factory(parts.netloc, timeout=TIMEOUT)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Stripe-Signature": signature,
    }
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", path or "/", body.encode(), headers)
        response = connection.getresponse()
        response.read()
        return response.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
