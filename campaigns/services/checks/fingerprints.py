"""By what a copied text or picture is recognised: short hashes that survive cutting, shuffling, resizing. Pure."""

import hashlib
import math
import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from campaigns.diffing import tokens

# A passage of so many words (or Chinese characters) is the smallest that counts as taken over …
WORDS, CHARACTERS = 6, 12
# … and of so many neighbouring ones the smallest hash is kept: a common run longer than both shares one for certain.
WINDOW = 4
NUMBERS = "numbers"
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def of_text(text: str) -> set[int]:
    """Hashes of passages, whatever their order. Case, signs and white space don't matter."""
    words = [token.key.lower() for token in tokens(text) if token.key.isalnum()]
    size = CHARACTERS if len(_HAN.findall(text)) > len(words) / 2 else WORDS
    passages = [_hash(" ".join(words[start : start + size])) for start in range(len(words) - size + 1)]
    return (
        {min(passages[start : start + WINDOW]) for start in range(max(1, len(passages) - WINDOW + 1))}
        if passages
        else set()
    )


def of_numbers(text: str) -> set[int]:
    """Hashes of three neighbouring numbers: they stay when a text is translated. Small whole ones are told in words."""
    found = [match[0].replace(",", "") for match in _NUMBER.finditer(text)]
    telling = [number for number in found if len(number) > 1]
    return {_hash("|".join(telling[start : start + 3])) for start in range(len(telling) - 2)}


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)


# --- pictures -------------------------------------------------------------------------------------------------------

SIDE, LOW = 32, 8
# The whole, and what is left after cutting 8 or 16 % away at a corner or all around: (left, top, right, bottom).
_CUTS = [(0.0, 0.0, 1.0, 1.0)] + [
    (left * cut, top * cut, 1 - (1 - left) * cut, 1 - (1 - top) * cut)
    for cut in (0.08, 0.16)
    for left, top in ((0.5, 0.5), (0, 0), (1, 0), (0, 1), (1, 1))
]
# Below so much variation a picture is a plain area and looks like every other.
PLAIN = 6.0


def of_picture(picture: Any) -> list[int]:
    """Perceptual hashes of a Pillow picture: the whole first, then its cuttings. None for a plain area."""
    grey = picture.convert("L")
    hashes = [_perceived(grey, cut) for cut in _CUTS]
    if hashes[0] is None:
        return []
    return [value for value in hashes if value is not None]


def distance(one: int, other: int) -> int:
    """How many of the 64 bits differ: up to about 8 in two copies of one picture, about 32 in two pictures."""
    return ((one ^ other) & 0xFFFF_FFFF_FFFF_FFFF).bit_count()


def _perceived(grey: Any, cut: tuple[float, float, float, float]) -> int | None:
    width, height = grey.size
    box = (cut[0] * width, cut[1] * height, cut[2] * width, cut[3] * height)
    values = list(grey.resize((SIDE, SIDE), box=box, reducing_gap=3.0).tobytes())
    mean = sum(values) / len(values)
    if math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) < PLAIN:
        return None
    low = _low_frequencies([values[row * SIDE : (row + 1) * SIDE] for row in range(SIDE)])
    middle = sorted(low[1:])[len(low) // 2]
    bits = 0
    for value in low:
        bits = bits << 1 | (value > middle)
    return bits - (1 << 64) if bits >= 1 << 63 else bits


def _low_frequencies(rows: Sequence[Sequence[int]]) -> list[float]:
    """The 64 lowest of the cosine transform: what is left of a picture when one screws up one's eyes."""
    waves = _waves()
    across = [[sum(map(_times, row, wave)) for wave in waves] for row in rows]
    columns = list(zip(*across, strict=True))
    return [sum(map(_times, columns[u], waves[v])) for v in range(LOW) for u in range(LOW)]


def _times(one: float, other: float) -> float:
    return one * other


@cache
def _waves() -> list[list[float]]:
    return [[math.cos(math.pi * k * (2 * x + 1) / (2 * SIDE)) for x in range(SIDE)] for k in range(LOW)]


def share(mine: Iterable[int], theirs: Iterable[int]) -> float:
    """How much of mine stands in theirs, 0 to 1."""
    own = set(mine)
    return len(own & set(theirs)) / len(own) if own else 0.0
