"""The database backend, named in DATABASES."""

import time

from django.db.backends.postgresql import base

TRUSTED = 1.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """Tries a kept connection once a second rather than before each request, where the trial costs as much as the
    question. A server that restarts within that second costs one failed request a connection, as without trials.
    """

    health_check_done: bool
    _tried = float("-inf")

    def close_if_health_check_failed(self) -> None:
        """Try the connection, unless it has just been tried."""
        if self.connection is None or self.health_check_done:
            return
        if time.monotonic() - self._tried < TRUSTED:
            # Good for this whole request: tried amid a transaction that has failed, it would be taken for broken.
            self.health_check_done = True
            return
        super().close_if_health_check_failed()
        self._tried = time.monotonic()
