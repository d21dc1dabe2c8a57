"""A picture made of sheets of paper: each is cut, coloured, and laid down with its own soft shadow."""

from __future__ import annotations

from functools import lru_cache
from random import Random
from typing import Self

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from home.demo.art.geometry import Outline

HEIGHT = 1200.0
OVERSAMPLE = 3
Colour = tuple[int, int, int]


class Stencil:
    """What the knife leaves of one sheet: outlines added and taken away, in order."""

    def __init__(self, *outlines: Outline) -> None:
        self.steps: list[tuple[Outline, float, int]] = [(outline, 0.0, 255) for outline in outlines]

    def add(self, *outlines: Outline) -> Self:
        """Keep the paper inside these outlines."""
        self.steps += [(outline, 0.0, 255) for outline in outlines]
        return self

    def cut(self, *outlines: Outline) -> Self:
        """Take the paper inside these outlines away."""
        self.steps += [(outline, 0.0, 0) for outline in outlines]
        return self

    def strip(self, line: Outline, width: float) -> Self:
        """Keep a strip of paper along a line."""
        self.steps.append((line, width, 255))
        return self

    def slit(self, line: Outline, width: float) -> Self:
        """Cut a slit along a line."""
        self.steps.append((line, width, 0))
        return self

    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom of all that was added, in design units."""
        kept = [(x, y, width / 2) for line, width, value in self.steps if value for x, y in line]
        return (
            min(x - w for x, _, w in kept), min(y - w for _, y, w in kept),
            max(x + w for x, _, w in kept), max(y + w for _, y, w in kept),
        )  # fmt: skip


class Paper:
    """The picture under construction. Light falls from the upper left."""

    def __init__(self, size: tuple[int, int], ground: Colour, *, rng: Random, shadow: Colour = (52, 28, 14)) -> None:
        self.size = size
        self.scale = size[1] / HEIGHT
        self.width = size[0] / self.scale
        self.middle = self.width / 2
        self.rng = rng
        self.shadow = shadow
        self.image = Image.new("RGB", size, ground)
        self.image.paste(self._sheet((0, 0, *size), ground, fall=0.25))

    def lay(
        self, stencil: Stencil, colour: Colour, *, lift: float = 9.0, fall: float = 0.16, depth: float = 1.0
    ) -> None:
        """Put a sheet on the pile. ``lift`` is how high it floats, in units; ``fall`` how much its colour
        darkens towards its foot; ``depth`` scales the strength of its shadow."""
        margin = int((lift * 4 + 6) * self.scale) + 8
        window = self._window(stencil, margin)
        if window is None:
            return
        mask = self._mask(stencil, window)
        if lift > 0:
            self.image.paste(self.shadow, window[:2], self._shadow(mask, lift, depth))
        self.image.paste(self._sheet(window, colour, fall=fall), window[:2], mask)
        self._rim(mask, window, strength=min(1.0, lift / 5))

    def tint(self, stencil: Stencil, colour: Colour, opacity: float, *, blur: float = 0.0) -> None:
        """Print a flat, perhaps blurred shape on what lies there: glow, reflection, dye."""
        window = self._window(stencil, int(blur * 3 * self.scale) + 4)
        if window is None:
            return
        mask = self._mask(stencil, window)
        if blur > 0:
            small = mask.reduce(4).filter(ImageFilter.GaussianBlur(blur * self.scale / 4))
            mask = small.resize(mask.size, Image.Resampling.BICUBIC)
        self.image.paste(colour, window[:2], mask.point(lambda value: int(value * opacity)))

    def finish(self) -> Image.Image:
        """The picture under raking light: a little brighter at the upper left, darker in the corners."""
        width, height = self.size
        spot = Image.radial_gradient("L").resize((width * 2, height * 2), Image.Resampling.BICUBIC)
        left, top = int(width * 0.62), int(height * 0.66)
        light = ImageOps.invert(spot.crop((left, top, left + width, top + height)))
        light = light.point(lambda value: 104 + int(value * 0.17))
        return ImageChops.soft_light(self.image, Image.merge("RGB", (light, light, light)))

    def _window(self, stencil: Stencil, margin: int) -> tuple[int, int, int, int] | None:
        left, top, right, bottom = (edge * self.scale for edge in stencil.bounds())
        x, y = max(int(left) - margin, -margin), max(int(top) - margin, -margin)
        x2, y2 = (
            min(int(right) + margin, self.size[0] + margin),
            min(int(bottom) + margin, self.size[1] + margin),
        )
        return (x, y, x2, y2) if x2 - x > 2 * margin // 2 and y2 - y > 2 * margin // 2 else None

    def _mask(self, stencil: Stencil, window: tuple[int, int, int, int]) -> Image.Image:
        x, y, x2, y2 = window
        large = Image.new("L", ((x2 - x) * OVERSAMPLE, (y2 - y) * OVERSAMPLE), 0)
        draw = ImageDraw.Draw(large)
        zoom = self.scale * OVERSAMPLE
        dx, dy = x * OVERSAMPLE, y * OVERSAMPLE
        for outline, width, value in stencil.steps:
            points = [(px * zoom - dx, py * zoom - dy) for px, py in outline]
            if not width:
                draw.polygon(points, fill=value)
                continue
            draw.line(points, fill=value, width=max(1, round(width * zoom)), joint="curve")
            radius = width * zoom / 2
            for px, py in (points[0], points[-1]):
                draw.ellipse((px - radius, py - radius, px + radius, py + radius), fill=value)
        return large.reduce(OVERSAMPLE)

    def _shadow(self, mask: Image.Image, lift: float, depth: float) -> Image.Image:
        reach = lift * self.scale
        small = mask.reduce(4)
        wide = _shifted(small, round(reach * 0.12), round(reach * 0.26))
        wide = wide.filter(ImageFilter.GaussianBlur(max(0.4, reach * 0.36)))
        close = _shifted(small, round(reach * 0.03), round(reach * 0.08))
        close = close.filter(ImageFilter.GaussianBlur(max(0.3, reach * 0.1)))
        both = ImageChops.screen(
            wide.point(lambda value: int(value * 0.40 * depth)),
            close.point(lambda value: int(value * 0.34 * depth)),
        )
        return both.resize(mask.size, Image.Resampling.BICUBIC)

    def _sheet(self, window: tuple[int, int, int, int], colour: Colour, *, fall: float) -> Image.Image:
        width, height = window[2] - window[0], window[3] - window[1]
        texture = _texture(self.size[0] + 400, self.size[1] + 400, round(self.scale * 64))
        x = self.rng.randrange(max(1, texture.width - width))
        y = self.rng.randrange(max(1, texture.height - height))
        grain = texture.crop((x, y, x + width, y + height))
        slope = ImageOps.flip(Image.linear_gradient("L")).resize((width, height))
        return ImageOps.colorize(Image.blend(grain, slope, fall), shade(colour, 0.78), shade(colour, 1.22), mid=colour)

    def _rim(self, mask: Image.Image, window: tuple[int, int, int, int], *, strength: float) -> None:
        step = max(1, round(1.5 * self.scale))
        lit = ImageChops.subtract(mask, _shifted(mask, step, step))
        dim = ImageChops.subtract(mask, _shifted(mask, -step, -step))
        self.image.paste((255, 248, 234), window[:2], lit.point(lambda value: int(value * 0.36 * strength)))
        self.image.paste(self.shadow, window[:2], dim.point(lambda value: int(value * 0.22 * strength)))


def _shifted(mask: Image.Image, dx: int, dy: int) -> Image.Image:
    moved = Image.new("L", mask.size, 0)
    moved.paste(mask, (dx, dy))
    return moved


def shade(colour: Colour, factor: float) -> Colour:
    """The colour made darker (< 1) or, mixed with warm white, lighter (> 1)."""
    if factor <= 1:
        return (int(colour[0] * factor), int(colour[1] * factor), int(colour[2] * factor))
    share = min(1.0, factor - 1)
    return mix(colour, (255, 250, 240), share)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """``share`` of ``other`` stirred into ``one``."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


@lru_cache(maxsize=6)
def _texture(width: int, height: int, grade: int) -> Image.Image:
    """Handmade paper in grey: fine grain, slow mottling and a few fibres, around 128."""
    rng = Random(grade)  # noqa: S311 — grain, not a secret
    fine = Image.frombytes("L", (width, height), rng.randbytes(width * height))
    fine = fine.filter(ImageFilter.GaussianBlur(max(0.5, grade / 80)))
    rough_size = (max(2, width // 9), max(2, height // 9))
    rough = Image.frombytes("L", rough_size, rng.randbytes(rough_size[0] * rough_size[1]))
    rough = rough.filter(ImageFilter.GaussianBlur(1.6)).resize((width, height), Image.Resampling.BICUBIC)
    texture = Image.blend(ImageOps.autocontrast(fine), ImageOps.autocontrast(rough), 0.42)
    texture = texture.point(lambda value: int(128 + (value - 128) * 0.62))
    draw = ImageDraw.Draw(texture)
    for _ in range(width * height // 9000):
        x, y = rng.randrange(width), rng.randrange(height)
        length, lean = rng.uniform(6, 26) * grade / 64, rng.uniform(-1, 1)
        tone = rng.choice((96, 104, 158, 168))
        draw.line([(x, y), (x + length * 0.5, y + lean * 3), (x + length, y + lean * 10)], fill=tone)
    return texture.filter(ImageFilter.GaussianBlur(0.4))
