"""The sandbox's own clock: real time plus a persistent offset."""

import time

from funding.sandbox.store import Store


class Clock:
    """Reads the sandbox's time in Unix seconds; the offset survives a restart."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._offset = float(store.setting("clock_offset") or 0)

    @property
    def offset(self) -> float:
        """Seconds between real time and the sandbox."""
        return self._offset

    def set_offset(self, offset: float) -> None:
        """Move the clock; work that becomes due by it is the caller's to run."""
        self._store.set_setting("clock_offset", repr(float(offset)))
        self._offset = float(offset)

    def now(self) -> float:
        """The sandbox's time in Unix seconds."""
        return time.time() + self._offset

    def timestamp(self) -> int:
        """The same, in whole seconds."""
        return int(self.now())
