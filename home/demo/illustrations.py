"""The demo draws its own pictures: layered cut paper, one palette family per field, never a photograph."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from random import Random
from types import MappingProxyType
from typing import NamedTuple

from PIL import Image

from home.demo.art import figures, interiors, landscapes, patterns, portraits, products
from home.demo.art.palettes import Palette, palette_for
from home.demo.art.paper import Paper

CARD = (1800, 1200)
WIDE = (1920, 1080)
SQUARE = (800, 800)

Scene = Callable[[Paper, Palette], None]


class Subject(NamedTuple):
    """What is drawn, and the family its colours come from."""

    scene: Scene
    family: str


SUBJECTS: Mapping[str, Subject] = MappingProxyType({
    "tea-terraces": Subject(landscapes.tea_terraces, "village"),
    "tea-leaves": Subject(patterns.tea_leaves, "village"),
    "orchard": Subject(landscapes.orchard, "harvest"),
    "drying-racks": Subject(patterns.drying_racks, "harvest"),
    "wetland": Subject(landscapes.wetland, "charity"),
    "dhow": Subject(landscapes.dhow, "sea"),
    "waves": Subject(patterns.waves, "sea"),
    "fitness-band": Subject(products.fitness_band, "technology"),
    "paper-watch": Subject(products.paper_watch, "technology"),
    "speaker": Subject(products.speaker, "technology"),
    "chess-robot": Subject(figures.chess_robot, "technology"),
    "hiking-map": Subject(products.hiking_map, "books"),
    "vinyl-record": Subject(products.vinyl_record, "stage"),
    "night-market": Subject(interiors.night_market, "night"),
    "board-game": Subject(products.board_game, "games"),
    "garage-kit": Subject(figures.garage_kit, "games"),
    "wood-kiln": Subject(interiors.wood_kiln, "fire"),
    "bowls": Subject(interiors.bowls, "craft"),
    "bamboo-lantern": Subject(interiors.bamboo_lantern, "craft"),
    "woven": Subject(patterns.woven, "craft"),
    "opera-figure": Subject(figures.opera_figure, "arts"),
    "children-library": Subject(interiors.children_library, "charity"),
    "valley-road": Subject(interiors.valley_road, "village"),
    "city-birds": Subject(figures.city_birds, "books"),
    "reading-lamp": Subject(figures.reading_lamp, "books"),
    "kindling": Subject(patterns.kindling, "harvest"),
})  # fmt: skip

PORTRAIT_FAMILIES = ("technology", "craft", "books", "harvest", "village", "charity", "sea")


def draw(subject: str, *, seed: int, size: tuple[int, int] = CARD) -> Image.Image:
    """The picture of a subject: same seed and size, same pixels. An unknown subject is a KeyError."""
    chosen = SUBJECTS[subject]
    return _paint(chosen.scene, chosen.family, name=subject, seed=seed, size=size)


def avatar(name: str, *, seed: int = 0, size: tuple[int, int] = SQUARE) -> Image.Image:
    """A paper-cut portrait that belongs to a name."""
    family = PORTRAIT_FAMILIES[_number(name, seed) % len(PORTRAIT_FAMILIES)]
    return _paint(portraits.portrait, family, name=name, seed=seed, size=size)


def _paint(scene: Scene, family: str, *, name: str, seed: int, size: tuple[int, int]) -> Image.Image:
    rng = Random(_number(name, seed))  # noqa: S311 — a picture, not a secret
    palette = palette_for(family, rng)
    paper = Paper(size, palette.ground, rng=rng)
    scene(paper, palette)
    return paper.finish()


def _number(name: str, seed: int) -> int:
    # Python's own hash() differs from process to process.
    return int.from_bytes(hashlib.sha256(f"{name}:{seed}".encode()).digest()[:8])
