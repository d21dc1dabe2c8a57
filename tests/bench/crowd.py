"""Many at once, as processes: how often a second, and how long each took."""

import multiprocessing
import resource
import statistics
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from django.db import connections

_fork = multiprocessing.get_context("fork")


@dataclass(frozen=True)
class Pace:
    """What a crowd did: all durations in seconds, of all its people."""

    durations: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        """How often a second."""
        return len(self.durations) / self.seconds

    @property
    def p99(self) -> float:
        """The duration that one in a hundred exceeds."""
        return statistics.quantiles(self.durations, n=100)[98]


def crowd(act: Callable[[int], Any], *, people: int, seconds: float) -> Pace:
    """Let so many processes act again and again; `act` gets the person's number. Patches of the parent hold there."""
    connections.close_all()
    barrier, told = _fork.Barrier(people + 1), _fork.SimpleQueue()
    children = [_fork.Process(target=_live, args=(act, person, seconds, barrier, told)) for person in range(people)]
    for child in children:
        child.start()
    with suppress(threading.BrokenBarrierError):
        # One that fails breaks it, and says why.
        barrier.wait(60)
    answers = [told.get() for _ in children]
    for child in children:
        child.join()
    if failed := [answer for answer in answers if isinstance(answer, str)]:
        raise RuntimeError(failed[0])
    return Pace([duration for answer in answers for duration in answer], seconds)


def _live(act: Callable[[int], Any], person: int, seconds: float, barrier: Any, told: Any) -> None:
    try:
        act(person)  # connects and warms up
        barrier.wait(60)
        durations, until = [], time.perf_counter() + seconds
        while (begun := time.perf_counter()) < until:
            act(person)
            durations.append(time.perf_counter() - begun)
        told.put(durations)
    except Exception:
        barrier.abort()
        told.put(traceback.format_exc())


def apart(act: Callable[[], Any]) -> tuple[float, int]:
    """Do something in a process of its own: seconds it took, and by how many KB its memory grew meanwhile."""
    connections.close_all()
    told = _fork.SimpleQueue()
    child = _fork.Process(target=_once, args=(act, told))
    child.start()
    child.join()
    if child.exitcode:
        raise RuntimeError("what was measured failed")
    return told.get()


def _once(act: Callable[[], Any], told: Any) -> None:
    before, begun = _memory(), time.perf_counter()
    act()
    told.put((time.perf_counter() - begun, _memory() - before))


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@contextmanager
def in_background(act: Callable[[], Any]) -> Iterator[int]:
    """Something that goes on in a process of its own meanwhile; its process id. It is waited for at the end."""
    connections.close_all()
    child = _fork.Process(target=act)
    child.start()
    try:
        yield child.pid or 0
    finally:
        child.join()
