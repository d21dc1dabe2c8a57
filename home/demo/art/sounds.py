"""The demo makes its own sound: clappers, a small gong and a large one, as numbers and nothing else."""

from __future__ import annotations

import io
import math
import wave
from array import array

RATE = 16_000
# (seconds, partials of the tone, how fast it fades, loudness): three beats, a small gong; again, and the large one.
_CLAPPER, _SMALL, _LARGE = (1_850.0, 2_430.0), (620.0, 1_010.0, 1_680.0), (118.0, 203.0, 311.0, 474.0, 689.0)
_SCORE = (
    *((beat, _CLAPPER, 30.0, 0.35) for beat in (0.2, 0.6, 1.0)), (1.4, _SMALL, 4.0, 0.4),
    *((beat, _CLAPPER, 30.0, 0.35) for beat in (2.6, 3.0, 3.4)), (3.8, _LARGE, 0.9, 0.55),
)  # fmt: skip
_LENGTH = 8.0


def gong() -> bytes:
    """Eight seconds as WAV, the same each time."""
    loud = array("d", bytes(8 * int(RATE * _LENGTH)))
    for start, partials, fading, volume in _SCORE:
        _strike(loud, int(start * RATE), partials, fading, volume)
    samples = array("h", (int(max(-1.0, min(1.0, value)) * 32_000) for value in loud))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def _strike(loud: array[float], begin: int, partials: tuple[float, ...], fading: float, volume: float) -> None:
    last = min(len(loud) - begin, int(RATE * 6 / fading))
    for number, pitch in enumerate(partials):
        share, step, fade = volume / len(partials), 2 * math.pi * pitch / RATE, fading * (1 + number * 0.35) / RATE
        for sample in range(last):
            loud[begin + sample] += share * math.sin(step * sample) * math.exp(-fade * sample)
