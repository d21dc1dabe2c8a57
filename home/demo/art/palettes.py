"""The colours of the demo's pictures: one family per category, warmed by the site's own tokens."""

from __future__ import annotations

from dataclasses import dataclass, fields
from random import Random

from home.demo.art.paper import Colour


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours by their place in the picture, from the light at the back to the dark in front."""

    ground: Colour
    light: Colour
    far: Colour
    mid: Colour
    near: Colour
    deep: Colour
    accent: Colour
    glow: Colour


def _palette(*values: str) -> Palette:
    colours = [(int(v[0:2], 16), int(v[2:4], 16), int(v[4:6], 16)) for v in values]
    return Palette(*colours)


PALETTES: dict[str, tuple[Palette, ...]] = {
    "technology": (
        _palette("E4DFD2", "FBF8F3", "B7C6CB", "7D9FAE", "3C6A84", "1B394F", "D2602A", "F0B64A"),
        _palette("EADFCD", "FBF8F3", "CFC6B4", "93A79E", "4C7873", "1D4244", "C9512A", "EDB458"),
    ),
    "craft": (
        _palette("F2E4CF", "FBF5E9", "E5C29B", "CC8C5C", "A5522B", "55271A", "2F6B4F", "F0B64A"),
        _palette("EFE6D6", "FBF8F3", "D8C7A8", "B08F63", "7A5A38", "3B2A1E", "B8420F", "E9B65A"),
    ),
    "fire": (_palette("F2E4CF", "FBF5E9", "E5C29B", "CC8C5C", "A5522B", "55271A", "2F6B4F", "F0B64A"),),
    "arts": (
        _palette("F5E7D8", "FCF6EA", "EDBFA3", "D4694E", "A3232B", "471420", "1F5C8B", "E9B24C"),
        _palette("E9E4DA", "FBF8F3", "A9C1CB", "5D93AE", "1F5C8B", "14304A", "C4512B", "EDBE6B"),
    ),
    "sea": (_palette("F3E6D3", "FCF6EA", "B9CFD2", "6FA0AD", "2F6C87", "15354B", "B8420F", "F0B64A"),),
    "night": (_palette("27304D", "F6E9D2", "3A4672", "565A8E", "7C5580", "131726", "F07C3E", "F6C96C"),),
    "stage": (
        _palette("27304D", "F6E9D2", "3A4672", "565A8E", "7C5580", "131726", "F07C3E", "F6C96C"),
        _palette("F0DFC8", "FBF4E6", "E0B08A", "B56A55", "713A4B", "2A1A2B", "B8420F", "EFB851"),
    ),
    "books": (_palette("EFE9DA", "FBF8F0", "CDD3BB", "93AE92", "4F7F68", "234538", "B8420F", "E8B24E"),),
    "games": (
        _palette("E9DFC9", "FBF6E9", "C9B7A6", "8E7FA0", "5B4A78", "2B2346", "C9502A", "EDB64C"),
        _palette("EADBC2", "FBF5E7", "E2B184", "CF6F4A", "27706F", "16383F", "A3232B", "F2C15D"),
    ),
    "harvest": (
        _palette("F7ECD2", "FCF7EA", "DCDFB2", "A3BB7E", "5E8B55", "26492F", "B8420F", "ECB64E"),
        _palette("F9E6CF", "FDF6EA", "F2C7A0", "C9A45C", "74803F", "3A4423", "B33A1E", "F0BE5A"),
    ),
    "village": (_palette("F8E8CF", "FCF6E8", "CFDCC6", "8BB192", "3F7D5E", "173F33", "D65F2A", "F4C062"),),
    "charity": (
        _palette("FAE8D0", "FDF6EA", "F3CDA4", "E3A06B", "4B7A8B", "1F4353", "B8420F", "F3C15F"),
        _palette("F1E8D6", "FBF8F0", "C6D8D6", "83B0AE", "3D7C7A", "16433F", "C9562A", "EFBB5E"),
    ),
}


def palette_for(family: str, rng: Random) -> Palette:
    """One palette of the family, each colour moved by a hair so that no two pictures are dyed alike."""
    chosen = rng.choice(PALETTES[family])
    return Palette(*(_dye(getattr(chosen, field.name), rng) for field in fields(chosen)))


def _dye(colour: Colour, rng: Random) -> Colour:
    warm = rng.uniform(-4, 4)
    red, green, blue = (colour[0] + warm, colour[1] + rng.uniform(-2, 2), colour[2] - warm)
    return (_byte(red), _byte(green), _byte(blue))


def _byte(value: float) -> int:
    return max(0, min(255, round(value)))
