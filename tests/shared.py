"""Scenes that many tests begin with, built once for a run of tests, each of which sees them untouched.

- A test names a scene by asking for the fixture of its name (`site`, `launched`, …).
- Tests that are rolled back: the scene is built in a transaction that stays open beneath them, and each runs in a
  savepoint upon it. The next test that begins with another scene, or with nothing, ends it.
- Tests that commit: their clone is made of a database in which the scene was built, instead of the template.

What a scene returns is given to each test as a copy of its own. Rows and what it returns are all that is shared:
caches are emptied after each test, settings are as the test has set them.
"""

import copy
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction

from tests import databases


@dataclass(frozen=True, eq=False)
class Scene:
    """How to build it, and upon what other scene."""

    name: str
    build: Callable[..., Any]
    upon: "Scene | None" = None

    @property
    def layers(self) -> "tuple[Scene, ...]":
        """All that it stands upon, from below, and itself."""
        return (*(self.upon.layers if self.upon else ()), self)

    def play(self, values: "dict[Scene, Any]") -> None:
        """Build it and note what it returned; what it stands upon is there."""
        beneath = [copy.deepcopy(values[self.upon])] if self.upon else []
        values[self] = self.build(*beneath)


@dataclass
class _Stage:
    """Scenes that were built, with what they returned; the transactions of those that tests are rolled back upon."""

    values: dict[Scene, Any] = field(default_factory=dict)
    opened: list[tuple[Scene, transaction.Atomic]] = field(default_factory=list)


_scenes: dict[str, Scene] = {}
_stage = _Stage()
_databases: dict[Scene, tuple[str, dict[Scene, Any]]] = {}
_kept = ExitStack()
_wanted: Scene | None = None


def scene(build: Callable[..., Any]) -> Any:
    """In place of `pytest.fixture`: what the function builds is shared. Its parameter, if any, is the scene beneath."""
    beneath = [_scenes[name] for name in inspect.signature(build).parameters]
    made = _scenes[build.__name__] = Scene(build.__name__, build, *beneath)

    # Whoever asks for `transactional_db`, too, commits.
    def shown(db: None) -> Any:
        return copy.deepcopy(_stage.values[made])

    shown.__doc__ = build.__doc__
    return pytest.fixture(name=made.name)(shown)


def choose(item: pytest.Item) -> None:
    """Remember which scene a test begins with: the highest that it asks for."""
    global _wanted
    asked = [_scenes[name] for name in getattr(item, "fixturenames", ()) if name in _scenes]
    _wanted = max(asked, key=lambda one: len(one.layers), default=None)
    assert all(one in _wanted.layers for one in asked if _wanted), f"{item.nodeid} asks for scenes side by side"


def enter() -> None:
    """Before a test that is rolled back: build what it wants and is not there, end what it does not want."""
    layers = _wanted.layers if _wanted else ()
    there = [one for one, _ in _stage.opened]
    common = 0
    while common < min(len(layers), len(there)) and layers[common] is there[common]:
        common += 1
    leave(common)
    for layer in layers[common:]:
        atomic = transaction.atomic()
        atomic.__enter__()
        _stage.opened.append((layer, atomic))
        try:
            layer.play(_stage.values)
        except BaseException:
            leave()
            raise


def leave(keep: int = 0) -> None:
    """Undo all scenes but the lowest few."""
    while len(_stage.opened) > keep:
        layer, atomic = _stage.opened.pop()
        _stage.values.pop(layer, None)
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def database() -> str | None:
    """Before a test that commits: the database to clone; None for the template."""
    leave()
    if _wanted is None:
        return None
    if _wanted not in _databases:
        _databases[_wanted] = _kept.enter_context(_prepared(_wanted))
    name, values = _databases[_wanted]
    _stage.values.update(values)
    return name


@contextmanager
def _prepared(wanted: Scene) -> Iterator[tuple[str, dict[Scene, Any]]]:
    with databases.copied() as name:
        with databases.connected_to(name):
            values: dict[Scene, Any] = {}
            for layer in wanted.layers:
                layer.play(values)
        yield name, values


def close() -> None:
    """At the end of all tests."""
    leave()
    _kept.close()
