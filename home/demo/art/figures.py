"""Beings: an opera general, a fox with a spear, a robot at chess, birds on the wires of a city."""

from __future__ import annotations

import math

from home.demo.art.geometry import (
    Outline,
    arc,
    arch,
    band,
    box,
    circle,
    cloud,
    leaf,
    mirror,
    place,
    regular,
    smooth,
)
from home.demo.art.palettes import Palette
from home.demo.art.paper import Colour, Paper, Stencil, mix, shade
from home.demo.art.products import niche, table


def opera_figure(paper: Paper, c: Palette) -> None:
    """A painted opera face with pheasant plumes, four flags and a crown of pearls, as a paper-cut."""
    m = paper.middle
    paper.lay(Stencil(circle(m, 590, 560)), mix(c.ground, c.far, 0.5), lift=9)
    paper.lay(Stencil(circle(m, 590, 470)).cut(*_fretwork(m, 590, 430)), mix(c.far, c.mid, 0.35), lift=8)
    for side in (-1, 1):
        _plume(paper, m, side, c)
        for k in range(2):
            _flag(paper, m + side * (150 + 60 * k), 620 + 50 * k, side * (30 + 30 * k), c)
    robe = smooth([(m - 120, 900), (m - 330, 960), (m - 560, 1240)], per=12)
    paper.lay(Stencil([*robe, *mirror(robe, m)[::-1]]), c.near, lift=16)
    for i in range(5):
        scale_row = Stencil()
        for k in range(-5 - i, 6 + i):
            scale_row.add(circle(m + k * 62 + 31 * (i % 2), 1010 + i * 56, 34))
        if i:
            paper.lay(scale_row, (c.glow, c.accent)[i % 2], lift=4)
    collar = Stencil(band(m, 860, 110, 300, 20, 160))
    studs = [(m + 205 * math.cos(a), 860 + 205 * math.sin(a)) for a in (math.radians(35 + 22 * k) for k in range(6))]
    paper.lay(collar.cut(*(circle(x, y, 26) for x, y in studs)), c.glow, lift=10)
    _mask(paper, m, 640, c)
    _crown(paper, m, 640, c)


def _fretwork(x: float, y: float, radius: float) -> list[Outline]:
    holes = []
    for k in range(24):
        a = k * math.tau / 24
        holes.append(leaf(x + radius * 0.9 * math.cos(a), y + radius * 0.9 * math.sin(a), 66, 26, math.degrees(a) + 90))
    return holes


def _plume(paper: Paper, m: float, side: int, c: Palette) -> None:
    spine = smooth([(m + side * 80, 330), (m + side * 190, 112), (m + side * 410, 82), (m + side * 620, 230),
                    (m + side * 660, 430), (m + side * 580, 560)], per=18)  # fmt: skip
    for i in range(8, len(spine) - 4, 3):
        (ax, ay), (bx, by) = spine[i - 1], spine[i + 1]
        angle = math.degrees(math.atan2(by - ay, bx - ax))
        size = 74 * math.sin(math.pi * (i / len(spine)) ** 0.7) + 18
        tone = (c.near, c.glow, c.deep)[i // 3 % 3]
        for lean in (-46, 46):
            paper.lay(Stencil(leaf(*spine[i], size, size * 0.3, angle + lean)), tone, lift=3)
    paper.lay(Stencil().strip(spine, 9), c.deep, lift=4)


def _flag(paper: Paper, x: float, y: float, angle: float, c: Palette) -> None:
    cloth = smooth([(0, -430), (200, -390), (190, -300), (230, -200), (0, -150)], per=8)
    if angle < 0:
        cloth = mirror(cloth, 0)
    side = 1 if angle > 0 else -1
    paper.lay(Stencil(place(cloth, x, y, angle=angle)), c.accent, lift=10)
    inner = place([(side * 24, -400), (side * 168, -360), (side * 170, -230), (side * 24, -186)], x, y, angle=angle)
    paper.lay(Stencil(inner), mix(c.accent, c.light, 0.24), lift=2)
    for k in range(8):
        petal = leaf(side * 96, -294, 58, 24, 45 * k)
        paper.lay(Stencil(place(petal, x, y, angle=angle)), c.glow, lift=2)
    paper.lay(Stencil().strip(place([(0, 0), (0, -450)], x, y, angle=angle), 12), c.deep, lift=5)


def _mask(paper: Paper, x: float, y: float, c: Palette) -> None:
    half = smooth([(0, -290), (-150, -270), (-222, -120), (-214, 60), (-150, 210), (0, 292)], per=14)
    paper.lay(Stencil(place([*half, *mirror(half, 0)[::-1]], x, y)), c.light, lift=20, fall=0.15)
    brow = smooth(
        [(-14, -128), (-70, -196), (-160, -214), (-196, -170), (-120, -150), (-50, -84), (-16, -40)],
        closed=True,
    )
    eye = smooth([(-40, -40), (-96, -84), (-170, -66), (-204, -10), (-150, 30), (-70, 16)], closed=True)
    cheek = smooth([(-26, 60), (-120, 66), (-196, 30), (-190, 100), (-110, 184), (-40, 190), (-62, 130)], closed=True)
    petal = smooth([(0, -270), (-34, -200), (-22, -110), (0, -70)], per=10)
    for tone, outline, lift in ((c.near, cheek, 4), (c.deep, brow, 4), (c.deep, eye, 4)):
        paper.lay(Stencil(place(outline, x, y), place(mirror(outline, 0), x, y)), tone, lift=lift)
    paper.lay(Stencil(place([*petal, *mirror(petal, 0)[::-1]], x, y)), c.near, lift=4)
    for side in (-1, 1):
        white = smooth([(-70, -24), (-112, -48), (-160, -22), (-112, 4)], closed=True)
        outline = white if side < 0 else mirror(white, 0)
        paper.lay(Stencil(place(outline, x, y)), c.light, lift=0.5)
        paper.lay(Stencil(circle(x + side * 112, y - 23, 19)), (24, 18, 16), lift=0)
    nose = smooth([(0, -60), (-20, 40), (-44, 92), (-12, 112), (0, 108)], per=10)
    paper.lay(Stencil(place([*nose, *mirror(nose, 0)[::-1]], x, y)), shade(c.light, 0.94), lift=3)
    lips = smooth([(0, 164), (-38, 152), (-66, 172), (-30, 204), (0, 210)], per=8)
    paper.lay(Stencil(place([*lips, *mirror(lips, 0)[::-1]], x, y)), c.near, lift=3)


def _crown(paper: Paper, x: float, y: float, c: Palette) -> None:
    paper.lay(Stencil(band(x, y - 80, 190, 330, 196, 344)), c.accent, lift=12)
    for k in range(9):
        a = math.radians(200 + k * 17.5)
        cx, cy = x + 338 * math.cos(a), y - 80 + 338 * math.sin(a)
        for i in range(6):
            paper.lay(Stencil(leaf(cx, cy, 46, 22, i * 60)), c.glow, lift=3)
        paper.lay(Stencil(circle(cx, cy, 16)), c.near, lift=4)
    for k in range(15):
        a = math.radians(200 + k * 10)
        paper.lay(Stencil(circle(x + 222 * math.cos(a), y - 80 + 222 * math.sin(a), 15)), c.light, lift=4)
    for side in (-1, 1):
        paper.lay(Stencil().strip([(x + side * 226, y - 20), (x + side * 236, y + 270)], 8), c.glow, lift=4)
        for i in range(5):
            paper.lay(
                Stencil(circle(x + side * (226 + 2 * i), y + 10 + i * 60, 15)),
                (c.near, c.glow)[i % 2],
                lift=4,
            )


def garage_kit(paper: Paper, c: Palette) -> None:
    """A resin figure of a fox spear-bearer on its base, sprues and parts beside it."""
    m = paper.middle
    niche(paper, c, m, 1000, 1000, 930)
    table(paper, 980, mix(c.near, c.ground, 0.3))
    for side in (-1, 1):
        _sprue(paper, m + side * 640, 560, c)
    paper.lay(Stencil(circle(m, 1030, 300, squash=0.24)), c.deep, lift=16)
    paper.lay(Stencil(circle(m, 1010, 280, squash=0.22)), shade(c.deep, 1.15), lift=4)
    for k in range(3):
        tail = smooth([(m + 60, 880), (m + 230 + 40 * k, 860 - 70 * k), (m + 330 - 30 * k, 660 - 130 * k),
                       (m + 250 - 70 * k, 480 - 120 * k), (m + 200 - 30 * k, 640 - 90 * k), (m + 120, 780)],
                       closed=True)  # fmt: skip
        paper.lay(Stencil(tail), (c.accent, mix(c.accent, c.glow, 0.4), c.glow)[k], lift=10, fall=0.3)
        tip = circle(m + 254 - 66 * k, 520 - 122 * k, 36)
        paper.lay(Stencil(tip), c.light, lift=2)
    for side in (-1, 1):
        leg = smooth(
            [(m + side * 30, 780), (m + side * 90, 880), (m + side * 84, 1010), (m + side * 150, 1026)],
            per=10,
        )
        paper.lay(Stencil().strip(leg, 58), shade(c.light, 0.93), lift=8)
    coat = smooth([(m - 66, 510), (m - 120, 690), (m - 240, 900), (m - 80, 872)], per=12)
    paper.lay(Stencil([*coat, *mirror(coat, m)[::-1]]), c.near, lift=16, fall=0.35)
    paper.lay(Stencil([(m - 16, 520), (m + 16, 520), (m + 34, 884), (m - 34, 884)]), c.light, lift=3)
    paper.lay(Stencil(box(m - 110, 676, 220, 44, corner=12)), c.glow, lift=6)
    paper.lay(Stencil().strip([(m - 300, 1010), (m - 166, 215)], 17), mix(c.deep, c.accent, 0.3), lift=12)
    paper.lay(Stencil(leaf(m - 168, 232, 180, 62, -80)), c.light, lift=8)
    paper.lay(Stencil(leaf(m - 172, 240, 150, 40, 130, bend=0.2)), c.accent, lift=5)
    for arm in (
        ((m - 80, 560), (m - 190, 640), (m - 226, 560)),
        ((m + 80, 560), (m + 170, 650), (m + 110, 730)),
    ):
        paper.lay(Stencil().strip(smooth(arm), 54), shade(c.near, 1.12), lift=10)
        paper.lay(Stencil(circle(*arm[-1], 34)), c.light, lift=5)
    _fox_head(paper, m, 400, c)


def _fox_head(paper: Paper, x: float, y: float, c: Palette) -> None:
    fur = mix(c.accent, c.glow, 0.3)
    for side in (-1, 1):
        ear = [(x + side * 36, y - 90), (x + side * 150, y - 250), (x + side * 156, y - 30)]
        paper.lay(Stencil(ear), fur, lift=10)
        paper.lay(
            Stencil([(x + side * 74, y - 96), (x + side * 134, y - 200), (x + side * 136, y - 60)]),
            c.deep,
            lift=1,
        )
    half = smooth([(0, -140), (-110, -126), (-170, -20), (-196, 60), (-90, 106), (0, 160)], per=10)
    paper.lay(Stencil(place([*half, *mirror(half, 0)[::-1]], x, y)), fur, lift=14)
    cheek = smooth([(-6, 30), (-80, 24), (-190, 62), (-90, 106), (0, 160)], per=10)
    paper.lay(Stencil(place([*cheek, *mirror(cheek, 0)[::-1]], x, y)), c.light, lift=3)
    for side in (-1, 1):
        paper.lay(Stencil(leaf(x + side * 50, y + 6, 76, 30, -14 if side > 0 else 194)), c.deep, lift=1)
        paper.lay(Stencil(leaf(x + side * 20, y - 120, 90, 20, -60 if side > 0 else 240)), c.near, lift=1)
    paper.lay(Stencil(circle(x, y + 146, 19, squash=0.8)), c.deep, lift=4)


def _sprue(paper: Paper, x: float, y: float, c: Palette) -> None:
    frame = Stencil(box(x - 150, y - 330, 300, 640, corner=20)).cut(box(x - 128, y - 308, 256, 596, corner=8))
    frame.add(box(x - 8, y - 320, 16, 620), box(x - 140, y - 20, 280, 16))
    parts = (
        leaf(x - 100, y - 60, 200, 70, -90), circle(x + 68, y - 180, 48),
        box(x - 104, y + 60, 66, 170, corner=26), regular(x + 70, y + 150, 66, 6), leaf(x + 66, y - 60, 90, 40, -90),
    )  # fmt: skip
    paper.lay(frame.add(*parts), mix(c.far, c.light, 0.4), lift=14)


def chess_robot(paper: Paper, c: Palette) -> None:
    """A robot arm that sets down a knight on a board in deep perspective."""
    m = paper.middle
    paper.lay(Stencil(circle(m + 120, 430, 390)), mix(c.ground, c.glow, 0.55), lift=9)
    paper.lay(Stencil(circle(m + 120, 430, 300)), mix(c.ground, c.glow, 0.85), lift=7)
    table(paper, 820, mix(c.far, c.mid, 0.5))
    _board(paper, m, c)
    _arm(paper, m, c)
    for x, y, size, tone in (
        (m - 330, 960, 0.82, c.deep),
        (m - 150, 1080, 1.0, c.light),
        (m + 430, 1060, 0.98, c.deep),
    ):
        _pawn_piece(paper, x, y, size, tone)
    _knight(paper, m + 98, 900, 0.92, c.light)


def _board(paper: Paper, m: float, c: Palette) -> None:
    def at(col: float, row: float) -> tuple[float, float]:
        t = math.copysign(abs(row / 6) ** 1.25, row)
        half = 560 + 460 * t
        return (m + (col / 8 - 0.5) * 2 * half, 800 + 420 * t)

    edge = [at(-0.25, -0.15), at(8.25, -0.15), at(8.25, 6.2), at(-0.25, 6.2)]
    paper.lay(Stencil(edge), mix(c.deep, c.accent, 0.35), lift=16)
    light, dark = Stencil(), Stencil()
    for row in range(6):
        for col in range(8):
            square = [at(col, row), at(col + 1, row), at(col + 1, row + 1), at(col, row + 1)]
            (light if (row + col) % 2 else dark).add(square)
    paper.lay(light, c.light, lift=1)
    paper.lay(dark, c.near, lift=1)


def _arm(paper: Paper, m: float, c: Palette) -> None:
    shoulder, elbow, wrist = (m + 640.0, 690.0), (m + 430.0, 210.0), (m + 98.0, 380.0)
    paper.lay(Stencil(box(m + 500, 740, 280, 150, corner=40)), c.deep, lift=16)
    for start, end, width, tone in (
        (shoulder, elbow, 104, c.light),
        (elbow, wrist, 78, shade(c.light, 0.95)),
    ):
        paper.lay(Stencil().strip([start, end], width), tone, lift=18, fall=0.35)
        inset = [(start[0] * (1 - t) + end[0] * t, start[1] * (1 - t) + end[1] * t) for t in (0.25, 0.75)]
        paper.lay(Stencil().strip(inset, width * 0.26), c.mid, lift=1)
    for (x, y), radius in ((shoulder, 88), (elbow, 74), (wrist, 58)):
        paper.lay(Stencil(circle(x, y, radius)), c.accent, lift=10, fall=0.35)
        paper.lay(Stencil(circle(x, y, radius * 0.45)), c.deep, lift=2)
    paper.lay(Stencil(box(wrist[0] - 26, wrist[1] + 30, 52, 100, corner=16)), c.deep, lift=9)
    for side in (-1, 1):
        finger = smooth([(wrist[0], wrist[1] + 120), (wrist[0] + side * 84, wrist[1] + 160),
                         (wrist[0] + side * 66, wrist[1] + 262)], per=10)  # fmt: skip
        paper.lay(Stencil().strip(finger, 24), c.deep, lift=9)


def _pawn_piece(paper: Paper, x: float, y: float, scale: float, tone: Colour) -> None:
    half = smooth([(-22, -150), (-34, -80), (-78, -24), (-84, 0)], per=8)
    paper.lay(Stencil(place([*half, *mirror(half, 0)[::-1]], x, y, scale=scale)), tone, lift=13, fall=0.35)
    paper.lay(Stencil(place(box(-48, -168, 96, 26, corner=12), x, y, scale=scale)), shade(tone, 1.15), lift=6)
    paper.lay(Stencil(place(circle(0, -206, 52), x, y, scale=scale)), shade(tone, 1.06), lift=9, fall=0.35)


def _knight(paper: Paper, x: float, y: float, scale: float, tone: Colour) -> None:
    head = smooth([(-80, -60), (-64, -150), (-6, -210), (-60, -206), (-116, -176), (-136, -214), (-84, -280),
                   (-40, -338), (-22, -366), (6, -340), (66, -300), (96, -200), (92, -60)],
                  per=8)  # fmt: skip
    paper.lay(Stencil(place(head, x, y, scale=scale)), tone, lift=16, fall=0.3)
    mane = smooth([(12, -330), (70, -280), (92, -190), (86, -80), (58, -80), (62, -190), (36, -276)], closed=True)
    paper.lay(Stencil(place(mane, x, y, scale=scale)), shade(tone, 0.78), lift=2)
    paper.lay(Stencil(place(circle(-44, -280, 11), x, y, scale=scale)), (40, 30, 26), lift=0)
    paper.lay(Stencil(place(box(-104, -64, 222, 64, corner=20), x, y, scale=scale)), shade(tone, 0.92), lift=9)


def city_birds(paper: Paper, c: Palette) -> None:
    """Birds of a town on three wires, roofs and a pagoda tree beneath them."""
    rng = paper.rng
    w = paper.width
    paper.lay(Stencil(circle(w * 0.7, 420, 210)), c.glow, lift=7)
    paper.lay(Stencil(*cloud(w * 0.22, 250, 320)), c.light, lift=8)
    for i, tone in enumerate((mix(c.ground, c.far, 0.8), c.far, c.mid)):
        x = -60.0
        while x < w + 60:
            width, top = rng.uniform(170, 290), 700 + 130 * i + rng.uniform(-80, 60)
            roof = [(x - 16, top), (x + width / 2, top - 84), (x + width + 16, top)]
            paper.lay(Stencil([(x, 1300), (x, top), *roof, (x + width, top), (x + width, 1300)]), tone, lift=10)
            panes = Stencil(*(box(x + 34 + 62 * k, top + 40, 30, 44, corner=4) for k in range(int(width // 74))))
            paper.lay(panes, shade(tone, 0.72), lift=0)
            x += width + rng.uniform(-10, 30)
    wires: list[Outline] = []
    for i in range(3):
        wire: Outline = [
            (w * k / 40 - 20, 330 + 165 * i + 70 * math.sin(math.pi * (k / 40 + 0.1 * i))) for k in range(43)
        ]
        paper.lay(Stencil().strip(wire, 5), c.deep, lift=5)
        wires.append(wire)
    coats = ((c.accent, c.light), (c.near, c.glow), (c.deep, c.light), (c.mid, c.accent), (c.deep, c.glow))
    for k, (row, at, size, flip) in enumerate((
        (0, 8, 1.0, 1), (0, 14, 0.8, -1), (1, 27, 1.25, -1), (1, 19, 0.9, 1),
        (2, 9, 1.35, 1), (2, 33, 1.05, -1), (0, 35, 0.85, 1),
    )):  # fmt: skip
        x, y = wires[row][at]
        perched_bird(paper, x, y, size, flip, *coats[k % 5], c.deep)
    for i in range(9):
        foot = w * (0.02 + 0.024 * i)
        paper.lay(Stencil(leaf(foot, 1230, rng.uniform(260, 460), 92, -70 + rng.uniform(-34, 26))),
                  mix(c.near, c.deep, rng.random() * 0.6), lift=9)  # fmt: skip


def perched_bird(
    paper: Paper, x: float, y: float, scale: float, flip: int, coat: Colour, breast: Colour, dark: Colour
) -> None:
    """A small bird on a wire at (x, y), looking right, or left with ``flip`` -1."""

    def put(outline: Outline) -> Outline:
        return place([(px * flip, py) for px, py in outline], x, y, scale=scale)

    paper.lay(Stencil(put(leaf(-50, -40, 150, 44, 148))), shade(coat, 0.8), lift=6)
    body = smooth(
        [(-76, -34), (-40, -92), (10, -150), (62, -160), (92, -120), (84, -60), (40, -8), (-20, -4)],
        closed=True,
    )
    paper.lay(Stencil(put(body)), coat, lift=11)
    belly = smooth([(84, -100), (82, -56), (40, -10), (-14, -6), (30, -44), (58, -84)], closed=True)
    paper.lay(Stencil(put(belly)), breast, lift=2)
    paper.lay(Stencil(put(leaf(38, -100, 150, 62, 146, bend=-0.1))), shade(coat, 0.84), lift=5)
    paper.lay(Stencil(put([(88, -130), (128, -116), (88, -108)])), (236, 168, 66), lift=2)
    paper.lay(Stencil(put(circle(62, -126, 8))), dark, lift=0)
    paper.lay(Stencil().strip(put([(8, -6), (10, 8)]), 5).strip(put([(30, -6), (32, 8)]), 5), dark, lift=1)


def reading_lamp(paper: Paper, c: Palette) -> None:
    """A desk by night: a lamp, a stack of books, a bird notebook and a cup."""
    m = paper.middle
    paper.lay(Stencil(arch(m - 60, 900, 900, 820)), mix(c.far, c.ground, 0.4), lift=9)
    paper.lay(Stencil(arch(m - 60, 900, 760, 740)), c.far, lift=9)
    paper.tint(Stencil([(m - 330, 420), (m + 40, 420), (m + 260, 900), (m - 560, 900)]), c.glow, 0.6, blur=30)
    table(paper, 890, mix(c.accent, c.ground, 0.5))
    paper.lay(Stencil(circle(m + 330, 1000, 140, squash=0.24)), c.deep, lift=9)
    pole = smooth([(m + 330, 990), (m + 360, 640), (m + 240, 360), (m - 60, 280)], per=16)
    paper.lay(Stencil().strip(pole, 18), c.deep, lift=10)
    shade_top = [*arc(m - 145, 430, 200, 180, 360), (m + 55, 430)]
    paper.lay(Stencil(shade_top), c.accent, lift=16)
    paper.lay(Stencil(circle(m - 145, 434, 60, squash=0.6)), shade(c.glow, 1.4), lift=2)
    for i, (width, tone) in enumerate(((520, c.near), (460, c.glow), (490, c.light), (400, c.accent))):
        paper.lay(Stencil(box(m - 400 + 16 * (i % 2), 990 - 72 * i, width, 66, corner=12)), tone, lift=9)
        paper.lay(Stencil(box(m - 360 + 16 * (i % 2), 1016 - 72 * i, width - 70, 12)), shade(tone, 0.8), lift=0)
    perched_bird(paper, m - 190, 774, 1.25, 1, c.deep, c.light, (30, 24, 20))
