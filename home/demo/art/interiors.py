"""Rooms, streets and crafts: kiln, lanterns, library, night market."""

from __future__ import annotations

import math
from random import Random

from home.demo.art.geometry import (
    Outline,
    arc,
    arch,
    box,
    circle,
    hill,
    leaf,
    mirror,
    place,
    skyline,
    smooth,
)
from home.demo.art.landscapes import sun
from home.demo.art.palettes import Palette
from home.demo.art.paper import Colour, Paper, Stencil, mix, shade
from home.demo.art.products import niche, sprig, table

EMBER = (206, 84, 34)


def wood_kiln(paper: Paper, c: Palette) -> None:
    """A climbing kiln at night fire: five vaults up a slope, a fire in each door, split wood in front."""
    rng = paper.rng
    w = paper.width
    sun(paper, w * 0.2, 290, 110, c)
    paper.lay(Stencil(hill(rng, w, 560, 70)), c.far, lift=9)
    paper.lay(Stencil(hill(rng, w, 680, 50)), c.mid, lift=10)
    slope: Outline = [(-60, 1060), (w * 0.3, 980), (w + 80, 560), (w + 80, 1300), (-60, 1300)]
    paper.lay(Stencil(slope), mix(c.near, c.deep, 0.25), lift=12)
    for i, (dx, y, radius) in enumerate(((0, 250, 44), (22, 190, 62), (-8, 110, 84), (40, 20, 110))):
        paper.lay(Stencil(circle(w * 0.915 + dx, y, radius)), mix(c.light, c.far, 0.5 - 0.1 * i), lift=7)
    paper.lay(Stencil(box(w * 0.89, 300, 74, 330)), c.near, lift=9)
    for i in range(5):
        x, foot = w * (0.83 - 0.142 * i), 770 + 72 * i
        size = 1.0 + 0.1 * i
        _chamber(paper, x, foot, size, mix(c.near, c.mid, 0.2 + 0.14 * i), c)
    paper.lay(Stencil(hill(rng, w, 1120, 16, knots=5)), c.deep, lift=13)
    _woodpile(paper, w * 0.74, 1150, c, rng)


def _chamber(paper: Paper, x: float, foot: float, size: float, tone: Colour, c: Palette) -> None:
    width, height = 330 * size, 300 * size
    dome = Stencil(arch(x, foot, width, height))
    paper.lay(dome, tone, lift=16, fall=0.35)
    bricks = Stencil()
    for row in range(1, 7):
        radius = width / 2 - 6
        y = foot - row * height / 7.6
        reach = (
            radius
            if y > foot - height + width / 2
            else math.sqrt(max(0.0, radius**2 - (foot - height + width / 2 - y) ** 2))
        )
        bricks.strip([(x - reach, y), (x + reach, y)], 3)
        for k in range(-3, 4):
            bx = x + (k + 0.5 * (row % 2)) * width / 6.4
            if abs(bx - x) < reach - 14:
                bricks.strip([(bx, y), (bx, y + height / 7.6)], 3)
    paper.tint(bricks, shade(tone, 0.62), 0.7)
    paper.tint(Stencil(circle(x, foot - 60 * size, 150 * size)), c.glow, 0.4, blur=40)
    paper.lay(Stencil(arch(x, foot, width * 0.46, height * 0.56)), shade(c.deep, 0.7), lift=2)
    for scale, colour in ((1.0, EMBER), (0.68, c.glow), (0.38, shade(c.glow, 1.6))):
        flame = smooth([(0, 0), (-58, -30), (-46, -86), (-16, -108), (-8, -152), (26, -104), (52, -70),
                        (56, -26)], closed=True)  # fmt: skip
        paper.lay(Stencil(place(flame, x, foot - 2, scale=scale * size)), colour, lift=3)


def _woodpile(paper: Paper, x: float, foot: float, c: Palette, rng: Random) -> None:
    for row in range(4):
        for k in range(7 - row):
            cx = x - 270 + k * 90 + row * 45
            cy = foot - 30 - row * 76
            bark = mix(c.deep, c.mid, rng.uniform(0.2, 0.5))
            paper.lay(Stencil(circle(cx, cy, 45)), bark, lift=8)
            paper.lay(Stencil(circle(cx, cy, 36)), mix(c.glow, c.far, rng.uniform(0.35, 0.75)), lift=1)
            rings = Stencil().strip(circle(cx + 3, cy, 22), 3).strip(circle(cx + 4, cy, 10), 3)
            paper.tint(rings, bark, 0.6)


def bamboo_lantern(paper: Paper, c: Palette) -> None:
    """Three woven lanterns alight among bamboo."""
    rng = paper.rng
    w = paper.width
    paper.lay(Stencil(circle(w * 0.5, 560, 470)), mix(c.ground, c.far, 0.6), lift=9)
    paper.lay(Stencil(circle(w * 0.5, 560, 360)), mix(c.ground, c.glow, 0.4), lift=8)
    for i in range(9):
        x = w * (i + 0.5) / 9 + rng.uniform(-50, 50)
        if abs(x - w / 2) > 300:
            _bamboo(paper, x, rng.uniform(24, 46), mix(c.far, c.accent, rng.uniform(0.25, 0.7)), rng)
    for x, y, size in ((0.27, 470, 0.72), (0.74, 400, 0.62), (0.5, 590, 1.25)):
        _lantern(paper, w * x, y, size, c)


def _bamboo(paper: Paper, x: float, width: float, tone: Colour, rng: Random) -> None:
    y = -30.0
    while y < 1240:
        length = rng.uniform(170, 240)
        paper.lay(Stencil(box(x - width / 2, y, width, length - 7, corner=8)), tone, lift=7, fall=0.3)
        paper.lay(
            Stencil(box(x - width / 2 - 3, y + length - 10, width + 6, 8, corner=4)),
            shade(tone, 0.75),
            lift=1,
        )
        if rng.random() < 0.42:
            for k in range(3):
                side = rng.choice((-1, 1))
                angle = 90 - side * rng.uniform(35, 80)
                paper.lay(
                    Stencil(leaf(x, y + length, rng.uniform(110, 190), 32, angle + k * 9)),
                    shade(tone, 0.86),
                    lift=7,
                )
        y += length


def _lantern(paper: Paper, x: float, y: float, size: float, c: Palette) -> None:
    radius = 250 * size
    paper.lay(Stencil().strip([(x, -40), (x, y - radius * 1.1)], 6), c.deep, lift=5)
    paper.tint(Stencil(circle(x, y, radius * 1.5)), c.glow, 0.6, blur=70 * size)
    paper.lay(Stencil(circle(x, y, radius, squash=1.08)), shade(c.glow, 1.35), lift=14, fall=0.2)
    paper.tint(Stencil(circle(x, y, radius * 0.5)), (255, 246, 216), 0.9, blur=50 * size)
    weave = Stencil()
    for k in range(-7, 8):
        for lean in (1, -1):
            line: Outline = []
            for i in range(33):
                t = -1 + i / 16
                across = math.sin((k / 7.5 + lean * t * 0.42) * math.pi / 2)
                line.append((x + across * radius * math.sqrt(max(0.0, 1 - t * t)), y + t * radius * 1.08))
            weave.strip(line, 8 * size)
    paper.lay(weave, mix(c.near, c.deep, 0.2), lift=4)
    for t in (-0.62, 0.0, 0.62):
        half = radius * math.sqrt(1 - t * t)
        hoop = [
            (x - half + 2 * half * i / 24, y + t * radius * 1.08 + 26 * size * math.sin(math.pi * i / 24))
            for i in range(25)
        ]
        paper.lay(Stencil().strip(hoop, 13 * size), c.near, lift=4)
    for end in (-1, 1):
        cap = box(x - radius * 0.34, y + end * radius * 1.06 - 20 * size, radius * 0.68, 40 * size, corner=14 * size)
        paper.lay(Stencil(cap), c.deep, lift=8)
    for k in range(-2, 3):
        tassel = [(x + k * 9 * size, y + radius * 1.12), (x + k * 14 * size, y + radius * 1.55)]
        paper.lay(Stencil().strip(tassel, 6 * size), c.accent if k % 2 else EMBER, lift=3)


def children_library(paper: Paper, c: Palette) -> None:
    """Shelves around an arched window, hills outside, a reading lamp, cushions and an open book."""
    rng = paper.rng
    w, m = paper.width, paper.middle
    for x, span in ((-30.0, m - 330), (m + 360, m - 330)):
        _shelves(paper, x, span, c, rng)
    paper.lay(Stencil(arch(m, 860, 620, 790)), shade(c.light, 0.97), lift=14)
    paper.lay(Stencil(arch(m, 830, 540, 720)), mix(c.far, c.light, 0.35), lift=2)
    paper.lay(Stencil(circle(m + 90, 350, 88)), c.glow, lift=5)
    for i, tone in enumerate((c.far, c.mid, c.near)):
        line = smooth([(m - 270 + 108 * k, 560 + 84 * i + 44 * math.sin(k * 1.8 + i * 2)) for k in range(6)])
        paper.lay(Stencil([*line, (m + 270, 830), (m - 270, 830)]), tone, lift=7)
    bars = Stencil(box(m - 9, 112, 18, 720), box(m - 270, 440, 540, 16), box(m - 350, 826, 700, 46, corner=10))
    paper.lay(bars, shade(c.light, 0.97), lift=7)
    paper.lay(Stencil(box(-40, 960, w + 80, 400)), mix(c.accent, c.ground, 0.42), lift=14)
    rug = Stencil(circle(m, 1150, 760, squash=0.26))
    paper.lay(rug, c.near, lift=6)
    paper.lay(Stencil(circle(m, 1150, 680, squash=0.25)).cut(circle(m, 1150, 640, squash=0.24)), c.glow, lift=2)
    for x, y, size, tone in (
        (m - 470, 1040, 150, c.accent),
        (m + 470, 1050, 165, c.deep),
        (m - 250, 1100, 110, c.glow),
    ):
        paper.lay(Stencil(circle(x, y, size, squash=0.5)), tone, lift=12, fall=0.35)
        paper.lay(Stencil(circle(x, y - size * 0.08, size * 0.1, squash=0.5)), shade(tone, 0.8), lift=1)
    _open_book(paper, m + 60, 1100, 1.25, c)


def _shelves(paper: Paper, left: float, span: float, c: Palette, rng: Random) -> None:
    paper.lay(Stencil(box(left, 40, span, 940, corner=14)), mix(c.accent, c.deep, 0.55), lift=12)
    tones = (
        c.accent,
        c.glow,
        c.near,
        c.mid,
        c.light,
        c.far,
        mix(c.accent, c.light, 0.5),
        mix(c.near, c.light, 0.4),
    )
    for row in range(4):
        top, height = 70 + row * 226, 196
        paper.lay(Stencil(box(left + 24, top, span - 48, height)), mix(c.deep, c.accent, 0.18), lift=0, fall=0.4)
        x = left + 34
        while x < left + span - 64:
            thick, tall = rng.uniform(22, 46), rng.uniform(0.6, 0.94) * height
            lean = -9 if rng.random() < 0.1 else 0
            book = place(box(0, -tall, thick, tall), x, top + height, angle=lean)
            tone = rng.choice(tones)
            paper.lay(Stencil(book), tone, lift=5)
            stripe = place(box(4, -tall * 0.82, thick - 8, 9), x, top + height, angle=lean)
            paper.lay(Stencil(stripe), shade(tone, 0.7), lift=0)
            x += thick + (16 if lean else rng.choice((2, 2, 2, 30)))


def _open_book(paper: Paper, x: float, y: float, scale: float, c: Palette) -> None:
    page = smooth([(0, 0), (-60, -34), (-150, -40), (-230, -10)], per=10)
    left = [*page, (-214, -120), *smooth([(-214, -120), (-140, -150), (-56, -140), (0, -104)], per=10)]
    for outline, tone in ((left, c.light), (mirror(left, 0), shade(c.light, 0.95))):
        paper.lay(Stencil(place(outline, x, y, scale=scale)), tone, lift=10)
    lines = Stencil()
    for k in range(4):
        row = smooth([(-196, -34 - k * 24), (-120, -60 - k * 24), (-34, -40 - k * 23)])
        lines.strip(place(row, x, y, scale=scale), 4).strip(place(mirror(row, 0), x, y, scale=scale), 4)
    paper.tint(lines, c.deep, 0.35)


def night_market(paper: Paper, c: Palette) -> None:
    """A street of lit stalls before dawn, with a film clapper in the foreground."""
    rng = paper.rng
    w = paper.width
    paper.tint(Stencil(circle(w * 0.5, 640, 620)), c.mid, 0.7, blur=170)
    paper.lay(Stencil(circle(w * 0.8, 210, 92)).cut(circle(w * 0.8 + 40, 190, 80)), c.light, lift=7)
    for layer, (tone, low, high) in enumerate(((c.far, 240, 420), (mix(c.far, c.deep, 0.4), 330, 520))):
        _blocks(paper, tone, low, high, c, rng, lit=layer == 1)
    for side in (0, 1):
        for i in range(3):
            scale = 0.62 + 0.3 * i
            x = w * (0.4 - 0.15 * i - 0.012 * i * i) if side == 0 else w * (0.6 + 0.15 * i + 0.012 * i * i)
            _stall(paper, x, 800 + 90 * i, scale, (c.accent, c.near, c.glow)[(i + side) % 3], c)
    paper.lay(
        Stencil([(w * 0.44, 790), (w * 0.56, 790), (w * 1.05, 1300), (-w * 0.05, 1300)]),
        mix(c.mid, c.deep, 0.6),
        lift=4,
    )
    paper.tint(Stencil([(w * 0.48, 800), (w * 0.52, 800), (w * 0.62, 1300), (w * 0.38, 1300)]), c.glow, 0.35, blur=40)
    for i in range(13):
        x = w * i / 12
        y = 360 + 120 * math.sin(math.pi * i / 12)
        paper.tint(Stencil(circle(x, y, 44)), c.glow, 0.7, blur=24)
        paper.lay(Stencil(circle(x, y, 17)), shade(c.glow, 1.4), lift=3)
    wire = [(w * i / 36, 342 + 120 * math.sin(math.pi * i / 36)) for i in range(37)]
    paper.lay(Stencil().strip(wire, 4), c.deep, lift=2)
    _clapper(paper, w * 0.5, 930, 0.92, c)


def _blocks(paper: Paper, tone: Colour, low: float, high: float, c: Palette, rng: Random, *, lit: bool) -> None:
    x = -40.0
    while x < paper.width + 40:
        width, top = rng.uniform(120, 230), rng.uniform(low, high)
        paper.lay(Stencil(box(x, top, width, 1000)), tone, lift=8)
        windows = Stencil(box(x + 26, top + 40, 22, 30))
        for row in range(7):
            for k in range(int((width - 40) // 46)):
                if rng.random() < 0.32:
                    windows.add(box(x + 26 + k * 46, top + 40 + row * 58, 22, 30))
        paper.lay(windows, c.glow if lit else mix(tone, c.glow, 0.45), lift=0)
        x += width + rng.uniform(-14, 8)


def _stall(paper: Paper, x: float, foot: float, scale: float, tone: Colour, c: Palette) -> None:
    def put(outline: Outline) -> Outline:
        return place(outline, x, foot, scale=scale)

    paper.tint(Stencil(put(circle(0, -130, 190))), c.glow, 0.5, blur=50 * scale)
    paper.lay(Stencil(put(box(-150, -250, 300, 250))), mix(c.glow, c.accent, 0.2), lift=8, fall=0.35)
    paper.lay(Stencil(put(box(-165, -90, 330, 96, corner=6))), mix(c.deep, tone, 0.4), lift=8)
    for k in range(6):
        heap = circle(-130 + k * 52, -98, 30)
        paper.lay(Stencil(put(heap)), (c.accent, c.glow, c.near, c.light)[k % 4], lift=4)
    for k in range(8):
        left = -192 + k * 48
        strip = [(0.84 * left, -310), (0.84 * (left + 48), -310), *arc(left + 24, -226, 24, 0, 180)]
        paper.lay(Stencil(put(strip)), tone if k % 2 else c.light, lift=6)


def _clapper(paper: Paper, x: float, y: float, scale: float, c: Palette) -> None:
    def put(outline: Outline, angle: float = 0.0, ox: float = 0.0, oy: float = 0.0) -> Outline:
        return place(place(outline, ox, oy, angle=angle), x, y, scale=scale, angle=-5)

    paper.lay(Stencil(put(box(-330, -190, 660, 400, corner=22))), c.deep, lift=28)
    rules = Stencil(
        put(box(-290, -60, 580, 6)),
        put(box(-290, 60, 580, 6)),
        put(box(-60, -60, 6, 240)),
        put(box(130, 60, 6, 120)),
    )
    paper.lay(rules, mix(c.deep, c.light, 0.7), lift=0)
    paper.lay(Stencil(put(circle(-190, 118, 34))), c.accent, lift=2)
    for angle, oy in ((0.0, -190.0), (-15.0, -196.0)):
        paper.lay(Stencil(put(box(0, -84, 660, 84, corner=12), angle, -330, oy)), c.light, lift=12)
        bars = Stencil()
        for k in range(5):
            slant = [(30 + k * 132, -84), (96 + k * 132, -84), (62 + k * 132, 0), (-4 + k * 132, 0)]
            bars.add(put([(max(4.0, px), py) for px, py in slant], angle, -330, oy))
        paper.lay(bars, c.deep, lift=0)
    paper.lay(Stencil(put(circle(-306, -196, 17))), c.glow, lift=4)


def bowls(paper: Paper, c: Palette) -> None:
    """Wood-fired bowls and a bottle on a shelf, ash glaze running down them."""
    w, m = paper.width, paper.middle
    niche(paper, c, m, 880, 1050, 800)
    table(paper, 860, mix(c.near, c.ground, 0.35))
    bottle = smooth([(-44, -560), (-52, -420), (-170, -260), (-180, -100), (-110, 0)], per=12)
    _pot(paper, m - 330, 930, [*bottle, *mirror(bottle, 0)[::-1]], c.near, -230, c)
    jar = smooth([(-120, -330), (-220, -220), (-190, -60), (-120, 0)], per=12)
    _pot(paper, m + 380, 950, [*jar, *mirror(jar, 0)[::-1]], mix(c.deep, c.near, 0.35), -190, c)
    bowl = smooth([(-250, -210), (-226, -110), (-140, -30), (-80, -20)], per=12)
    side = [*bowl, (-86, 0)]
    _pot(paper, m + 20, 1010, [*side, *mirror(side, 0)[::-1]], mix(c.mid, c.near, 0.3), -120, c)
    sprig(paper, m - 330, 380, 330, -68, c.accent, pairs=5)
    sprig(paper, w * 0.88, 1010, 200, -120, c.accent, pairs=4)


def _pot(paper: Paper, x: float, foot: float, outline: Outline, tone: Colour, glaze: float, c: Palette) -> None:
    body = place(outline, x, foot)
    paper.lay(Stencil(body), tone, lift=18, fall=0.45)
    top = min(py for _, py in outline)
    drip: Outline = [(-300, top - 20), (300, top - 20)]
    drip += [(300 - i * 20, glaze + 34 * math.sin(i * 1.4) + 16 * math.sin(i * 0.6)) for i in range(31)]
    coat = Stencil(body).cut(place(_outside(drip), x, foot))
    paper.lay(coat, mix(c.light, c.far, 0.55), lift=1.5, fall=0.4)


def _outside(drip: Outline) -> Outline:
    edge = drip[2:]
    return [*smooth(edge), (-320, edge[-1][1]), (-320, 80), (320, 80), (320, edge[0][1])]


def valley_road(paper: Paper, c: Palette) -> None:
    """A bookmobile on a road that winds through a valley."""
    rng = paper.rng
    w = paper.width
    sun(paper, w * 0.3, 300, 120, c)
    for i, tone in enumerate((mix(c.ground, c.far, 0.7), c.far, c.mid, c.near)):
        paper.lay(Stencil(hill(rng, w, 470 + 130 * i, 90)), tone, lift=11)
    line = skyline(rng, w + 160, 1000, 20, knots=4)
    paper.lay(
        Stencil([*[(x - 80, y) for x, y in line], (w + 90, 1300), (-90, 1300)]),
        mix(c.near, c.deep, 0.4),
        lift=12,
    )
    paper.lay(Stencil().strip([(x - 80, y + 70) for x, y in line], 84), c.light, lift=4)
    paper.lay(Stencil().strip([(x - 80, y + 70) for x, y in line], 8), c.glow, lift=0.5)
    x, y = w * 0.56, 1050
    paper.lay(Stencil(box(x - 330, y - 330, 560, 300, corner=40)), c.accent, lift=16)
    paper.lay(Stencil(box(x + 200, y - 240, 190, 210, corner=46)), shade(c.accent, 0.9), lift=14)
    paper.lay(Stencil(box(x + 250, y - 206, 110, 96, corner=22)), mix(c.far, c.light, 0.5), lift=1)
    paper.lay(Stencil(box(x - 280, y - 280, 430, 150, corner=10)), c.deep, lift=1)
    bx = x - 268
    while bx < x + 116:
        thick = rng.uniform(18, 34)
        tall = rng.uniform(84, 124)
        paper.lay(Stencil(box(bx, y - 136 - tall, thick, tall)), rng.choice((c.light, c.glow, c.mid, c.far)), lift=3)
        bx += thick + 3
    for wx in (x - 210, x + 270):
        paper.lay(Stencil(circle(wx, y - 24, 62)), c.deep, lift=9)
        paper.lay(Stencil(circle(wx, y - 24, 27)), c.glow, lift=3)
