"""Things: devices and objects on a table, in front of an arch or a disc of coloured paper."""

from __future__ import annotations

import math
from random import Random

from home.demo.art.geometry import (
    Outline,
    arc,
    arch,
    band,
    box,
    circle,
    leaf,
    place,
    regular,
    smooth,
)
from home.demo.art.palettes import Palette
from home.demo.art.paper import Colour, Paper, Stencil, mix, shade


def table(paper: Paper, level: float, colour: Colour) -> None:
    """The surface things stand on, with a second sheet as its edge."""
    paper.lay(Stencil(box(-40, level, paper.width + 80, 1300)), colour, lift=14, fall=0.22)
    paper.lay(Stencil(box(-40, level + 250, paper.width + 80, 1300)), shade(colour, 0.84), lift=10)


def niche(paper: Paper, c: Palette, x: float, foot: float, width: float, height: float) -> None:
    """Three nested arches, each one sheet deeper than the last."""
    tones = (mix(c.ground, c.far, 0.55), c.far, mix(c.far, c.mid, 0.6))
    for i, tone in enumerate(tones):
        paper.lay(Stencil(arch(x, foot, width - 110 * i, height - 58 * i)), tone, lift=9)


def sprig(paper: Paper, x: float, y: float, length: float, angle: float, colour: Colour, *, pairs: int = 6) -> None:
    """A stem with paired leaves."""
    stem = place(smooth([(0, 0), (length * 0.5, -length * 0.05), (length, 0)]), x, y, angle=angle)
    paper.lay(Stencil().strip(stem, 6), shade(colour, 0.8), lift=4)
    for i in range(pairs):
        px, py = stem[int((0.22 + 0.76 * i / pairs) * (len(stem) - 1))]
        size = length * 0.34 * (1 - 0.45 * i / pairs)
        for side in (-1, 1):
            stencil = Stencil(leaf(px, py, size, size * 0.36, angle + side * 48, bend=0.1 * side))
            paper.lay(stencil, mix(colour, (255, 250, 240), 0.07 * (i % 3)), lift=6, fall=0.3)
    paper.lay(Stencil(leaf(*stem[-1], length * 0.2, length * 0.08, angle)), colour, lift=6)


def fitness_band(paper: Paper, c: Palette) -> None:
    """A screenless band standing on its strap, with pulse waves running behind it."""
    w, m = paper.width, paper.middle
    paper.lay(Stencil(circle(m, 560, 470)), mix(c.ground, c.far, 0.6), lift=9)
    paper.lay(Stencil(circle(m, 560, 380)), c.far, lift=9)
    for i, tone in enumerate((c.light, c.glow, c.accent)):
        line = [(x, 560 + 70 * (i - 1) + _pulse((x - m) / 250 + i * 0.18) * 150) for x in range(-40, int(w) + 60, 6)]
        paper.lay(Stencil().strip([(float(x), y) for x, y in line], 12 - 2 * i), tone, lift=6)
    table(paper, 930, mix(c.mid, c.ground, 0.35))
    loop = Stencil(circle(m, 590, 345, squash=1.08)).cut(circle(m + 18, 590, 268, squash=1.1))
    paper.lay(loop, c.near, lift=24, fall=0.35)
    inner = Stencil(circle(m + 18, 590, 272, squash=1.1)).cut(circle(m + 46, 590, 262, squash=1.08))
    paper.lay(inner, c.deep, lift=2)
    holes = Stencil()
    for i in range(6):
        angle = math.radians(28 + i * 9)
        holes.add(circle(m + 9 + 306 * math.cos(angle), 590 + 330 * math.sin(angle), 11))
    paper.lay(holes, c.deep, lift=0.5)
    pebble = place(box(-200, -78, 400, 156, corner=74), m - 190, 400, angle=-50)
    paper.lay(Stencil(pebble), c.deep, lift=16, fall=0.3)
    face = place(box(-176, -56, 352, 112, corner=54), m - 196, 393, angle=-50)
    paper.lay(Stencil(face), mix(c.deep, c.near, 0.4), lift=4, fall=0.4)
    for i in range(5):
        dot = place([(-96 + 48 * i, 0)], m - 196, 393, angle=-50)[0]
        paper.lay(Stencil(circle(*dot, 11)), c.glow if i < 3 else shade(c.near, 0.8), lift=1.5)
    sprig(paper, w * 0.86, 1010, 430, -104, mix(c.near, (47, 107, 79), 0.6))


def _pulse(t: float) -> float:
    beat = t % 1.6
    return (
        -math.exp(-(((beat - 0.8) / 0.06) ** 2)) + 0.42 * math.exp(-(((beat - 0.93) / 0.06) ** 2))
        - 0.2 * math.exp(-(((beat - 1.2) / 0.12) ** 2))
    )  # fmt: skip


def paper_watch(paper: Paper, c: Palette) -> None:
    """A square e-paper watch lying on folded cloth, its hands at ten past ten."""
    w, m = paper.width, paper.middle
    for i in range(5):
        tone = mix(mix(c.ground, c.far, 0.5), c.mid, i * 0.16)
        fold = smooth(
            [
                (-200, 260 + 210 * i),
                (w * 0.3, 130 + 230 * i),
                (w * 0.6, 300 + 210 * i),
                (w + 200, 120 + 220 * i),
            ]
        )
        paper.lay(Stencil([*fold, (w + 200, 1400), (-200, 1400)]), tone, lift=14, fall=0.28)
    strap = Stencil(box(m - 168, -60, 336, 430), box(m - 168, 830, 336, 500))
    paper.lay(strap, c.accent, lift=20, fall=0.3)
    stitches = Stencil()
    for side in (-1, 1):
        for i in range(26):
            y = -20 + i * 48
            if y < 350 or y > 840:
                stitches.strip([(m + side * 140, y), (m + side * 140, y + 22)], 6)
    paper.lay(stitches, c.glow, lift=1)
    paper.lay(Stencil(box(m + 268, 560, 62, 92, corner=22)), c.near, lift=9)
    paper.lay(Stencil(box(m - 300, 290, 600, 620, corner=130)), c.deep, lift=26, fall=0.3)
    paper.lay(Stencil(box(m - 262, 328, 524, 544, corner=98)), mix(c.deep, c.near, 0.5), lift=3)
    paper.lay(Stencil(box(m - 236, 354, 472, 492, corner=78)), (233, 230, 218), lift=3, fall=0.1)
    marks = Stencil()
    for i in range(60):
        inner = 178 if i % 5 else 158
        a = math.radians(i * 6 - 90)
        marks.strip([(m + inner * math.cos(a), 600 + inner * math.sin(a)),
                     (m + 192 * math.cos(a), 600 + 192 * math.sin(a))], 3 if i % 5 else 8)  # fmt: skip
    paper.lay(marks, c.deep, lift=0)
    ridge: Outline = [(m - 150, 700), (m - 70, 620), (m - 20, 664), (m + 50, 590), (m + 150, 700)]
    paper.lay(Stencil(ridge), mix((233, 230, 218), c.mid, 0.6), lift=0)
    for angle, length, width in ((-152, 104, 20), (-30, 160, 13)):
        hand = place([(-26, 0), (length, 0)], m, 600, angle=angle)
        paper.lay(Stencil().strip(hand, width), c.deep, lift=5)
    paper.lay(Stencil(circle(m, 600, 18)), c.accent, lift=4)


def speaker(paper: Paper, c: Palette) -> None:
    """A wooden loudspeaker in a niche, sound leaving it in cut rings."""
    w, m = paper.width, paper.middle
    for i in range(8, 0, -1):
        tone = mix(c.ground, c.far if i % 2 else c.mid, 0.18 + 0.05 * (8 - i))
        paper.lay(Stencil(circle(m, 520, 130 + i * 105)), tone, lift=8, fall=0.1)
    table(paper, 960, mix(c.deep, c.ground, 0.55))
    paper.lay(Stencil(box(m - 270, 150, 540, 850, corner=46)), mix((170, 112, 66), c.glow, 0.15), lift=24, fall=0.3)
    grain = Stencil()
    for i in range(17):
        x = m - 252 + i * 31.5
        line = [(x + 5 * math.sin(y / 90 + i), y) for y in range(165, 990, 24)]
        grain.strip([(px, float(py)) for px, py in line], 2.6)
    paper.tint(grain, (92, 52, 24), 0.4)
    for y, radius in ((360, 122), (700, 206)):
        for k, tone in enumerate((c.deep, shade(c.deep, 1.2), mix(c.deep, c.mid, 0.35), c.deep)):
            paper.lay(Stencil(circle(m, y, radius * (1 - 0.2 * k))), tone, lift=6 if k else 9, fall=0.35)
        paper.lay(Stencil(circle(m, y, radius * 0.2)), c.accent, lift=5, fall=0.4)
        screws = Stencil(*(circle(m + radius * 0.9 * math.cos(a), y + radius * 0.9 * math.sin(a), 7)
                           for a in (k * math.tau / 6 for k in range(6))))  # fmt: skip
        paper.lay(screws, c.glow, lift=1)
    paper.lay(Stencil(box(m - 30, 938, 60, 16, corner=8)), c.glow, lift=1)
    sprig(paper, w * 0.16, 1060, 400, -78, mix(c.near, (47, 107, 79), 0.7))


def vinyl_record(paper: Paper, c: Palette) -> None:
    """A record half out of its sleeve, moon and hills on the sleeve."""
    m = paper.middle
    rays = Stencil()
    for i in range(0, 48, 2):
        a, b = math.tau * i / 48, math.tau * (i + 1) / 48
        rays.add([(m + 210, 600), (m + 210 + 1900 * math.cos(a), 600 + 1900 * math.sin(a)),
                  (m + 210 + 1900 * math.cos(b), 600 + 1900 * math.sin(b))])  # fmt: skip
    paper.lay(rays, mix(c.ground, c.far, 0.7), lift=5)
    paper.lay(Stencil(circle(m + 230, 600, 436)), c.deep, lift=26, fall=0.3)
    grooves = Stencil()
    for i in range(17):
        grooves.strip(circle(m + 230, 600, 180 + i * 15), 2.2 if i % 4 else 5)
    paper.lay(grooves, mix(c.deep, c.mid, 0.28), lift=0.6)
    for start in (-60, 120):
        paper.tint(Stencil(band(m + 230, 600, 170, 430, start, start + 26)), c.light, 0.13, blur=6)
    paper.lay(Stencil(circle(m + 230, 600, 156)), c.accent, lift=4)
    paper.lay(Stencil(circle(m + 230, 600, 112)), c.glow, lift=3)
    paper.lay(Stencil(circle(m + 230, 600, 17)), c.deep, lift=0)
    left, top, side = m - 690, 160, 880
    paper.lay(Stencil(box(left, top, side, side, corner=8)), c.near, lift=30, fall=0.3)
    inset = 46
    window = (left + inset, top + inset, side - 2 * inset)
    paper.lay(Stencil(box(window[0], window[1], window[2], window[2])), mix(c.far, c.light, 0.25), lift=3)
    paper.lay(Stencil(circle(left + side * 0.62, top + side * 0.34, 120)), c.glow, lift=7)
    for i, tone in enumerate((c.mid, mix(c.mid, c.accent, 0.5), c.accent, c.deep)):
        level = top + side * (0.48 + 0.12 * i)
        line = smooth([(window[0] + window[2] * k / 5, level + 46 * math.sin(k * 1.9 + i * 1.4)) for k in range(6)])
        foot = window[1] + window[2]
        paper.lay(Stencil([*line, (window[0] + window[2], foot), (window[0], foot)]), tone, lift=7, fall=0.25)


def board_game(paper: Paper, c: Palette) -> None:
    """A hexagon map seen from above, with caravans, markers and two dice."""
    rng = paper.rng
    m = paper.middle
    size = 132.0
    tones = (c.far, c.mid, c.near, c.glow, mix(c.glow, c.light, 0.6), mix(c.near, c.deep, 0.4))
    for row in range(-4, 5):
        for col in range(-7, 8):
            x = m + (col + 0.5 * (row % 2)) * size * 1.74
            y = 600 + row * size * 1.51
            if abs(x - m) > paper.width / 2 + 140:
                continue
            tone = mix(rng.choice(tones), c.ground, 0.12)
            lift = rng.choice((5, 9, 15))
            paper.lay(Stencil(regular(x, y, size * 0.96, 6)), tone, lift=lift, fall=0.2)
            _tile_mark(paper, x, y, tone, rng)
    road = smooth([(-60, 820), (m - 520, 700), (m - 180, 830), (m + 120, 560), (m + 460, 610), (m + 1200, 330)], per=20)
    paper.lay(Stencil().strip(road, 26), c.light, lift=6)
    for i, tone in enumerate((c.accent, c.deep, c.near, c.accent, c.light)):
        x, y = road[int(len(road) * (0.24 + 0.125 * i))]
        _pawn(paper, x, y - 12, 1.0, tone)
    for x, y, angle, pips in ((m - 560, 330, 14, 5), (m - 370, 250, -20, 3)):
        _die(paper, x, y, angle, pips, c)


def _tile_mark(paper: Paper, x: float, y: float, tone: Colour, rng: Random) -> None:
    kind = rng.randrange(5)
    ink = shade(tone, 0.72)
    if kind == 0:
        marks = Stencil(
            [(x - 62, y + 40), (x - 14, y - 44), (x + 26, y + 40)],
            [(x, y + 40), (x + 34, y - 16), (x + 66, y + 40)],
        )
        paper.lay(marks, ink, lift=5)
    elif kind == 1:
        waves = Stencil()
        for k in (-26, 6, 38):
            waves.strip([(x - 60 + i * 6, y + k + 9 * math.sin(i * 0.75)) for i in range(21)], 8)
        paper.lay(waves, shade(tone, 1.35), lift=2)
    elif kind == 2:
        for dx, dy in ((-34, 14), (10, -22), (42, 24)):
            paper.lay(Stencil(regular(x + dx, y + dy, 32, 3)), ink, lift=5)


def _pawn(paper: Paper, x: float, y: float, scale: float, colour: Colour) -> None:
    body = smooth([(-52, 40), (-30, 4), (-15, -56), (15, -56), (30, 4), (52, 40)], per=8)
    paper.lay(Stencil(place([*body, (46, 58), (-46, 58)], x, y, scale=scale)), colour, lift=13, fall=0.35)
    paper.lay(Stencil(place(circle(0, -82, 38), x, y, scale=scale)), shade(colour, 1.1), lift=9, fall=0.35)


def _die(paper: Paper, x: float, y: float, angle: float, pips: int, c: Palette) -> None:
    paper.lay(Stencil(place(box(-74, -74, 148, 148, corner=26), x, y, angle=angle)), c.light, lift=20, fall=0.2)
    spots = {3: (0, 4, 8), 5: (0, 2, 4, 6, 8)}[pips]
    dots = Stencil(*(place(circle((k % 3 - 1) * 40, (k // 3 - 1) * 40, 13), x, y, angle=angle) for k in spots))
    paper.lay(dots, c.accent, lift=0.5)


def hiking_map(paper: Paper, c: Palette) -> None:
    """Contour sheets of a mountain, a route of dashes, and a phone-shaped frame over it."""
    m = paper.middle
    for i in range(12):
        t = i / 11
        radius = 1080 * (1 - t) ** 1.05 + 60
        shape = smooth([
            (m + 120 * t - 60
             + radius * (1 + 0.16 * math.sin(k * 1.7 + i * 0.22) + 0.07 * math.cos(k * 3.1)) * math.cos(a),
             620 - 60 * t + radius * 0.74 * (1 + 0.13 * math.cos(k * 2.3 + i * 0.2)) * math.sin(a))
            for k, a in enumerate(j * math.tau / 16 for j in range(16))
        ], closed=True, per=10)  # fmt: skip
        tone = mix(mix(c.near, c.mid, min(1, t * 2)), c.light, max(0, t * 1.7 - 0.75))
        paper.lay(Stencil(shape), tone, lift=9, fall=0.14)
    river = smooth([(m - 1100, 300), (m - 700, 420), (m - 560, 700), (m - 300, 860), (m - 260, 1300)], per=18)
    paper.lay(Stencil().strip(river, 22), mix((31, 92, 139), c.far, 0.3), lift=3)
    paper.lay(
        Stencil(box(m - 290, 90, 580, 1020, corner=74)).cut(box(m - 254, 126, 508, 948, corner=46)),
        c.deep,
        lift=26,
    )
    trail = smooth(
        [(m - 190, 1010), (m - 40, 880), (m + 130, 850), (m + 60, 700), (m - 90, 640), (m + 20, 500)], per=14
    )
    dashes = Stencil()
    for i in range(0, len(trail) - 3, 5):
        dashes.strip(trail[i : i + 3], 13)
    paper.lay(dashes, c.accent, lift=4)
    paper.lay(Stencil(circle(*trail[0], 26)).cut(circle(*trail[0], 11)), c.accent, lift=6)
    x, y = trail[-1]
    pin = [(x, y), *arc(x, y - 96, 58, 150, 390)]
    paper.lay(Stencil(pin).cut(circle(x, y - 96, 22)), c.accent, lift=15)
