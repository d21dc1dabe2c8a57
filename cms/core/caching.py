"""The cache on Redis, whose absence is a miss and never an error: nothing that must be right is decided by it."""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# Real seconds without another try: a Redis that doesn't answer at all would hold up every request.
PAUSE = 2.0


class ForgivingRedisCache(RedisCache):
    """Django's, but with Redis gone it remembers nothing. Limits of rates, which count here, then don't hold."""

    _gone_until = 0.0

    def _try(self, ask: Callable[[], Any], otherwise: Any) -> Any:
        # An instance lives for a request; that Redis is gone is known to the process.
        if time.monotonic() < ForgivingRedisCache._gone_until:
            return otherwise
        try:
            return ask()
        except RedisError as error:
            ForgivingRedisCache._gone_until = time.monotonic() + PAUSE
            logger.warning("The cache can't be reached and is done without: %s", error)
            return otherwise

    def add(self, *args: Any, **options: Any) -> bool:
        """True: as if nobody had it, so that whoever asks goes on."""
        return bool(self._try(lambda: super(ForgivingRedisCache, self).add(*args, **options), True))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """`default` when it can't be known."""
        return self._try(lambda: super(ForgivingRedisCache, self).get(key, default, version), default)

    def set(self, *args: Any, **options: Any) -> None:
        """Forgotten at once when Redis is gone."""
        self._try(lambda: super(ForgivingRedisCache, self).set(*args, **options), None)

    def touch(self, *args: Any, **options: Any) -> bool:
        """False: it isn't there."""
        return bool(self._try(lambda: super(ForgivingRedisCache, self).touch(*args, **options), False))

    def delete(self, *args: Any, **options: Any) -> bool:
        """False: it isn't there."""
        return bool(self._try(lambda: super(ForgivingRedisCache, self).delete(*args, **options), False))

    def get_many(self, keys: Iterable[Any], version: int | None = None) -> dict[Any, Any]:
        """None of them."""
        found: dict[Any, Any] = self._try(lambda: super(ForgivingRedisCache, self).get_many(keys, version), {})
        return found

    def has_key(self, *args: Any, **options: Any) -> bool:
        """No."""
        return bool(self._try(lambda: super(ForgivingRedisCache, self).has_key(*args, **options), False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises `ValueError`, as for a key that isn't there."""
        counted = self._try(lambda: super(ForgivingRedisCache, self).incr(key, delta, version), None)
        if counted is None:
            raise ValueError(f"Key {key!r} can't be counted.")
        return int(counted)

    def set_many(self, data: Mapping[Any, Any], *args: Any, **options: Any) -> list[Any]:
        """All keys as failed, as the protocol has it."""
        failed: list[Any] = self._try(
            lambda: super(ForgivingRedisCache, self).set_many(dict(data), *args, **options), list(data)
        )
        return failed

    def delete_many(self, *args: Any, **options: Any) -> None:
        """Nothing to delete."""
        self._try(lambda: super(ForgivingRedisCache, self).delete_many(*args, **options), None)

    def clear(self) -> None:
        """Empty already."""
        self._try(super().clear, None)
