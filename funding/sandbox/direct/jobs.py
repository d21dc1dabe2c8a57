"""What becomes due by the stand-ins' clock: refunds arrive, callbacks go out."""

import threading

from funding.sandbox.direct import wechat_notices, wechat_orders
from funding.sandbox.direct.world import DirectWorld

_working = threading.Lock()


def work(world: DirectWorld) -> None:
    """Do all that is due; whoever comes second leaves it to the first."""
    if not _working.acquire(blocking=False):
        return
    try:
        with world.store.transaction():
            due = world.store.rows("SELECT id, subject FROM jobs WHERE due <= ? ORDER BY due, id", (world.clock.now(),))
            for job in due:
                world.store.run("DELETE FROM jobs WHERE id = ?", (job["id"],))
                wechat_orders.arrive(world, job["subject"])
        wechat_notices.deliver_due(world)
    finally:
        _working.release()
