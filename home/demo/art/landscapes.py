"""Places: terraces, orchards, water, mountains, each a pile of paper hills."""

from __future__ import annotations

import math
from itertools import pairwise
from random import Random

from home.demo.art.geometry import (
    Outline,
    arc,
    box,
    circle,
    cloud,
    ground,
    hill,
    leaf,
    peaks,
    place,
    skyline,
    smooth,
)
from home.demo.art.palettes import Palette
from home.demo.art.paper import Paper, Stencil, mix, shade

EMBER = (206, 84, 34)


def sun(paper: Paper, x: float, y: float, radius: float, c: Palette) -> None:
    """A disc of two sheets with a faint halo behind it."""
    paper.tint(Stencil(circle(x, y, radius * 1.7)), c.light, 0.55, blur=60)
    paper.lay(Stencil(circle(x, y, radius)), c.glow, lift=8, fall=0.3)
    paper.lay(Stencil(circle(x, y, radius * 0.72)), mix(c.glow, EMBER, 0.3), lift=4, fall=0.25)


def tea_terraces(paper: Paper, c: Palette) -> None:
    """Stepped tea rows under a low sun, a tiled roof, and the first leaves close by."""
    rng = paper.rng
    w = paper.width
    sun(paper, w * 0.68, 330, 150, c)
    paper.lay(Stencil(peaks(rng, w, 620, 430, count=4)), mix(c.ground, c.far, 0.75), lift=10)
    paper.lay(Stencil(*cloud(w * 0.24, 330, 330)), c.light, lift=9)
    paper.lay(Stencil(peaks(rng, w, 700, 300, count=6)), c.far, lift=12)
    paper.lay(Stencil(*cloud(w * 0.86, 520, 380)), c.light, lift=8)
    steps = 9
    for i in range(steps):
        t = i / (steps - 1)
        level = 590 + 560 * t**1.15
        tilt = 120 * math.cos(i * 0.62) * (0.35 + t)
        line = smooth([
            (0, level + tilt), (w * 0.22, level - 30 + tilt * 0.3), (w * 0.45, level + 36),
            (w * 0.7, level - 22 - tilt * 0.4), (w + 160, level - tilt * 0.7),
        ], per=20)  # fmt: skip
        colour = mix(mix(c.far, c.mid, min(1, t * 2)), c.near, max(0, t * 1.5 - 0.45))
        paper.lay(Stencil(ground(line, w)), mix(colour, c.deep, max(0, t - 0.72)), lift=9 + 7 * t, fall=0.2)
        _tea_row(paper, line, t, mix(colour, c.deep, 0.38), rng)
        if i == 2:
            _farmhouse(paper, w * 0.3, line_level(line, w * 0.3 + 80) + 34, 1.05, c)
    for i in range(7):
        angle = -150 + i * 17 + rng.uniform(-4, 4)
        tone = (c.near, c.mid, shade(c.near, 1.12))[i % 3]
        _veined_leaf(paper, w * 0.93 + 30, 1230, 430 + 90 * math.sin(i * 1.3), 118, angle, tone)


def _tea_row(paper: Paper, line: Outline, t: float, colour: tuple[int, int, int], rng: Random) -> None:
    size = 11 + 20 * t
    bushes = Stencil()
    x = -60.0
    while x < paper.width + 60:
        y = line_level(line, x + 80)
        bushes.add(circle(x, y + size * 0.9, size * rng.uniform(0.85, 1.1), squash=0.72, steps=24))
        x += size * 1.75
    paper.lay(bushes, colour, lift=3 + 3 * t, fall=0.3)


def line_level(line: Outline, x: float) -> float:
    """The height of a left-to-right line at ``x``."""
    for (ax, ay), (bx, by) in pairwise(line):
        if ax <= x <= bx and bx > ax:
            return ay + (by - ay) * (x - ax) / (bx - ax)
    return line[-1][1] if x > line[-1][0] else line[0][1]


def _farmhouse(paper: Paper, x: float, y: float, scale: float, c: Palette) -> None:
    wall = [(-90, 0), (-90, -74), (90, -74), (90, 0)]
    paper.lay(Stencil(place(wall, x, y, scale=scale)), c.light, lift=6)
    door = Stencil(place(box(-16, -52, 32, 52), x, y, scale=scale), place(box(42, -52, 26, 24), x, y, scale=scale))
    paper.lay(door.add(place(box(-70, -52, 26, 24), x, y, scale=scale)), c.deep, lift=0)
    roof = smooth([(-130, -66), (-60, -98), (-20, -138), (20, -138), (60, -98), (130, -66), (100, -64)], per=6)
    paper.lay(Stencil(place([*roof, (-100, -64)], x, y, scale=scale)), mix(c.deep, c.accent, 0.25), lift=7)


def _veined_leaf(
    paper: Paper, x: float, y: float, length: float, width: float, angle: float, colour: tuple[int, int, int]
) -> None:
    stencil = Stencil(leaf(x, y, length, width, angle, bend=0.12))
    spine = place([(length * t / 20, 0.12 * length * math.sin(math.pi * t / 40) * t / 20)
                   for t in range(2, 19)], x, y, angle=angle)  # fmt: skip
    paper.lay(stencil, colour, lift=13, fall=0.3)
    paper.lay(Stencil().strip(spine, 4), shade(colour, 1.3), lift=1.5)


def tree(paper: Paper, x: float, y: float, size: float, c: Palette, *, fruit: bool, rng: Random) -> None:
    """A round fruit tree: trunk, three sheets of crown, and fruit."""
    trunk = smooth([(x - size * 0.1, y), (x - size * 0.05, y - size * 0.4), (x - size * 0.03, y - size * 0.8)])
    trunk += smooth([(x + size * 0.04, y - size * 0.8), (x + size * 0.06, y - size * 0.4), (x + size * 0.12, y)])
    paper.lay(Stencil(trunk), mix(c.deep, c.accent, 0.2), lift=4)
    for i, colour in enumerate((c.near, mix(c.near, c.mid, 0.5), c.mid)):
        reach = size * (0.62 - 0.15 * i)
        cx, cy = x - size * 0.06 * i, y - size * (0.98 + 0.1 * i)
        blobs = [
            circle(cx + reach * 0.62 * math.cos(a), cy + reach * 0.5 * math.sin(a), reach * 0.52)
            for a in (k * math.tau / 7 + i for k in range(7))
        ]
        paper.lay(Stencil(circle(cx, cy, reach * 0.7), *blobs), colour, lift=6)
    if not fruit:
        return
    for _ in range(11):
        a, d = rng.uniform(0, math.tau), math.sqrt(rng.random()) * size * 0.55
        dot = circle(x - size * 0.04 + d * math.cos(a), y - size * 1.03 + d * math.sin(a) * 0.85, size * 0.062)
        paper.lay(Stencil(dot), mix(c.accent, c.glow, rng.choice((0, 0.12, 0.35))), lift=3)


def orchard(paper: Paper, c: Palette) -> None:
    """Rows of fruit trees running up a hill, with a ladder and a basket."""
    rng = paper.rng
    w = paper.width
    sun(paper, w * 0.26, 300, 120, c)
    paper.lay(Stencil(peaks(rng, w, 560, 260, count=5)), mix(c.ground, c.far, 0.8), lift=9)
    rows = ((520, 78, 9, c.far), (650, 120, 7, mix(c.far, c.mid, 0.6)), (820, 190, 5, c.mid))
    for level, size, count, colour in rows:
        line = skyline(rng, w + 160, level, 26, knots=5)
        paper.lay(Stencil(ground(line, w)), colour, lift=11, fall=0.22)
        for i in range(count):
            x = w * (i + 0.5) / count + rng.uniform(-18, 18)
            tree(paper, x, line_level(line, x + 80) + size * 0.2, size, c, fruit=size > 100, rng=rng)
    front = skyline(rng, w + 160, 1050, 22, knots=5)
    paper.lay(Stencil(ground(front, w)), mix(c.near, c.mid, 0.35), lift=14)
    tree(paper, w * 0.8, 1080, 430, c, fruit=True, rng=rng)
    ladder = Stencil().strip([(w * 0.61, 1100), (w * 0.705, 560)], 13).strip([(w * 0.66, 1110), (w * 0.735, 566)], 13)
    for i in range(9):
        t = 0.08 + i * 0.105
        ladder.strip([(w * (0.61 + 0.095 * t), 1100 - 540 * t), (w * (0.66 + 0.075 * t), 1110 - 544 * t)], 10)
    paper.lay(ladder, mix(c.deep, c.glow, 0.35), lift=8)
    basket(paper, w * 0.36, 1130, 170, c, rng)


def basket(paper: Paper, x: float, y: float, size: float, c: Palette, rng: Random) -> None:
    """A woven basket heaped with fruit."""
    for i in range(9):
        px = x - size * 0.8 + i * size * 0.2
        py = y - size * 0.86 - size * 0.22 * math.sin(math.pi * i / 8) - (i % 2) * size * 0.1
        paper.lay(Stencil(circle(px, py, size * 0.2)), mix(c.accent, c.glow, rng.choice((0, 0.15, 0.4))), lift=4)
    body: Outline = [
        (x - size, y - size * 0.8),
        (x + size, y - size * 0.8),
        (x + size * 0.72, y),
        (x - size * 0.72, y),
    ]
    paper.lay(Stencil(body), mix(c.deep, c.glow, 0.42), lift=7)
    weave = Stencil()
    for row in range(4):
        for k in range(9):
            t = (row + 0.5) / 4
            half = size * (0.98 - 0.28 * t)
            px = x - half + (k + 0.5 * (row % 2) + 0.25) * half * 2 / 9.2
            weave.add(box(px, y - size * 0.8 * (1 - t) - size * 0.07, size * 0.14, size * 0.14, corner=5))
    paper.lay(weave, mix(c.deep, c.glow, 0.72), lift=2)
    paper.lay(Stencil(box(x - size * 1.06, y - size * 0.88, size * 2.12, size * 0.16, corner=10)),
              mix(c.deep, c.glow, 0.6), lift=5)  # fmt: skip


def wetland(paper: Paper, c: Palette) -> None:
    """Cranes over water and reeds, with a boardwalk leading in."""
    rng = paper.rng
    w = paper.width
    sun(paper, w * 0.5, 420, 190, c)
    paper.lay(Stencil(hill(rng, w, 560, 40, knots=8)), c.far, lift=9)
    for i in range(6):
        level = 640 + i * 62
        waves = smooth([(x * w / 9, level + (14 if x % 2 else -14)) for x in range(12)], per=10)
        paper.lay(Stencil(ground(waves, w)), mix(c.mid, c.near, i / 6), lift=7, fall=0.1)
        if i == 1:
            paper.tint(Stencil(box(w * 0.44, level + 10, w * 0.12, 300)), c.glow, 0.4, blur=22)
    spine = smooth([(w * 0.56, 648), (w * 0.5, 700), (w * 0.43, 800), (w * 0.5, 960), (w * 0.6, 1260)], per=16)
    half = [8 + 190 * ((y - 640) / 600) ** 1.5 for _, y in spine]
    left = [(x - h, y) for (x, y), h in zip(spine, half, strict=True)]
    right = [(x + h, y) for (x, y), h in zip(spine, half, strict=True)]
    boards = Stencil(left + right[::-1])
    for i in range(20):
        y = 652 + 590 * (i / 20) ** 1.7
        boards.slit([(w * 0.2, y), (w * 0.85, y - 8)], 2 + 6 * (i / 20) ** 1.7)
    paper.lay(boards, mix(c.light, c.deep, 0.28), lift=12)
    for x, y, size in ((0.22, 300, 1.0), (0.36, 200, 0.72), (0.75, 250, 0.84), (0.86, 380, 0.6)):
        crane_in_flight(paper, w * x, y, size, c)
    for side in (0, 1):
        reeds(paper, w * (0.12 + 0.76 * side), c, rng)


def crane_in_flight(paper: Paper, x: float, y: float, scale: float, c: Palette) -> None:
    """A crane with open wings."""
    body = leaf(-70, 8, 150, 34, -6)
    neck = leaf(60, 0, 100, 13, -22)
    legs = leaf(-60, 10, 100, 9, 172)
    back = smooth([(-30, 0), (-70, -70), (-150, -118), (-96, -58), (-10, -2)], closed=True)
    paper.lay(Stencil(place(back, x, y, scale=scale)), shade(c.far, 0.9), lift=6)
    paper.lay(Stencil(*(place(o, x, y, scale=scale) for o in (body, neck, legs))), c.light, lift=7)
    front = smooth([(-24, 2), (-20, -90), (30, -168), (44, -90), (34, 2)], closed=True)
    paper.lay(Stencil(place(front, x, y, scale=scale)), c.light, lift=8)
    tips = smooth([(-2, -110), (30, -168), (42, -104), (24, -84)], closed=True)
    paper.lay(Stencil(place(tips, x, y, scale=scale)), c.deep, lift=1)
    paper.lay(Stencil(place(circle(150, -36, 8), x, y, scale=scale)), c.accent, lift=1)


def reeds(paper: Paper, x: float, c: Palette, rng: Random) -> None:
    """A stand of reeds with their brown heads."""
    for i in range(13):
        foot = x + rng.uniform(-190, 190)
        length = rng.uniform(330, 620)
        lean = rng.uniform(-12, 12)
        tone = mix(c.near, c.deep, rng.random())
        paper.lay(Stencil(leaf(foot, 1230, length, 26, -90 + lean, bend=rng.uniform(-0.15, 0.15))), tone, lift=8)
        if i % 3 == 0:
            tip = place([(length * 0.9, 0)], foot, 1230, angle=-90 + lean)[0]
            head = place(box(-13, -80, 26, 110, corner=13), tip[0], tip[1], angle=lean)
            paper.lay(Stencil(head), mix(c.accent, c.deep, 0.45), lift=7)


def dhow(paper: Paper, c: Palette) -> None:
    """Two dhows with lateen sails on a gulf of scalloped waves."""
    rng = paper.rng
    w = paper.width
    sun(paper, w * 0.72, 380, 175, c)
    paper.lay(Stencil(*cloud(w * 0.2, 260, 300)), c.light, lift=8)
    paper.lay(Stencil(*cloud(w * 0.9, 190, 240)), c.light, lift=7)
    paper.lay(Stencil(hill(rng, w, 650, 18, knots=9)), c.far, lift=7)
    _waves(paper, 700, 46, mix(c.far, c.mid, 0.6), 0)
    _boat(paper, w * 0.76, 704, 0.5, c)
    _waves(paper, 760, 62, c.mid, 1)
    _waves(paper, 835, 78, mix(c.mid, c.near, 0.5), 0)
    _boat(paper, w * 0.38, 866, 1.12, c)
    _waves(paper, 930, 96, c.near, 1)
    _waves(paper, 1040, 116, mix(c.near, c.deep, 0.45), 0)
    _waves(paper, 1140, 130, c.deep, 1)


def _waves(paper: Paper, level: float, radius: float, colour: tuple[int, int, int], phase: int) -> None:
    count = int(paper.width / (radius * 1.6)) + 3
    sheet = Stencil(box(-60, level, paper.width + 120, 1400 - level))
    rings = Stencil()
    for i in range(count):
        x = (i - 1 + 0.5 * phase) * radius * 1.6
        sheet.add(circle(x, level + 10, radius, squash=0.62, steps=48))
        for k in (0.78, 0.52):
            rings.strip([(px, level + 10 + (py - level - 10) * 0.62)
                         for px, py in arc(x, level + 10, radius * k, 200, 340)], radius * 0.05)  # fmt: skip
    paper.lay(sheet, colour, lift=11, fall=0.2)
    paper.lay(rings, shade(colour, 1.24), lift=1.2)


def _boat(paper: Paper, x: float, y: float, scale: float, c: Palette) -> None:
    def put(points: Outline) -> Outline:
        return place(points, x, y, scale=scale)

    paper.lay(Stencil().strip(put([(-20, 0), (-46, -470)]), 15 * scale), c.deep, lift=4)
    small = smooth([(150, -60), (40, -330), (52, -60)], per=12)
    paper.lay(Stencil(put([*small, (150, -60)])), shade(c.glow, 1.25), lift=8)
    edge = smooth([(-290, -120), (-170, -360), (40, -640)], per=16)
    foot = smooth([(40, -640), (96, -380), (40, -90), (-120, -80), (-290, -120)], per=16)
    paper.lay(Stencil(put(edge + foot)), c.light, lift=14, fall=0.25)
    for i in range(1, 4):
        seam = smooth([(-290 + 82 * i, -120 - 128 * i), (-60 + 40 * i, -100 - 80 * i), (70 + 5 * i, -120 - 120 * i)])
        paper.lay(Stencil().strip(put(seam), 3 * scale), mix(c.light, c.mid, 0.5), lift=0.8)
    paper.lay(Stencil().strip(put([(-305, -105), (56, -668)]), 13 * scale), c.deep, lift=6)
    hull = smooth([(-300, -80), (-230, 20), (-60, 74), (140, 62), (270, -30), (330, -150)], per=12)
    deck = smooth([(330, -150), (180, -50), (-60, -28), (-300, -80)], per=12)
    paper.lay(Stencil(put(hull + deck)), mix(c.accent, c.deep, 0.42), lift=13)
    stripe = smooth([(-280, -52), (-60, 0), (180, -18), (322, -122)], per=12)
    paper.lay(Stencil().strip(put(stripe), 14 * scale), c.glow, lift=2)
