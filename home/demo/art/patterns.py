"""Surfaces: weaving, waves, leaves and kindling sticks, seen straight from above."""

from __future__ import annotations

import math

from home.demo.art.geometry import arc, box, circle, leaf, place
from home.demo.art.palettes import Palette
from home.demo.art.paper import Paper, Stencil, mix, shade


def woven(paper: Paper, c: Palette) -> None:
    """Bamboo strips crossing over two and under two."""
    rng = paper.rng
    pitch = 100.0
    columns = int(paper.width / pitch) + 2
    tones = (mix(c.glow, c.light, 0.35), mix(c.glow, c.mid, 0.35), c.mid, mix(c.far, c.light, 0.3))
    uprights = [rng.choice(tones) for _ in range(columns)]
    for col in range(columns):
        paper.lay(Stencil(box(col * pitch - 44, -40, pitch - 12, 1300)), uprights[col], lift=7, fall=0.1)
    for row in range(13):
        tone = rng.choice((c.near, mix(c.near, c.deep, 0.3), c.accent, c.near))
        sheet = Stencil()
        for col in range(-1, columns + 1):
            if (col + row) % 4 < 2:
                sheet.add(box(col * pitch - 52, row * pitch - 44, pitch + 4, pitch - 14, corner=10))
        paper.lay(sheet, tone, lift=12, fall=0.1)
        fibres = Stencil()
        for col in range(-1, columns + 1):
            if (col + row) % 4 < 2:
                for k in (20, 43, 64):
                    y = row * pitch - 44 + k
                    fibres.strip([(col * pitch - 42, y), (col * pitch + 40, y)], 2)
        paper.tint(fibres, shade(tone, 0.6), 0.45)


def waves(paper: Paper, c: Palette) -> None:
    """Overlapping rounds of rings, each row laid over the one above."""
    rng = paper.rng
    radius = 150.0
    tones = (c.far, c.mid, c.near, c.deep)
    for row in range(18):
        y = row * radius * 0.46 + 60
        for col in range(-1, int(paper.width / (radius * 2)) + 2):
            x = (col + 0.5 * (row % 2)) * radius * 2
            tone = mix(tones[min(3, row // 5)], tones[min(3, row // 5 + 1)], (row % 5) / 5)
            if rng.random() < 0.05:
                tone = rng.choice((c.accent, c.glow))
            paper.lay(Stencil(circle(x, y, radius)), tone, lift=9, fall=0.2)
            rings = Stencil()
            for k in (0.78, 0.56, 0.34):
                rings.strip(arc(x, y, radius * k, 180, 360), 10)
            paper.lay(rings, shade(tone, 1.3), lift=1.5)


def tea_leaves(paper: Paper, c: Palette) -> None:
    """Buds with two leaves, spread on a round winnowing tray."""
    rng = paper.rng
    m = paper.middle
    paper.lay(Stencil(circle(m, 600, 560)), mix(c.glow, c.deep, 0.42), lift=22)
    paper.lay(Stencil(circle(m, 600, 516)), mix(c.glow, c.light, 0.45), lift=3)
    mesh = Stencil()
    for k in range(-12, 13):
        reach = math.sqrt(max(0.0, 510**2 - (k * 42) ** 2))
        mesh.strip([(m - reach, 600 + k * 42), (m + reach, 600 + k * 42)], 3)
        mesh.strip([(m + k * 42, 600 - reach), (m + k * 42, 600 + reach)], 3)
    paper.tint(mesh, mix(c.glow, c.deep, 0.5), 0.35)
    for _ in range(58):
        turn, distance = rng.uniform(0, math.tau), math.sqrt(rng.random()) * 430
        x, y = m + distance * math.cos(turn), 600 + distance * math.sin(turn)
        angle, size = rng.uniform(0, 360), rng.uniform(80, 130)
        tone = mix(c.near, rng.choice((c.mid, c.deep, c.far)), rng.uniform(0.1, 0.55))
        for lean, length in ((-38, 1.0), (36, 0.92), (0, 0.62)):
            outline = leaf(x, y, size * length, size * 0.3 * length, angle + lean, bend=lean / 300)
            paper.lay(Stencil(outline), shade(tone, 1.18) if lean == 0 else tone, lift=7, fall=0.3)
        stem = place([(0, 0), (-size * 0.26, 0)], x, y, angle=angle)
        paper.lay(Stencil().strip(stem, 7), shade(tone, 0.9), lift=3)


def kindling(paper: Paper, c: Palette) -> None:
    """A fire of many crossed sticks: pointed sheets rise from it, ember outside and light within."""
    rng = paper.rng
    m = paper.middle
    for i in range(6, 0, -1):
        paper.lay(Stencil(circle(m, 640, 130 * i)), mix(c.ground, c.glow, 0.62 - 0.1 * i), lift=7, fall=0.1)
    paper.tint(Stencil(circle(m, 680, 330)), c.light, 0.8, blur=120)
    tones = ((150, 38, 34), c.accent, mix(c.accent, c.glow, 0.5), c.glow, mix(c.glow, c.light, 0.55))
    for layer, tone in enumerate(tones):
        reach = 1 - 0.17 * layer
        for k in (-4, 4, -3, 3, -2, 2, -1, 1, 0):
            length = (880 - 92 * abs(k)) * reach * rng.uniform(0.92, 1.04)
            tongue = leaf(m + k * 40 * reach, 985, length, 150 * reach, -90 + k * 7 * reach, bend=-0.045 * k * reach)
            paper.lay(Stencil(tongue), tone, lift=9, fall=0.25)
    wood = ((92, 58, 36), (122, 78, 46), (74, 46, 32), (150, 104, 62))
    for i in range(30):
        side = -1 if i % 2 else 1
        lean = rng.uniform(0.15, 1.0)
        foot = (m + side * (130 + 430 * lean), 1075 + rng.uniform(-10, 50))
        head = (m - side * rng.uniform(20, 190), 1010 - 170 * (1 - lean) + rng.uniform(-40, 20))
        paper.lay(Stencil().strip([foot, head], rng.uniform(15, 27)), rng.choice(wood), lift=10, fall=0.2)


def drying_racks(paper: Paper, c: Palette) -> None:
    """Round trays of fruit slices drying in rows."""
    rng = paper.rng
    for row in range(3):
        for col in range(-1, int(paper.width / 430) + 2):
            x, y = (col + 0.5 * (row % 2)) * 430 + 60, 190 + row * 410
            paper.lay(Stencil(circle(x, y, 196)), mix(c.glow, c.deep, 0.42), lift=16)
            paper.lay(Stencil(circle(x, y, 176)), mix(c.glow, c.light, 0.5), lift=2)
            slice_tone = rng.choice((c.accent, mix(c.accent, c.glow, 0.5), c.glow))
            for k in range(7):
                angle = math.radians(60 * k)
                reach = 0 if k == 6 else 108
                sx, sy = x + reach * math.cos(angle), y + reach * math.sin(angle)
                paper.lay(Stencil(circle(sx, sy, 50)), slice_tone, lift=6)
                paper.lay(Stencil(circle(sx, sy, 39)), mix(slice_tone, c.light, 0.55), lift=0)
                seeds = Stencil(*(leaf(sx, sy, 24, 10, 72 * n) for n in range(5)))
                paper.lay(seeds, mix(slice_tone, c.deep, 0.5), lift=0)
