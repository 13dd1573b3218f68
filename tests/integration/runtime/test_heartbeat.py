"""Heartbeats, in a real Redis."""

import json
import time
from collections.abc import Callable
from importlib.metadata import version

from redis import Redis

from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.heartbeat import TTL_SECONDS, Heartbeat
from alerting.runtime.telemetry import Telemetry
from fix_clock import FakeClock

BOUND = 20.0
NOWHERE = "redis://127.0.0.1:1/0"


def heartbeat(url: str, telemetry: Telemetry | None = None, interval: float = 0.02) -> Heartbeat:
    settings = Settings(redis_url=url, instance="i-1", heartbeat_interval=interval)
    return Heartbeat(settings, "sender", telemetry or Telemetry(SystemClock()), FakeClock())


def wait_until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + BOUND
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_heartbeat_tells_who_and_how(redis_url: str) -> None:
    telemetry = Telemetry(SystemClock())
    telemetry.count("consumed", 3)
    telemetry.rules_version = 9
    heartbeat(redis_url, telemetry).beat()
    with Redis.from_url(redis_url) as redis:
        body = json.loads(redis.get("heartbeat:sender:i-1"))
        assert 0 < redis.ttl("heartbeat:sender:i-1") <= TTL_SECONDS == 30
    assert (body["service"], body["instance"], body["version"]) == ("sender", "i-1", version("alerting"))
    assert body["counters"]["consumed"] == 3
    assert set(body["rates"]) == {"consumed", "produced", "refused", "errors", "dead_letters"}
    assert set(body["latency_ms"]) == {"p50", "p95", "p99"}
    assert body["rules_version"] == 9
    assert body["at"] == body["started_at"] == 1_700_000_000


def test_it_beats_until_it_is_closed_and_takes_its_key_with_it(redis_url: str) -> None:
    telemetry = Telemetry(SystemClock())
    beating = heartbeat(redis_url, telemetry)
    with Redis.from_url(redis_url) as redis:
        beating.start()
        wait_until(lambda: redis.exists(beating.key))
        telemetry.count("consumed")
        wait_until(lambda: json.loads(redis.get(beating.key))["counters"]["consumed"] == 1)
        beating.close()
        assert not redis.exists(beating.key)


def test_without_redis_the_process_lives_and_leaves_soon() -> None:
    beating = heartbeat(NOWHERE)
    beating.start()
    assert beating._thread.is_alive()
    started = time.monotonic()
    beating.close()
    assert not beating._thread.is_alive()
    assert time.monotonic() - started < BOUND


def test_when_redis_comes_back_so_does_the_heartbeat(redis_url: str) -> None:
    beating = heartbeat(redis_url)
    with Redis.from_url(redis_url) as redis:
        redis.config_set("maxmemory", "1")
        try:
            beating.start()
            time.sleep(0.1)
            assert not redis.exists(beating.key)
        finally:
            redis.config_set("maxmemory", "0")
        wait_until(lambda: redis.exists(beating.key))
        beating.close()
