"""Portraits of creators: calm heads and shoulders of cut paper, without features that could be anyone's."""

from __future__ import annotations

import math
from random import Random

from home.demo.art.geometry import Outline, arc, band, box, circle, leaf, mirror, place, smooth
from home.demo.art.palettes import Palette
from home.demo.art.paper import Colour, Paper, Stencil, mix, shade

SKINS: tuple[Colour, ...] = ((236, 199, 166), (222, 176, 138), (196, 145, 106), (160, 110, 78), (118, 78, 56))
HAIRS: tuple[Colour, ...] = ((38, 30, 28), (62, 44, 34), (98, 62, 40), (168, 160, 150), (140, 74, 40))


def portrait(paper: Paper, c: Palette) -> None:
    """One person; hair, dress and what hangs behind them follow from the seed."""
    rng = paper.rng
    m = paper.middle
    skin, hair = rng.choice(SKINS), rng.choice(HAIRS)
    _backdrop(paper, m, c, rng)
    style = rng.randrange(5)
    if style in (1, 4):
        _long_hair(paper, m, hair, style)
    _shoulders(paper, m, c, rng)
    neck = smooth([(m - 86, 700), (m - 84, 800), (m - 120, 880), (m, 950)], per=8)
    paper.lay(Stencil([*neck, *mirror(neck, m)[::-1]]), shade(skin, 0.88), lift=7)
    jaw = smooth([(m, 330), (m - 150, 360), (m - 204, 500), (m - 186, 640), (m - 110, 760), (m, 806)], per=12)
    for side in (-1, 1):
        paper.lay(Stencil(circle(m + side * 204, 590, 36, squash=1.35)), shade(skin, 0.93), lift=5)
    paper.lay(Stencil([*jaw, *mirror(jaw, m)[::-1]]), skin, lift=18, fall=0.25)
    _features(paper, m, skin)
    _hair(paper, m, hair, style)
    extra = rng.randrange(6)
    if extra == 0:
        _glasses(paper, m, c)
    elif extra == 1:
        _cap(paper, m, c)


def _backdrop(paper: Paper, m: float, c: Palette, rng: Random) -> None:
    paper.lay(Stencil(circle(m, 560, 520)), mix(c.ground, c.far, 0.7), lift=9)
    paper.lay(Stencil(circle(m, 560, 430)), rng.choice((c.far, c.glow, mix(c.mid, c.ground, 0.35))), lift=9)
    for side in (-1, 1):
        for k in range(5):
            stem = leaf(m + side * 420, 1180, 380 + 40 * k, 92, -90 + side * (8 + 17 * k - 30))
            paper.lay(Stencil(stem), mix(c.near, c.mid, k / 6), lift=8)


def _shoulders(paper: Paper, m: float, c: Palette, rng: Random) -> None:
    cloth = rng.choice((c.accent, c.near, c.deep, mix(c.glow, c.accent, 0.3)))
    half = smooth([(m - 100, 860), (m - 250, 920), (m - 430, 1010), (m - 500, 1260)], per=12)
    paper.lay(Stencil([*half, *mirror(half, m)[::-1]]), cloth, lift=18, fall=0.3)
    collar = rng.randrange(3)
    trim = shade(cloth, 1.3)
    if collar == 0:
        lapel: Outline = [(m - 112, 862), (m - 10, 1010), (m - 60, 1230), (m - 190, 960)]
        paper.lay(Stencil(lapel), trim, lift=7)
        paper.lay(Stencil(mirror(lapel, m)), trim, lift=7)
    elif collar == 1:
        paper.lay(Stencil(band(m, 850, 112, 160, 20, 160)), trim, lift=8)
        for k in range(3):
            paper.lay(Stencil(circle(m, 1050 + k * 70, 15)), trim, lift=4)
    else:
        for k in range(4):
            row = smooth([(m - 330 - 16 * k, 1040 + 54 * k), (m, 1052 + 62 * k), (m + 330 + 16 * k, 1040 + 54 * k)])
            paper.lay(Stencil().strip(row, 17), trim, lift=2)


def _features(paper: Paper, m: float, skin: Colour) -> None:
    ink = shade(skin, 0.42)
    for side in (-1, 1):
        lid = arc(m + side * 88, 566, 40, 25, 155)
        paper.lay(Stencil().strip(lid, 9), ink, lift=0)
        brow = arc(m + side * 90, 560, 72, 232, 308)
        paper.lay(Stencil().strip(brow, 11), ink, lift=0)
        paper.tint(Stencil(circle(m + side * 120, 660, 44)), (206, 84, 54), 0.28, blur=14)
    nose = smooth([(m + 6, 556), (m - 20, 640), (m - 28, 664), (m + 12, 672)], per=8)
    paper.lay(Stencil().strip(nose, 8), shade(skin, 0.74), lift=0)
    smile = arc(m, 676, 62, 50, 130)
    paper.lay(Stencil().strip(smile, 11), mix(ink, (163, 35, 43), 0.5), lift=0)


def _long_hair(paper: Paper, m: float, hair: Colour, style: int) -> None:
    foot = 1010 if style == 1 else 840
    half = smooth([(m, 250), (m - 220, 300), (m - 282, 520), (m - 270, 760), (m - 310, foot)], per=12)
    paper.lay(Stencil([*half, (m, foot - 60), *mirror(half, m)[::-1]]), shade(hair, 0.9), lift=14)


def _hair(paper: Paper, m: float, hair: Colour, style: int) -> None:
    crowns: tuple[Outline, ...] = (
        smooth([(m - 222, 560), (m - 236, 400), (m - 130, 270), (m + 40, 246), (m + 200, 320), (m + 226, 560),
                (m + 186, 470), (m + 90, 420), (m - 60, 440), (m - 180, 470)], closed=True),
        smooth([(m - 226, 620), (m - 240, 400), (m - 110, 262), (m + 110, 262), (m + 240, 400),
                (m + 226, 620), (m + 176, 470), (m + 20, 372), (m - 150, 470)], closed=True),
        smooth([(m - 214, 520), (m - 220, 380), (m - 90, 276), (m + 110, 276), (m + 220, 380), (m + 214, 520),
                (m + 180, 420), (m, 390), (m - 180, 420)], closed=True),
        smooth([(m - 226, 540), (m - 228, 380), (m - 100, 270), (m + 110, 268), (m + 230, 390),
                (m + 226, 540), (m + 150, 430), (m - 20, 400), (m - 160, 450)], closed=True),
        smooth([(m - 236, 640), (m - 250, 400), (m - 120, 258), (m + 120, 258), (m + 250, 400),
                (m + 236, 640), (m + 192, 486), (m + 100, 492), (m - 100, 492), (m - 192, 486)], closed=True),
    )  # fmt: skip
    if style == 3:
        paper.lay(Stencil(circle(m, 232, 104)), hair, lift=12)
    paper.lay(Stencil(crowns[style]), hair, lift=12, fall=0.3)
    strands = Stencil()
    for k in range(-2, 3):
        strands.strip([(m + k * 62, 330 + abs(k) * 22), (m + k * 76, 392 + abs(k) * 22)], 4)
    paper.tint(strands, shade(hair, 1.4), 0.6)


def _glasses(paper: Paper, m: float, c: Palette) -> None:
    frame = Stencil()
    for side in (-1, 1):
        frame.strip(circle(m + side * 92, 590, 70), 10)
        frame.strip([(m + side * 162, 580), (m + side * 206, 566)], 10)
    frame.strip(arc(m, 600, 26, 200, 340), 10)
    paper.lay(frame, c.deep, lift=4)


def _cap(paper: Paper, m: float, c: Palette) -> None:
    dome = [*arc(m, 420, 244, 180, 360), (m + 244, 440), (m - 244, 440)]
    paper.lay(Stencil(dome), c.accent, lift=12)
    ribs = Stencil(*(place(box(-3, -236, 6, 230), m, 420, angle=a) for a in (-50, -18, 18, 50)))
    paper.tint(ribs, shade(c.accent, 0.6), 0.5)
    paper.lay(Stencil(box(m - 262, 412, 524, 56, corner=26)), shade(c.accent, 0.84), lift=8)
    paper.lay(Stencil(circle(m, 180 - 12 * math.cos(0), 26)), c.glow, lift=5)
