"""The registry of sweeps: what is looked for every minute, so that nothing depends on a nudge."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

logger = logging.getLogger(__name__)
T = TypeVar("T")

# Of one sweep that calls a provider: the others have to be done within the same minute.
SECONDS = 45


@dataclass(frozen=True)
class Sweep:
    """A named search for due work; returns how many things it did. Safe to run twice and side by side."""

    name: str
    run: Callable[[], int]
    rank: int


_registry: dict[str, Sweep] = {}


def register(name: str, run: Callable[[], int], *, rank: int = 50) -> None:
    """Add a sweep, in `AppConfig.ready()`. Lower ranks run first."""
    _registry[name] = Sweep(name, run, rank)


def registered() -> list[Sweep]:
    """All sweeps in the order in which they run."""
    return sorted(_registry.values(), key=lambda sweep: (sweep.rank, sweep.name))


class EnoughError(Exception):
    """Raised by what `each` does when the rest would fare no better now."""


def each(items: Iterable[T], do: Callable[[T], object], *, seconds: float = SECONDS) -> int:
    """Do one item after the other for at most so long; returns how many were done (their answer was true).

    One that fails is logged and holds up none behind it; the first error is raised at the end, so that it shows.
    What time doesn't suffice for is the next sweep's.
    """
    begun, done, first = time.monotonic(), 0, None
    for item in items:
        if time.monotonic() - begun > seconds:
            break
        try:
            done += bool(do(item))
        except EnoughError:
            break
        except Exception as error:
            logger.exception("One item of a sweep failed: %s. The others go on.", item)
            first = first or error
    if first is not None:
        raise first
    return done


def run_all() -> dict[str, int]:
    """Run every sweep once; one that fails is logged and does not stop the others."""
    done: dict[str, int] = {}
    for sweep in registered():
        try:
            done[sweep.name] = sweep.run()
        except Exception:
            logger.exception("Sweep %s failed; it runs again within a minute.", sweep.name)
            done[sweep.name] = -1
    return done
