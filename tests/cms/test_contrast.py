"""The palette: every pair of text and ground that the style sheets use is readable, in both themes."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).resolve().parents[2] / "cms" / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")

LIGHT = r":root \{\s*color-scheme: light;(.*?)\n\}"
DARK_BY_SYSTEM = r':root:not\(\[data-theme="light"\]\) \{\s*color-scheme: dark;(.*?)\n  \}'
DARK_BY_HAND = r':root\[data-theme="dark"\] \{\s*color-scheme: dark;(.*?)\n\}'

GROUNDS = ("paper", "surface", "well")
TONES = ("ember", "moss", "amber", "brick", "sky")
TEXT = [
    *((ink, ground) for ground in GROUNDS for ink in ("ink", "muted", *TONES)),
    *(("ink", f"{tone}-soft") for tone in TONES),
    *((tone, f"{tone}-soft") for tone in TONES),
    ("on-ember", "ember"),
    ("on-ember", "ember-strong"),
    ("paper", "ink"),
]
# What is no text but must be seen: edges of controls, focus, lit sticks (WCAG 1.4.11).
SHAPES = [
    *(("field-line", ground) for ground in ("paper", "surface")),
    *(("sky", ground) for ground in GROUNDS),
    *(("stick-lit", ground) for ground in ("paper", "surface")),
]


def palette(pattern: str) -> dict[str, str]:
    found = re.search(pattern, TOKENS, re.DOTALL)
    assert found, f"tokens.css has no block like {pattern}"
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", found[1]))


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


PALETTES = {"light": palette(LIGHT), "dark": palette(DARK_BY_HAND)}


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_is_readable(theme: str, text: str, ground: str) -> None:
    colours = PALETTES[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", PALETTES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_shapes_are_seen(theme: str, shape: str, ground: str) -> None:
    colours = PALETTES[theme]
    assert contrast(colours[shape], colours[ground]) >= 3


def test_both_ways_into_the_dark_are_one_palette() -> None:
    assert palette(DARK_BY_SYSTEM) == palette(DARK_BY_HAND)
    assert set(PALETTES["dark"]) == set(PALETTES["light"])


def test_colours_live_in_the_tokens_only() -> None:
    for name in ("base.css", "components.css"):
        stray = re.findall(r"#[0-9a-f]{3,8}\b", (CSS / name).read_text(encoding="utf-8"))
        # A QR code is scanned, so it stays on white in the dark too.
        assert [colour for colour in stray if colour != "#ffffff"] == []


def test_the_style_sheets_stay_small() -> None:
    sizes = {path.name: path.stat().st_size for path in CSS.glob("*.css")}
    assert sizes.pop("studio.css") < 16_000
    # Every page's, with the story's blocks, before they are compressed.
    assert sum(sizes.values()) < 56_000
