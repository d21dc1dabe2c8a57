"""Work that becomes due on the sandbox's clock."""

import logging
from collections.abc import Callable
from typing import Final

from funding.sandbox import checkout, paying, payouts, refunds
from funding.sandbox.world import World

logger = logging.getLogger(__name__)


def _expire_session(world: World, subject: str) -> None:
    session = world.store.get(subject)
    if session and session["status"] == "open":
        checkout.expire_session(world, session)


JOBS: Final[dict[str, Callable[[World, str], None]]] = {
    "expire_session": _expire_session,
    "succeed_late": lambda world, subject: paying.finish_late(world, subject, fails=False),
    "fail_late": lambda world, subject: paying.finish_late(world, subject, fails=True),
    "finish_refund": refunds.finish,
    "fail_refund": refunds.fail,
    "funds_arrived": refunds.settle_waiting,
    "pay_payout": payouts.arrive,
}


def run_due(world: World) -> int:
    """Do everything that is due by now, in order of time, each in its own transaction; returns how many."""
    done = 0
    while True:
        due = world.store.rows(
            "SELECT id, kind, subject FROM jobs WHERE due <= ? ORDER BY due, id LIMIT 100",
            (world.clock.now(),),
        )
        if not due:
            return done
        for job in due:
            try:
                with world.store.transaction():
                    if world.store.run("DELETE FROM jobs WHERE id = ?", (job["id"],)):
                        JOBS[job["kind"]](world, job["subject"])
                        done += 1
            except Exception:
                logger.exception("job %s of %s failed", job["kind"], job["subject"])
                world.store.run("DELETE FROM jobs WHERE id = ?", (job["id"],))
        world.deliver_now.set()
