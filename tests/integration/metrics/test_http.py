"""The HTTP service in this process, with real servers; and what it says when one of them is away."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import orjson
import psycopg
import pytest

from alerting.metrics.app import make_app
from alerting.metrics.settings import MetricsSettings
from alerting.runtime.broker.kafka import KafkaConsumer, KafkaProducer
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.heartbeat import Heartbeat
from alerting.runtime.ids import new_id
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.web import Web
from fix_http import bearer, make_key, running
from fix_servers import Platform
from fix_topics import topics_are

BOUND = 30.0
METRICS = "/api/v1/metrics"
NOWHERE = "127.0.0.1:1"


def id_of(at: datetime) -> str:
    """Return an id as it was made at a time."""
    return str(UUID(int=(UUID(new_id()).int & ((1 << 80) - 1)) | int(at.timestamp() * 1_000) << 80))


class Filled:
    """Writes notifications and deliveries."""

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True)

    def notify(self, client_id: str, status: str, at: datetime, *deliveries: tuple[str, str]) -> None:
        notification = id_of(at)
        self._connection.execute(
            """
            INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids,
                                       rules_version, status, created_at)
            VALUES (%s, %s, %s, 'HIGH', 's', 'n', '{}', now(), '{}', 1, %s, %s)
            """,
            (notification, client_id, new_id(), status, at),
        )
        for number, (kind, state) in enumerate(deliveries):
            self._connection.execute(
                """
                INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, status, created_at)
                VALUES (%s, %s, %s, %s, %s, 'v', %s, %s)
                """,
                (id_of(at), notification, f"e{number}", client_id, kind, state, at),
            )

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def filled(platform: Platform) -> Iterator[Filled]:
    filled = Filled(platform.dsn)
    yield filled
    filled.close()


@pytest.fixture
def settings(platform: Platform) -> MetricsSettings:
    return platform.settings(MetricsSettings, metrics_cache=0, metrics_lag_interval=0.1)


@pytest.fixture
async def client(settings: MetricsSettings) -> AsyncIterator[httpx.AsyncClient]:
    async with running(make_app(Web(settings, "metrics"), settings)) as client:
        client.headers.update(bearer(make_key(settings.postgres_dsn.get_secret_value(), "admin")))
        yield client


async def get(client: httpx.AsyncClient, path: str, **params: Any) -> Any:
    answer = await client.get(f"{METRICS}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def this_hour() -> datetime:
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


async def test_notifications_by_hour_status_and_type(client: httpx.AsyncClient, filled: Filled) -> None:
    now = this_hour()
    filled.notify("acme", "SENT", now, ("slack", "DELIVERED"), ("email", "DELIVERED"))
    filled.notify("globex", "PARTIAL", now, ("slack", "DELIVERED"), ("email", "FAILED"))
    filled.notify("acme", "RECEIVED", now - timedelta(hours=2), ("webhook", "PENDING"))
    filled.notify("acme", "SENT", now - timedelta(hours=3, seconds=1), ("webhook", "DELIVERED"))
    found = await get(client, "notifications", hours=5)
    assert found["notifications"] == 4
    assert (await get(client, "notifications", hours=4))["notifications"] == 3
    assert found["by_status"] == {"PARTIAL": 1, "RECEIVED": 1, "SENT": 2}
    assert found["by_severity"] == {"HIGH": 4}
    assert found["deliveries"] == 6
    assert (
        found["deliveries_by_type"]
        == {
            "email": {"DELIVERED": 1, "FAILED": 1},
            "slack": {"DELIVERED": 2},
            "webhook": {"DELIVERED": 1, "PENDING": 1},
        }
        or this_hour() != now
    )
    assert sum(hour["by_severity"].get("HIGH", 0) for hour in found["hours"]) == 4
    by_hour = {hour["hour"]: hour["by_status"] for hour in found["hours"]}
    assert len(by_hour) == 5
    assert by_hour[now.strftime("%Y-%m-%dT%H:%M:%SZ")] == {"PARTIAL": 1, "SENT": 1}
    assert by_hour[(now - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")] == {}


async def test_a_client_sees_its_own_figures_only(
    client: httpx.AsyncClient, filled: Filled, platform: Platform
) -> None:
    filled.notify("acme", "SENT", this_hour(), ("slack", "DELIVERED"))
    filled.notify("globex", "FAILED", this_hour(), ("email", "FAILED"))
    assert (await get(client, "notifications", client_id="globex"))["by_status"] == {"FAILED": 1}
    client.headers.update(bearer(make_key(platform.dsn, "client:acme")))
    for params in ({}, {"client_id": "acme"}):
        found = await get(client, "notifications", **params)
        assert found["by_status"] == {"SENT": 1}
        assert found["deliveries_by_type"] == {"slack": {"DELIVERED": 1}}
    assert (await client.get(f"{METRICS}/notifications", params={"client_id": "globex"})).status_code == 404
    assert (await client.get(f"{METRICS}/notifications", params={"client_id": "nobody"})).status_code == 404


@pytest.mark.parametrize("path", ["pipeline", "services", "topics", "notifications", "history", "failing"])
@pytest.mark.parametrize(("scope", "status"), [(None, 401), ("ingest", 403), ("client:acme", 403), ("admin", 200)])
async def test_who_may_see_what(
    client: httpx.AsyncClient, platform: Platform, path: str, scope: str | None, status: int
) -> None:
    if scope is None:
        del client.headers["authorization"]
    else:
        client.headers.update(bearer(make_key(platform.dsn, scope)))
    wanted = 200 if scope == "client:acme" and path in {"notifications", "failing"} else status
    # The leader of a new topic's partition may not be known yet, which is for those to know who may see it.
    allowed = {200, 503} if wanted == 200 else {wanted}
    assert (await client.get(f"{METRICS}/{path}")).status_code in allowed


@pytest.mark.parametrize("hours", ["0", "169", "-1", "many", "1e9"])
async def test_a_wrong_number_of_hours_is_named(client: httpx.AsyncClient, hours: str) -> None:
    for path in ("pipeline", "notifications"):
        answer = await client.get(f"{METRICS}/{path}", params={"hours": hours})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "hours"


async def test_a_client_that_cannot_be(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"{METRICS}/notifications", params={"client_id": "a\0b"})).status_code == 404
    assert (await client.get(f"{METRICS}/notifications", params={"client_id": ""})).status_code == 422


async def test_services_are_known_by_their_heartbeats(client: httpx.AsyncClient, platform: Platform) -> None:
    telemetry = Telemetry(SystemClock())
    telemetry.count("produced", 5)
    telemetry.rules_version = 7
    beats = [
        Heartbeat(platform.settings(Settings, instance=name), "ingest", telemetry, SystemClock()) for name in ("a", "b")
    ]
    for beat in beats:
        beat.beat()
    with platform.redis() as redis:
        redis.set("heartbeat:nonsense", b"{")
        redis.set("rules:version", 1)
    (ingest,) = (await get(client, "services"))["items"]
    assert (ingest["service"], [each["instance"] for each in ingest["instances"]]) == ("ingest", ["a", "b"])
    assert ingest["counters"]["produced"] == 10
    assert ingest["rules_version"] == 7
    assert (await get(client, "pipeline"))["alerts"]["rate"] > 0


async def test_more_heartbeats_than_one_question_gives(client: httpx.AsyncClient, platform: Platform) -> None:
    body = {"service": "s", "version": "1", "started_at": 1, "at": 1, "counters": {}, "rates": {}, "latency_ms": {}}
    with platform.redis() as redis:
        redis.mset({f"heartbeat:s:{n}": orjson.dumps({**body, "instance": str(n)}) for n in range(1_200)})
        redis.mset({f"other:{n}": b"" for n in range(3_000)})
    (service,) = (await get(client, "services"))["items"]
    assert len(service["instances"]) == 1_200


def consume_all(platform: Platform, group: str, count: int) -> None:
    """Commit `count` messages of alerts.new."""
    consumer = KafkaConsumer(platform.settings(Settings), "alerts.new", group)
    done = 0
    deadline = time.monotonic() + BOUND
    try:
        while done < count:
            assert time.monotonic() < deadline
            messages = consumer.consume(count - done, 0.5)
            if messages:
                consumer.commit(messages)
            done += len(messages)
    finally:
        consumer.close()


async def test_lag_is_what_the_group_has_not_committed(client: httpx.AsyncClient, platform: Platform) -> None:
    producer = KafkaProducer(platform.settings(Settings))
    for number in range(100):
        producer.send("alerts.new", b"%d" % number, b"")
    for _ in range(3):
        producer.send("alerts.new.dlq", None, b"")
    producer.flush()

    await topics_are(client, "alerts.new", written=100, lag=100, dead_letters=3, partitions=3)
    await asyncio.to_thread(consume_all, platform, "another-group", 100)
    await asyncio.to_thread(consume_all, platform, "evaluator-group", 60)
    await topics_are(client, "alerts.new", written=100, lag=40, dead_letters=3)
    assert (await pipeline_without(client, set()))["alerts"]["written"] == 100


async def test_the_lag_is_a_gauge(client: httpx.AsyncClient, platform: Platform) -> None:
    producer = KafkaProducer(platform.settings(Settings))
    for _ in range(5):
        producer.send("alerts.matched", b"acme", b"")
    producer.flush()
    wanted = 'alerting_consumer_lag{group="aggregator-group",topic="alerts.matched"} 5.0'
    async with asyncio.timeout(BOUND):
        while wanted not in (await client.get("/metrics")).text:
            await asyncio.sleep(0.05)


@pytest.fixture
async def hobbled(platform: Platform, request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    """The service with a dependency that is not there."""
    settings = platform.settings(MetricsSettings, **request.param, metrics_timeout=1)
    async with running(make_app(Web(settings, "metrics"), settings)) as client:
        client.headers.update(bearer(make_key(platform.dsn, "admin")))
        yield client


async def pipeline_without(client: httpx.AsyncClient, lost: set[str]) -> Any:
    """Wait until exactly these parts are away: a new topic needs a moment."""
    deadline = time.monotonic() + BOUND
    while True:
        found = await get(client, "pipeline")
        if {name for name, state in found["parts"].items() if state == "unavailable"} == lost:
            return found
        assert time.monotonic() < deadline, found["parts"]
        await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("hobbled", "lost", "part", "path"),
    [
        ({"redis_url": f"redis://{NOWHERE}/0"}, "redis", "services", "services"),
        ({"kafka_bootstrap_servers": NOWHERE}, "kafka", "topics", "topics"),
    ],
    indirect=["hobbled"],
)
async def test_a_part_that_is_away_takes_no_other_with_it(
    hobbled: httpx.AsyncClient, filled: Filled, lost: str, part: str, path: str
) -> None:
    filled.notify("acme", "SENT", this_hour())
    found = await pipeline_without(hobbled, {lost})
    assert found[part] is None
    assert found["notifications"]["by_status"] == {"SENT": 1}
    answer = await hobbled.get(f"{METRICS}/{path}")
    assert answer.status_code == 503
    assert lost in answer.json()["detail"]
    ready = await hobbled.get("/readyz")
    assert ready.status_code == 503
    assert ready.json()["checks"][lost] == "unavailable"


async def test_questions_in_one_moment_are_one_question(platform: Platform, filled: Filled) -> None:
    settings = platform.settings(MetricsSettings, metrics_cache=60)
    filled.notify("acme", "SENT", this_hour())
    async with running(make_app(Web(settings, "metrics"), settings)) as client:
        client.headers.update(bearer(make_key(platform.dsn, "admin")))
        first = await get(client, "notifications")
        filled.notify("acme", "SENT", this_hour())
        assert await get(client, "notifications") == first
        assert (await get(client, "notifications", hours=1))["notifications"] == 2
