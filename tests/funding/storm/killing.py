"""Workers that are killed: forked, so that hundreds of them can die in a minute, each in a world of its own.

A world is a copy of the scene's database and of the local Stripe's store; the local Stripe is a process that answers
over HTTP, as always.
"""

import multiprocessing
import os
import shutil
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from cms.core import clock, sweeps
from funding.models import Escrow, GatewayCommand, Payment
from funding.sandbox.process import serve
from funding.sandbox.server import service
from funding.services.auditing import audit_ledger
from tests import databases
from tests.funding.sandbox_server import Sandbox, eventually
from tests.funding.storm.books import Books, books, difference

_fork = multiprocessing.get_context("fork")
ENDS = ("released", "refunded")


class Deadly:
    """Counts statements, and kills its own process before the one with that number."""

    def __init__(self, number: int = 0) -> None:
        self.number, self.count = number, 0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        self.count += 1
        if self.count == self.number:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(*statement)


def forked(work: Callable[..., None], *args: Any) -> int:
    """Run something in a process of its own; its exit status, negative for a signal."""
    connection.close()
    process = _fork.Process(target=_run, args=(work, *args))
    process.start()
    process.join()
    return process.exitcode or 0


def _run(work: Callable[..., None], *args: Any) -> None:
    status = 1
    try:
        work(*args)
        status = 0
    except BaseException:
        traceback.print_exc()
    finally:
        # Nothing of pytest is tidied up here.
        os._exit(status)


class Stripe(Sandbox):
    """The local Stripe, forked from this process: it is there at once."""

    def start(self) -> None:
        self._child = _fork.Process(target=_run, args=(self._serve,))
        self._child.start()
        eventually(self._answers, seconds=20, what="the start of the local Stripe")

    def _serve(self) -> None:
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        serve(host="127.0.0.1", port=self.port, build=lambda address: service(address, store=self.store))

    def _answers(self) -> bool:
        assert self._child.is_alive()
        try:
            return bool(self.control("GET", "clock"))
        except OSError:
            return False

    def stop(self) -> int:
        os.kill(self._child.pid or 0, signal.SIGKILL)
        self._child.join()
        return 0


@contextmanager
def world(scene: str, store: Path, folder: Path, *, port: int) -> Iterator[Stripe]:
    """A copy of everything, as the default database and with its own local Stripe."""
    mine = folder / "stripe.sqlite3"
    for path in folder.glob("stripe.sqlite3*"):
        path.unlink()
    shutil.copy(store, mine)
    stripe = Stripe(mine, port=port)
    with databases.cloned(of=scene):
        connection.close()
        stripe.start()
        try:
            yield stripe
        finally:
            stripe.stop()


def settle(stripe: Sandbox, deadly: Deadly, report: Path | None = None) -> None:
    """What worker and beat do while time passes, until every campaign is settled or the process is dead."""
    with connection.execute_wrapper(deadly):
        for _ in range(12):
            sweep_once()
            if not Escrow.objects.exclude(state__in=ENDS).exists():
                break
            move_on(stripe, days=15 if Escrow.objects.filter(state="holding").exists() else 1)
        else:
            raise AssertionError(f"not settled: {list(Escrow.objects.values_list('key', 'state'))}")
    if report:
        report.write_text(str(deadly.count))


def sweep_once() -> None:
    """Every sweep of money's, once."""
    for sweep in sweeps.registered():
        if sweep.name.startswith("funding."):
            sweep.run()


def move_on(stripe: Sandbox, **by: float) -> None:
    """Time passes, here and at the provider."""
    clock.set_offset(clock.offset() + timedelta(**by))
    stripe.clock(clock.offset().total_seconds())


def wait_a_minute() -> None:
    """Leases of the dead run out; the pauses of the living end."""
    past = timezone.now() - timedelta(seconds=1)
    GatewayCommand.objects.filter(lease_until__isnull=False).update(lease_until=past)
    GatewayCommand.objects.filter(next_attempt_at__isnull=False).update(next_attempt_at=past)
    Payment.objects.update(polled_at=None)


def require_same(undisturbed: Books, stripe: Sandbox, told: str) -> None:
    """The same books as without a death, a ledger that holds, and one object at the provider for each key."""
    now = books()
    made = {"/v1/refunds": len(now["refunds"]), "/v1/transfers": len(now["payouts"])}
    assert now == undisturbed, f"{told}\n{difference(now, undisturbed)}"
    report = audit_ledger()
    assert report.ok, f"{told}\n" + "\n".join(map(str, report.problems))
    posts = [one for one in stripe.log()["requests"] if one["method"] == "POST"]
    for path in made:
        carried_out = [one for one in posts if one["path"] == path and one["status"] == 200 and not one["replayed"]]
        keys = [one["idempotency_key"] for one in carried_out]
        assert len(keys) == len(set(keys)) == made[path], f"{told}: {path} {sorted(keys)}"


@contextmanager
def alongside(work: Callable[..., None], *args: Any) -> Iterator[Any]:
    """A process beside this one; waited for at the end."""
    connection.close()
    process = _fork.Process(target=_run, args=(work, *args))
    process.start()
    try:
        yield process
    finally:
        process.join(300)
        if process.is_alive():
            process.kill()
            process.join()
