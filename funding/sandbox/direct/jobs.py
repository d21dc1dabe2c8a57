"""What becomes due by the stand-ins' clock: refunds arrive, callbacks go out."""

import threading

from funding.sandbox.direct import alipay_notices, notices, wechat_notices, wechat_orders
from funding.sandbox.direct.world import DirectWorld

__all__ = ["alipay_notices", "wechat_notices", "work"]  # the letters are registered by being imported

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
        notices.deliver_due(world)
    finally:
        _working.release()
