"""The registry of sweeps: what is looked for every minute, so that nothing depends on a nudge."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)


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
