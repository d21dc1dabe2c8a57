"""Draws the demo's pictures ahead of their use, in processes of their own, and keeps them as files."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from types import TracebackType

from home.demo import illustrations
from home.demo.shapes import Picture

ART = Path(__file__).parent / "art"


def draw_into(path: Path, subject: str, seed: int, *, portrait: bool) -> None:
    """Write one picture as JPEG, whole or not at all. Runs in a process that knows no Django."""
    picture = illustrations.avatar(subject, seed=seed) if portrait else illustrations.draw(subject, seed=seed)
    unfinished = path.with_suffix(f".{os.getpid()}.part")
    picture.save(unfinished, "JPEG", quality=88)
    unfinished.replace(path)


class Easel:
    """Pictures by subject and seed. `order` begins one in the background, `file` waits until it is there.

    Drawn files stay in `folder`, named after what is drawn and how, so that a second run draws nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._hand = _hand()
        self._drawn: dict[Path, Future[None]] = {}
        # A fresh interpreter: a fork would share the database's connection.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(max_workers=min(2, os.cpu_count() or 1), mp_context=context)

    def __enter__(self) -> Easel:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def order(self, picture: Picture) -> None:
        """Begin an illustration."""
        self._begin(picture.subject, picture.seed, portrait=False)

    def order_portrait(self, name: str, seed: int) -> None:
        """Begin a portrait."""
        self._begin(name, seed, portrait=True)

    def file(self, picture: Picture) -> Path:
        """Where an illustration is, once it is drawn."""
        return self._wait(self._begin(picture.subject, picture.seed, portrait=False))

    def portrait(self, name: str, seed: int) -> Path:
        """Where a portrait is, once it is drawn."""
        return self._wait(self._begin(name, seed, portrait=True))

    def _begin(self, subject: str, seed: int, *, portrait: bool) -> Path:
        name = hashlib.sha256(f"{self._hand}:{portrait}:{subject}:{seed}".encode()).hexdigest()[:16]
        path = self._folder / f"{name}.jpg"
        if path not in self._drawn and not path.exists():
            self._drawn[path] = self._pool.submit(draw_into, path, subject, seed, portrait=portrait)
        return path

    def _wait(self, path: Path) -> Path:
        if path in self._drawn:
            self._drawn[path].result()
        return path


def _hand() -> str:
    """Changes when anything in the way of drawing does."""
    digest = hashlib.sha256()
    for source in [*sorted(ART.glob("*.py")), Path(illustrations.__file__)]:
        digest.update(source.read_bytes())
    return digest.hexdigest()
