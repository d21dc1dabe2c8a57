"""What every kind of text is read into."""

from dataclasses import dataclass, field
from typing import Any


class Unreadable(Exception):
    """Not the kind of text that it is said to be."""


@dataclass(frozen=True)
class FoundPicture:
    """A picture of the text: its bytes where they came along, else the address where it lies."""

    data: bytes = b""
    address: str = ""
    alt: str = ""
    caption: str = ""


@dataclass
class Brought:
    """Blocks in their order: raw stream data, or a `FoundPicture` that has to become one. `left_out` says what was not
    taken, by kind and how often.
    """

    title: str = ""
    blocks: list[dict[str, Any] | FoundPicture] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, kind: str) -> None:
        """Count what has no place in a story."""
        self.left_out[kind] = self.left_out.get(kind, 0) + 1

    @property
    def pictures(self) -> int:
        """How many there are."""
        return sum(isinstance(block, FoundPicture) for block in self.blocks)
