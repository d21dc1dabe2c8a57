"""Outlines in design units: a picture is 1200 units high, its width follows from its shape."""

from __future__ import annotations

import math
from collections.abc import Iterable
from random import Random

Point = tuple[float, float]
Outline = list[Point]


def circle(x: float, y: float, radius: float, *, squash: float = 1.0, steps: int = 120) -> Outline:
    """A circle, or with ``squash`` an ellipse that is flatter (< 1) or taller (> 1)."""
    turn = math.tau / steps
    return [(x + radius * math.cos(i * turn), y + radius * squash * math.sin(i * turn)) for i in range(steps)]


def box(x: float, y: float, width: float, height: float, *, corner: float = 0.0) -> Outline:
    """A rectangle from its top left corner, its corners rounded by ``corner``."""
    if corner <= 0:
        return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
    corner = min(corner, width / 2, height / 2)
    centres = [
        (x + width - corner, y + corner, -90),
        (x + width - corner, y + height - corner, 0),
        (x + corner, y + height - corner, 90),
        (x + corner, y + corner, 180),
    ]
    return [point for cx, cy, start in centres for point in arc(cx, cy, corner, start, start + 90, steps=14)]


def arc(x: float, y: float, radius: float, start: float, end: float, *, steps: int = 48) -> Outline:
    """Points on a circle from ``start`` to ``end`` degrees, clockwise from the right."""
    span = math.radians(end - start)
    first = math.radians(start)
    return [
        (x + radius * math.cos(first + span * i / steps), y + radius * math.sin(first + span * i / steps))
        for i in range(steps + 1)
    ]


def band(x: float, y: float, inner: float, outer: float, start: float, end: float) -> Outline:
    """A piece of a ring."""
    return arc(x, y, outer, start, end) + arc(x, y, inner, end, start)


def arch(x: float, y: float, width: float, height: float) -> Outline:
    """A doorway with a round head; ``x`` is its middle and ``y`` its foot."""
    radius = width / 2
    head = arc(x, y - height + radius, radius, 180, 360, steps=64)
    return [(x - radius, y), *head, (x + radius, y)]


def leaf(x: float, y: float, length: float, width: float, angle: float, *, bend: float = 0.0) -> Outline:
    """A pointed leaf that grows from (x, y) towards ``angle`` degrees."""
    left: Outline = []
    right: Outline = []
    for i in range(25):
        t = i / 24
        half = width / 2 * math.sin(math.pi * t**0.8)
        middle = bend * length * math.sin(math.pi * t / 2) * t
        left.append((length * t, middle - half))
        right.append((length * t, middle + half))
    return place(left + right[::-1], x, y, angle=angle)


def regular(x: float, y: float, radius: float, sides: int, *, angle: float = -90) -> Outline:
    """A regular polygon."""
    return [
        (
            x + radius * math.cos(math.radians(angle + 360 * i / sides)),
            y + radius * math.sin(math.radians(angle + 360 * i / sides)),
        )
        for i in range(sides)
    ]


def smooth(points: Iterable[Point], *, closed: bool = False, per: int = 10) -> Outline:
    """A Catmull–Rom curve through the points."""
    knots = list(points)
    if len(knots) < 3:
        return knots
    ring = [knots[-1], *knots, knots[0], knots[1]] if closed else [knots[0], *knots, knots[-1]]
    curve: Outline = []
    for a, b, c, d in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        for i in range(per):
            t = i / per
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    if not closed:
        curve.append(knots[-1])
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)


def place(outline: Iterable[Point], x: float, y: float, *, angle: float = 0.0, scale: float = 1.0) -> Outline:
    """The outline turned and scaled about the origin, then moved to (x, y)."""
    cos, sin = math.cos(math.radians(angle)) * scale, math.sin(math.radians(angle)) * scale
    return [(x + px * cos - py * sin, y + px * sin + py * cos) for px, py in outline]


def mirror(outline: Iterable[Point], x: float) -> Outline:
    """The outline reflected about the vertical line at ``x``."""
    return [(2 * x - px, py) for px, py in outline]


def skyline(rng: Random, width: float, level: float, swing: float, *, knots: int = 7) -> Outline:
    """A gently rolling line from edge to edge."""
    step = width / (knots - 1)
    return smooth(
        [(i * step + (rng.uniform(-0.2, 0.2) * step if 0 < i < knots - 1 else 0),
          level + rng.uniform(-swing, swing)) for i in range(knots)], per=16,
    )  # fmt: skip


def hill(rng: Random, width: float, level: float, swing: float, *, knots: int = 7) -> Outline:
    """A sheet with a rolling upper edge that fills the picture below it."""
    return ground(skyline(rng, width + 160, level, swing, knots=knots), width)


def ground(line: Outline, width: float, *, foot: float = 1300) -> Outline:
    """The sheet below a line drawn from x = 0 to beyond ``width``."""
    shifted = [(px - 80, py) for px, py in line]
    return [*shifted, (width + 90, foot), (-90, foot)]


def peaks(rng: Random, width: float, level: float, height: float, *, count: int = 4) -> Outline:
    """Mountains with straight flanks and small shoulders, as scissors cut them."""
    step = (width + 300) / count
    points: Outline = [(-200, level)]
    for i in range(count):
        left = -150 + i * step
        top = left + step * rng.uniform(0.4, 0.6)
        rise = height * rng.uniform(0.62, 1.0)
        points += [
            (left + step * 0.22, level - rise * rng.uniform(0.34, 0.48)),
            (left + step * 0.32, level - rise * rng.uniform(0.5, 0.6)),
            (top, level - rise),
            (top + step * 0.14, level - rise * rng.uniform(0.62, 0.74)),
            (top + step * 0.26, level - rise * rng.uniform(0.44, 0.54)),
            (left + step, level - rise * rng.uniform(0.1, 0.24)),
        ]
    return [*points, (width + 200, 1300), (-200, 1300)]


def cloud(x: float, y: float, width: float) -> list[Outline]:
    """A flat-footed cloud of overlapping rounds, as in old woodcuts."""
    unit = width / 10
    return [
        circle(x - unit * 2.6, y - unit * 0.9, unit * 1.3),
        circle(x - unit * 0.6, y - unit * 1.6, unit * 1.9),
        circle(x + unit * 1.9, y - unit * 1.1, unit * 1.5),
        box(x - unit * 5, y - unit * 0.9, width, unit * 1.3, corner=unit * 0.65),
    ]
