import pytest

from cms.core.caching import ForgivingRedisCache
from tests.funding.sandbox_server import free_port


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> ForgivingRedisCache:
    """Nobody listens there."""
    monkeypatch.setattr(ForgivingRedisCache, "_gone_until", 0.0)
    return ForgivingRedisCache(f"redis://127.0.0.1:{free_port()}/0", {})


def test_without_redis_everything_is_a_miss(gone: ForgivingRedisCache) -> None:
    gone.set("a", 1)
    assert gone.get("a", "nothing") == "nothing"
    assert gone.get_many(["a"]) == {}
    assert gone.get_or_set("a", lambda: 7) == 7
    assert gone.add("a", 1)
    assert [gone.touch("a"), gone.delete("a"), gone.has_key("a")] == [False] * 3
    assert gone.set_many({"a": 1}) == ["a"]
    gone.delete_many(["a"])
    gone.clear()
    with pytest.raises(ValueError, match="counted"):
        gone.incr("a")


def test_it_is_not_asked_again_at_once(gone: ForgivingRedisCache, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", lambda *_: asked.append(1))
    gone.get("a")
    gone.set("a", 1)
    gone.get("a")
    assert len(asked) == 1
