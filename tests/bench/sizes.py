"""How big the big numbers are."""

from dataclasses import dataclass


@dataclass
class Sizes:
    """`scale` 1 is what the targets speak of; smaller is for trying things out."""

    scale: float = 1.0

    def of(self, number: int) -> int:
        """A number of rows at this scale."""
        return max(100, int(number * self.scale))


sizes = Sizes()
