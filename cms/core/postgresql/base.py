"""The database backend, named in DATABASES."""

import time

from django.db.backends.postgresql import base

TRUSTED = 1.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """Tries a kept connection once a second rather than before each request, where the trial costs as much as the
    question. A server that restarts within that second costs one failed request a connection, as without trials.
    """

    _tried = float("-inf")

    def close_if_health_check_failed(self) -> None:
        """Try the connection, unless it has just been tried."""
        if self.connection is None or time.monotonic() - self._tried < TRUSTED:
            return
        super().close_if_health_check_failed()
        self._tried = time.monotonic()
