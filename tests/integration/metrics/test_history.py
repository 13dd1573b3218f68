"""The history, in a real Redis."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from redis import Redis

from alerting.metrics.answers import ServiceFigures, Snapshot, TopicFigures
from alerting.metrics.app import make_app
from alerting.metrics.history import COARSE, FINE, HistoryLog, snapshot_of
from alerting.metrics.settings import MetricsSettings
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.heartbeat import Heartbeat
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import GROUPS
from alerting.runtime.web import Web
from fix_http import bearer, make_key, running
from fix_servers import Platform

BOUND = 30.0
SERVICES = (
    "ingest", "alert-producer", "rule-service", "rule-updater", "evaluator", "aggregator", "sender", "metrics",
)  # fmt: skip


def snapshot(lag: int = 5) -> Snapshot:
    """Return what there is to keep of a whole platform under load."""
    rates = {"consumed": 13_123.123, "produced": 13_123.123, "errors": 0.0, "dead_letters": 0.017}
    latencies: dict[str, float | None] = {"p50": 12.345, "p95": 123.456, "p99": 1_234.567}
    services = [
        ServiceFigures(
            service=name, instances=[], counters={}, rates=rates, latency_ms=latencies, versions=[], rules_version=7
        )
        for name in SERVICES
    ]
    topics = [
        TopicFigures(topic=name, group=group, partitions=9, written=123_456_789, lag=lag, dead_letters=12)
        for name, group in GROUPS.items()
    ]
    return snapshot_of(services, topics)


@pytest.fixture
async def history(redis_url: str) -> AsyncIterator[HistoryLog]:
    settings = MetricsSettings.model_validate({"redis_url": redis_url})
    log = HistoryLog(settings, SystemClock(), timeout=5, seconds=0)
    yield log
    await log.close()


@pytest.fixture
def redis(redis_url: str) -> Any:
    with Redis.from_url(redis_url) as client:
        yield client


def put(redis: Any, key: str, at: float, sample: bytes = b'{"services": {}, "topics": null}') -> None:
    redis.xadd(key, {"sample": sample}, id=f"{int(at) * 1_000}-0")


async def test_a_sample_comes_back_as_it_was(history: HistoryLog) -> None:
    assert 0 < await history.add(snapshot()) <= FINE.step
    for minutes, step in ((60, 10), (61, 60), (1_440, 60)):
        found = await history.read(minutes)
        assert found.step_seconds == step
        (sample,) = found.samples
        assert (sample.services, sample.topics) == (snapshot().services, snapshot().topics)
        assert sample.at.timestamp() % step == 0
        assert 0 <= time.time() - sample.at.timestamp() < step + BOUND


async def test_of_each_step_the_first_sample_is_kept(history: HistoryLog, redis: Any) -> None:
    seconds, _ = redis.time()
    ahead = seconds - seconds % 60 + 60
    for key in (FINE.key, COARSE.key):
        put(redis, key, ahead)
    # What another process has said already, even one that is ahead, is not said again.
    for _ in range(3):
        await history.add(snapshot())
    assert (redis.xlen(FINE.key), redis.xlen(COARSE.key)) == (1, 1)


async def test_many_processes_keep_one_history(redis_url: str, redis: Any) -> None:
    settings = MetricsSettings.model_validate({"redis_url": redis_url})
    logs = [HistoryLog(settings, SystemClock(), timeout=5, seconds=0) for _ in range(5)]
    begun, _ = redis.time()
    await asyncio.gather(*(log.add(snapshot()) for log in logs for _ in range(10)))
    ended, _ = redis.time()
    assert 1 <= redis.xlen(FINE.key) <= 1 + ended // FINE.step - begun // FINE.step
    for log in logs:
        await log.close()


async def test_what_was_not_sampled_is_missing(history: HistoryLog, redis: Any) -> None:
    now = int(time.time())
    now -= now % 10
    for ago in (3_000, 200, 190, 40):
        put(redis, FINE.key, now - ago)
    found = await history.read(60)
    assert [now - int(sample.at.timestamp()) for sample in found.samples] == [3_000, 200, 190, 40]
    assert len((await history.read(5)).samples) == 3


async def test_what_is_old_is_not_shown(history: HistoryLog, redis: Any) -> None:
    put(redis, FINE.key, time.time() - 3_700)
    put(redis, COARSE.key, time.time() - 90_000)
    assert (await history.read(60)).samples == []
    assert (await history.read(1_440)).samples == []


async def test_what_cannot_be_read_is_missing(history: HistoryLog, redis: Any) -> None:
    now = int(time.time())
    for ago, body in ((30, b"{"), (20, b'{"services": 7}'), (10, b'{"services": {}, "topics": null, "new": 1}')):
        put(redis, FINE.key, now - ago, body)
    assert [sample.at for sample in (await history.read(60)).samples] == [datetime.fromtimestamp(now - 10, UTC)]


async def test_a_full_history_is_bounded_and_small(history: HistoryLog, redis: Any) -> None:
    seconds, _ = redis.time()
    body = snapshot().model_dump_json().encode()
    pipeline = redis.pipeline()
    for series in (FINE, COARSE):
        for number in range(series.most + 50, 0, -1):
            at = seconds - seconds % series.step - number * series.step
            pipeline.xadd(series.key, {"sample": body}, id=f"{at * 1_000}-0")
    pipeline.execute()
    await history.add(snapshot())
    assert (redis.xlen(FINE.key), redis.xlen(COARSE.key)) == (360, 1_440)
    assert 3_500 < redis.ttl(FINE.key) <= 3_600
    assert 86_300 < redis.ttl(COARSE.key) <= 86_400
    used = redis.memory_usage(FINE.key, samples=0) + redis.memory_usage(COARSE.key, samples=0)
    assert used < 3_500_000
    day = await history.read(1_440)
    assert 1_439 <= len(day.samples) <= 1_440


async def test_without_redis() -> None:
    nowhere = MetricsSettings.model_validate({"redis_url": "redis://127.0.0.1:1/0"})
    log = HistoryLog(nowhere, SystemClock(), timeout=1, seconds=0)
    with pytest.raises(Unavailable):
        await log.add(snapshot())
    with pytest.raises(Unavailable):
        await log.read(60)
    await log.close()


@pytest.fixture
def settings(platform: Platform) -> MetricsSettings:
    return platform.settings(MetricsSettings, metrics_cache=0)


async def first_sample(client: httpx.AsyncClient) -> Any:
    async with asyncio.timeout(BOUND):
        while True:
            answer = await client.get("/api/v1/metrics/history")
            assert answer.status_code == 200, answer.text
            if answer.json()["samples"]:
                return answer.json()
            await asyncio.sleep(0.05)


async def test_the_service_takes_samples(platform: Platform, settings: MetricsSettings) -> None:
    for name in ("a", "b"):
        beating = platform.settings(Settings, instance=name)
        Heartbeat(beating, "sender", Telemetry(SystemClock()), SystemClock()).beat()
    async with running(make_app(Web(settings, "metrics"), settings)) as client:
        client.headers.update(bearer(make_key(platform.dsn, "admin")))
        found = await first_sample(client)
        assert found["step_seconds"] == 10
        (sample,) = found["samples"][:1]
        assert sample["services"]["sender"]["instances"] == 2
        assert sample["services"]["sender"]["latency_ms"] == {"p50": None, "p95": None, "p99": None}
        for minutes in ("0", "1441", "x"):
            answer = await client.get("/api/v1/metrics/history", params={"minutes": minutes})
            assert answer.status_code == 422
        client.headers.update(bearer(make_key(platform.dsn, "client:acme")))
        assert (await client.get("/api/v1/metrics/history")).status_code == 403


async def test_without_the_broker_a_sample_says_so(platform: Platform) -> None:
    settings = platform.settings(
        MetricsSettings, kafka_bootstrap_servers="127.0.0.1:1", metrics_timeout=1, metrics_cache=0
    )
    async with running(make_app(Web(settings, "metrics"), settings)) as client:
        client.headers.update(bearer(make_key(platform.dsn, "admin")))
        assert (await first_sample(client))["samples"][0]["topics"] is None
