"""What fails now, from a real database."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
import pytest

from alerting.metrics.app import make_app
from alerting.metrics.settings import MetricsSettings
from alerting.runtime.ids import new_id
from alerting.runtime.web import Web
from fix_http import bearer, make_key, running
from fix_servers import Platform

PATH = "/api/v1/metrics/failing"
HOOK = "https://hooks.example/services/T000/B000/0123456789abcdef"


class Filled:
    """Writes clients, endpoints, receivers and notifications."""

    def __init__(self, dsn: str) -> None:
        self._connection = psycopg.connect(dsn, autocommit=True)
        for client in ("acme", "globex"):
            self._connection.execute("INSERT INTO clients (id, name) VALUES (%s, %s)", (client, client))

    def endpoint(self, client: str, value: str, *, enabled: bool = True, reason: str | None = None) -> str:
        rule, endpoint = new_id(), new_id()
        self._connection.execute(
            "INSERT INTO rules (id, client_id, severity, source, name) VALUES (%s, %s, 'LOW', %s, 'n')",
            (rule, client, rule),
        )
        self._connection.execute(
            "INSERT INTO endpoints (id, rule_id, client_id, type, value, enabled, disabled_reason)"
            " VALUES (%s, %s, %s, 'webhook', %s, %s, %s)",
            (endpoint, rule, client, value, enabled, reason),
        )
        return endpoint

    def rule_of(self, endpoint: str) -> dict[str, str]:
        (row,) = self._connection.execute(
            "SELECT rules.id, source, name FROM endpoints JOIN rules ON rules.id = rule_id WHERE endpoints.id = %s",
            (endpoint,),
        )
        return dict(zip(("id", "source", "name"), row, strict=True))

    def receiver(self, client: str, value: str, minutes: float | None, *, open_for: float = 0) -> None:
        now = datetime.now(UTC)
        self._connection.execute(
            "INSERT INTO receivers"
            " (id, client_id, type, value, failing_since, failures, last_failure_at, last_error, open_until)"
            " VALUES (%s, %s, 'webhook', %s, %s, 7, %s, 'HTTP 500', %s)",
            (
                new_id(),
                client,
                value,
                None if minutes is None else now - timedelta(minutes=minutes),
                now,
                now + timedelta(minutes=open_for),
            ),
        )

    def notify(self, client: str, status: str, *, minutes: float = 5, number: int = 1) -> None:
        at = datetime.now(UTC) - timedelta(minutes=minutes)
        self._connection.execute(
            """
            INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids,
                                       rules_version, status, created_at)
            SELECT (%(first)s || lpad(to_hex(n), 12, '0'))::uuid, %(client)s, %(first)s || n, 'HIGH', 's', 'n', '{}',
                   now(), '{}', 1, %(status)s, %(at)s
            FROM generate_series(1, %(number)s) AS n
            """,
            {"first": str(id_at(at))[:-12], "client": client, "status": status, "at": at, "number": number},
        )

    def close(self) -> None:
        self._connection.close()


def id_at(at: datetime) -> UUID:
    """Return an id as it was made at a time."""
    return UUID(int=(uuid4().int & ((1 << 80) - 1)) | int(at.timestamp() * 1_000) << 80)


@pytest.fixture
def filled(platform: Platform) -> Iterator[Filled]:
    filled = Filled(platform.dsn)
    yield filled
    filled.close()


@pytest.fixture
async def client(platform: Platform) -> AsyncIterator[httpx.AsyncClient]:
    settings = platform.settings(MetricsSettings, metrics_cache=0)
    async with running(make_app(Web(settings, "metrics"), settings)) as client:
        client.headers.update(bearer(make_key(platform.dsn, "admin")))
        yield client


async def failing(client: httpx.AsyncClient, **params: str) -> Any:
    answer = await client.get(PATH, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_when_all_is_well(client: httpx.AsyncClient, filled: Filled) -> None:
    filled.endpoint("acme", HOOK)
    filled.receiver("acme", HOOK, None)
    filled.notify("acme", "SENT")
    filled.notify("acme", "RECEIVED", minutes=0)
    filled.notify("acme", "FAILED", minutes=25 * 60)
    found = await failing(client)
    assert (found["receivers"], found["receivers_more"]) == ([], False)
    assert found["notifications_failed"] == found["waiting"] == {"count": 0, "more": False}
    assert found["services_down"] == [
        "ingest", "evaluator", "aggregator", "sender", "rule-service", "rule-updater",
    ]  # fmt: skip


async def test_receivers_that_fail_the_longest_first(client: httpx.AsyncClient, filled: Filled) -> None:
    first, second = sorted(filled.endpoint("acme", HOOK) for _ in range(2))
    filled.endpoint("globex", "https://globex.example/")
    filled.endpoint("globex", HOOK)
    filled.receiver("acme", HOOK, 5, open_for=3)
    filled.receiver("globex", "https://globex.example/", 60, open_for=-3)
    longest, mine = (await failing(client))["receivers"]
    assert (longest["client_id"], longest["shown"]) == ("globex", "https://globex.example/")
    assert longest["open_until"] is None
    assert mine["endpoint_ids"] == [first, second]
    assert mine["rule"] == filled.rule_of(first) != filled.rule_of(second)
    assert (mine["failures"], mine["last_error"], mine["given_up"]) == (7, "HTTP 500", False)
    assert mine["open_until"] > mine["failing_since"]
    assert "B000" not in str(mine)
    assert mine["shown"].startswith("https://hooks.example/")


async def test_what_nobody_wants_any_more_is_no_trouble(client: httpx.AsyncClient, filled: Filled) -> None:
    filled.receiver("acme", "https://acme.example/edited", 5)
    filled.endpoint("acme", "https://acme.example/disabled", enabled=False)
    filled.receiver("acme", "https://acme.example/disabled", 5)
    given_up = filled.endpoint("acme", "https://acme.example/gone", enabled=False, reason="it is gone")
    filled.receiver("acme", "https://acme.example/gone", 5)
    (found,) = (await failing(client))["receivers"]
    assert (found["endpoint_ids"], found["given_up"]) == ([given_up], True)


async def test_what_failed_and_what_waits(client: httpx.AsyncClient, filled: Filled) -> None:
    filled.notify("acme", "FAILED")
    filled.notify("acme", "PARTIAL", minutes=23 * 60)
    filled.notify("globex", "RECEIVED", minutes=2, number=3)
    filled.notify("globex", "NO_ENDPOINT")
    found = await failing(client)
    assert found["notifications_failed"] == {"count": 2, "more": False}
    assert found["waiting"] == {"count": 3, "more": False}


async def test_counts_are_bounded(client: httpx.AsyncClient, filled: Filled) -> None:
    filled.notify("acme", "FAILED", number=10_001)
    filled.notify("globex", "RECEIVED", number=10_000)
    found = await failing(client)
    assert found["notifications_failed"] == {"count": 10_000, "more": True}
    assert found["waiting"] == {"count": 10_000, "more": False}


async def test_more_receivers_than_are_shown(client: httpx.AsyncClient, filled: Filled) -> None:
    for number in range(101):
        filled.endpoint("acme", f"https://acme.example/{number}")
        filled.receiver("acme", f"https://acme.example/{number}", number)
    found = await failing(client)
    assert (len(found["receivers"]), found["receivers_more"]) == (100, True)


async def test_a_client_sees_its_own(client: httpx.AsyncClient, filled: Filled, platform: Platform) -> None:
    for name in ("acme", "globex"):
        filled.endpoint(name, HOOK)
        filled.receiver(name, HOOK, 5)
        filled.notify(name, "FAILED")
        filled.notify(name, "RECEIVED")
    assert len((await failing(client))["receivers"]) == 2
    of_one = await failing(client, client_id="acme")
    client.headers.update(bearer(make_key(platform.dsn, "client:acme")))
    for found in (of_one, await failing(client), await failing(client, client_id="acme")):
        assert [receiver["client_id"] for receiver in found["receivers"]] == ["acme"]
        assert found["notifications_failed"]["count"] == found["waiting"]["count"] == 1
        assert (found["dead_letters"], found["services_down"]) == (None, None)
        assert found["parts"] == {"postgres": "ok"}
    for other in ("globex", "nobody", "a\0b"):
        assert (await client.get(PATH, params={"client_id": other})).status_code == 404


async def test_without_redis_and_the_broker(platform: Platform, filled: Filled) -> None:
    filled.notify("acme", "FAILED")
    settings = platform.settings(
        MetricsSettings, redis_url="redis://127.0.0.1:1/0", kafka_bootstrap_servers="127.0.0.1:1", metrics_timeout=1
    )
    async with running(make_app(Web(settings, "metrics"), settings)) as client:
        client.headers.update(bearer(make_key(platform.dsn, "admin")))
        found = await failing(client)
    assert found["parts"] == {"postgres": "ok", "redis": "unavailable", "kafka": "unavailable"}
    assert (found["dead_letters"], found["services_down"]) == (None, None)
    assert found["notifications_failed"]["count"] == 1
