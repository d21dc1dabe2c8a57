"""Text that any PDF can print: what the fonts lack becomes a box, and lines break where both languages break them."""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent / "fonts"
REGULAR = FONTS / "NotoSansSC-Regular.ttf"
BOLD = FONTS / "NotoSansSC-SemiBold.ttf"
MISSING = "□"

# Latin words stay whole, each Chinese character stands alone.
_PIECES = re.compile(r"\s+|[⺀-鿿豈-﫿＀-￯　-〿]|[^\s⺀-鿿豈-﫿＀-￯　-〿]+")
_NEVER_FIRST = frozenset("，。、；：！？）》」』】〉”’…·％%,.;:!?)]}")

# Both tell at length, at levels people watch, of what they leave out of a font.
for _name in ("fontTools.subset", "fontTools.ttLib", "fpdf"):
    logging.getLogger(_name).setLevel(logging.ERROR)


@cache
def _known() -> frozenset[int]:
    with TTFont(REGULAR, lazy=True) as font:
        return frozenset(font.getBestCmap())


def printable(text: object) -> str:
    """A line of text as the fonts can set it.

    Marks of direction and joining are left out, line ends become spaces, every character that the fonts lack (emoji,
    scripts that are shaped or run from right to left) a box of its own.
    """
    folded = unicodedata.normalize("NFC", str(text))
    return "".join(_letter(one) for one in folded if unicodedata.category(one) not in ("Cf", "Mn", "Cs"))


def _letter(one: str) -> str:
    if one.isspace():
        return " "
    return one if ord(one) in _known() else MISSING


def lines(text: object, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    """A text broken to a width: between Latin words, between Chinese characters, within what is too long for a line."""
    line = ""
    for piece in _pieces(printable(text)):
        if measure(line + piece.rstrip()) <= width:
            line += piece
            continue
        if line.strip():
            yield line.rstrip()
        line = piece.lstrip()
        while measure(line) > width:
            fitting = next((n for n in range(len(line) - 1, 1, -1) if measure(line[:n]) <= width), 1)
            if fitting == len(line):
                break
            yield line[:fitting]
            line = line[fitting:]
    if line.strip():
        yield line.rstrip()


def _pieces(text: str) -> Iterator[str]:
    """What may not be parted: closing marks stay with what they close."""
    piece = ""
    for found in _PIECES.findall(text):
        if piece and found[0] not in _NEVER_FIRST:
            yield piece
            piece = ""
        piece += found
    if piece:
        yield piece
