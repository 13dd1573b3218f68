"""The HTTP service in this process: a real database for the keys, and the broker in memory."""

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from alerting.alert_producer.app import make_app
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.events.v1 import AlertNew, Severity
from alerting.runtime.broker.memory import MemoryBroker, MemoryProducer
from alerting.runtime.web import Web
from fix_http import bearer, make_key, running

BOUND = 20.0
JOBS = "/api/v1/jobs"
BURST = {"kind": "burst", "count": 1_000, "seed": 7}
ONE = {"kind": "one", "severity": "HIGH", "source": "payments", "name": "PaymentTimeout"}
ENDLESS = {"kind": "continuous", "rps": 20, "duration": 3_000}


@pytest.fixture
def settings(database: str, redis_url: str) -> AlertProducerSettings:
    return AlertProducerSettings(
        postgres_dsn=database,
        redis_url=redis_url,
        producer_max_jobs=2,
        producer_max_rps=1_000,
        producer_max_count=100_000,
        producer_max_duration=3_600,
        drain_timeout=10,
    )


@pytest.fixture
def broker() -> MemoryBroker:
    return MemoryBroker()


@pytest.fixture
async def client(settings: AlertProducerSettings, broker: MemoryBroker) -> AsyncIterator[httpx.AsyncClient]:
    app = make_app(Web(settings, "alert-producer"), settings, lambda: MemoryProducer(broker))
    async with running(app) as client:
        client.headers.update(bearer(make_key(settings.postgres_dsn.get_secret_value(), "admin")))
        yield client


async def ended(client: httpx.AsyncClient, job: Any) -> Any:
    """Wait until a job ended, and return it."""
    async with asyncio.timeout(BOUND):
        while True:
            found = (await client.get(f"{JOBS}/{job['id']}")).json()
            if found["status"] in {"completed", "stopped", "failed"}:
                return found
            await asyncio.sleep(0.02)


async def start(client: httpx.AsyncClient, body: dict[str, Any]) -> Any:
    answer = await client.post(JOBS, json=body)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{JOBS}/{answer.json()['id']}"
    return answer.json()


def sent(broker: MemoryBroker) -> list[AlertNew]:
    return [AlertNew.FromString(message.value() or b"") for message in broker.messages("alerts.new")]


async def test_a_burst(client: httpx.AsyncClient, broker: MemoryBroker) -> None:
    job = await ended(client, await start(client, BURST))
    assert job["status"] == "completed"
    assert (job["kind"], job["total"], job["sent"], job["acknowledged"], job["seed"]) == (
        "burst",
        1_000,
        1_000,
        1_000,
        7,
    )
    assert job["error"] is None
    assert job["finished_at"] >= job["started_at"]
    assert job["created_by"] == "the admin key"
    assert len({alert.alert_id for alert in sent(broker)}) == 1_000
    assert all(alert.alert_id.startswith(job["id_prefix"]) for alert in sent(broker))


async def test_a_burst_of_a_mix(client: httpx.AsyncClient, broker: MemoryBroker) -> None:
    mix = {"severities": {"LOW": 1}, "sources": {"mysql": 1}, "context_keys": 0}
    job = await ended(client, await start(client, {**BURST, "mix": mix, "id_prefix": "mine"}))
    assert job["mix"]["sources"] == {"mysql": 1}
    assert {(alert.severity, alert.source, len(alert.context)) for alert in sent(broker)} == {
        (Severity.LOW, "mysql", 0)
    }
    assert {alert.alert_id[:5] for alert in sent(broker)} == {"mine-"}


async def test_one_alert(client: httpx.AsyncClient, broker: MemoryBroker) -> None:
    job = await ended(client, await start(client, {**ONE, "context": {"k": "v"}}))
    assert (job["status"], job["total"], job["acknowledged"]) == ("completed", 1, 1)
    (alert,) = sent(broker)
    assert (alert.alert_id, alert.severity, alert.source, alert.name) == (
        job["alert_id"],
        Severity.HIGH,
        "payments",
        "PaymentTimeout",
    )
    assert dict(alert.context) == {"k": "v"}
    assert {"kind": "one", **job["alert"]} == {**ONE, "context": {"k": "v"}, "alert_id": job["alert_id"]}


async def test_a_continuous_job_is_stopped(client: httpx.AsyncClient, broker: MemoryBroker) -> None:
    job = await start(client, ENDLESS)
    answer = await client.post(f"{JOBS}/{job['id']}/stop")
    assert answer.status_code == 200
    assert answer.json()["status"] in {"stopping", "stopped"}
    found = await ended(client, job)
    assert found["status"] == "stopped"
    assert found["acknowledged"] == len(sent(broker)) < found["total"]
    assert (await client.post(f"{JOBS}/{job['id']}/stop")).json() == found


async def test_a_continuous_job_ends_with_its_total(client: httpx.AsyncClient, broker: MemoryBroker) -> None:
    job = await ended(client, await start(client, {"kind": "continuous", "rps": 500, "duration": 0.2}))
    assert (job["status"], job["acknowledged"], len(sent(broker))) == ("completed", 100, 100)


async def test_a_failed_job_says_why(client: httpx.AsyncClient, broker: MemoryBroker) -> None:
    broker.down = True
    job = await ended(client, await start(client, ONE))
    assert (job["status"], job["acknowledged"], job["error"]) == ("failed", 0, "memory: the broker is down")


async def test_only_so_many_jobs_run(client: httpx.AsyncClient) -> None:
    first = await start(client, ENDLESS)
    await start(client, ENDLESS)
    answer = await client.post(JOBS, json=ENDLESS)
    assert answer.status_code == 409
    assert "2 jobs run" in answer.json()["detail"]
    await client.post(f"{JOBS}/{first['id']}/stop")
    await ended(client, first)
    await start(client, ENDLESS)


async def test_the_list_is_paged_newest_first(client: httpx.AsyncClient) -> None:
    made = [(await ended(client, await start(client, ONE)))["id"] for _ in range(5)]
    pages: list[list[str]] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await client.get(JOBS, params={"limit": "2", **cursor})).json()
        pages.append([job["id"] for job in page["items"]])
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert pages == [[made[4], made[3]], [made[2], made[1]], [made[0]]]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "kind"),
        ({"kind": "storm"}, "kind"),
        ({"kind": "burst"}, "count"),
        ({"kind": "burst", "count": 0}, "count"),
        ({"kind": "burst", "count": 100_001}, "count"),
        ({"kind": "burst", "count": "many"}, "count"),
        ({"kind": "burst", "count": 1, "rps": 5}, "rps"),
        ({"kind": "burst", "count": 1, "seed": -1}, "seed"),
        ({"kind": "burst", "count": 1, "id_prefix": "a\0b"}, "id_prefix"),
        ({"kind": "burst", "count": 1, "id_prefix": "a" * 201}, "id_prefix"),
        ({"kind": "burst", "count": 1, "mix": {"unmatched": 2}}, "mix.unmatched"),
        ({"kind": "burst", "count": 1, "mix": {"sources": {"nope": 1}}}, "mix.sources"),
        ({"kind": "burst", "count": 1, "mix": {"severities": {"LOW": 0}}}, "mix"),
        ({"kind": "continuous", "rps": 1}, "duration"),
        ({"kind": "continuous", "rps": 1_001, "duration": 1}, "rps"),
        ({"kind": "continuous", "rps": 1, "duration": 3_601}, "duration"),
        ({"kind": "continuous", "rps": 0, "duration": 1}, "rps"),
        ({**ONE, "severity": "URGENT"}, "severity"),
        ({**ONE, "source": ""}, "source"),
        ({**ONE, "name": "x" * 256}, "name"),
        ([], "body"),
    ],
)
async def test_a_wrong_request_is_answered_with_its_field(client: httpx.AsyncClient, body: Any, field: str) -> None:
    answer = await client.post(JOBS, json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in [fault["field"] for fault in answer.json()["errors"]], answer.text
    assert (await client.get(JOBS)).json()["items"] == []


async def test_what_is_not_json_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post(JOBS, content=b"{", headers={"content-type": "application/json"})
    assert answer.status_code == 422


async def test_a_body_that_is_too_large_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post(JOBS, json={**ONE, "name": "x" * (1 << 20)})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [f"{JOBS}/nope", f"{JOBS}/01890000-0000-7000-8000-000000000000"])
async def test_a_job_that_is_not_there(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404
    assert (await client.post(f"{path}/stop")).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("POST", JOBS), ("GET", JOBS), ("GET", f"{JOBS}/x"), ("POST", f"{JOBS}/x/stop")]
)
@pytest.mark.parametrize(("scope", "status"), [(None, 401), ("wrong", 401), ("ingest", 403), ("client:acme", 403)])
async def test_only_admins_may(
    client: httpx.AsyncClient,
    settings: AlertProducerSettings,
    method: str,
    path: str,
    scope: str | None,
    status: int,
) -> None:
    if scope is None:
        del client.headers["authorization"]
    elif scope == "wrong":
        client.headers.update(bearer("ak_000000000000_wrong"))
    else:
        client.headers.update(bearer(make_key(settings.postgres_dsn.get_secret_value(), scope)))
    answer = await client.request(method, path, content=b"{")
    assert answer.status_code == status, answer.text


async def test_jobs_are_stopped_when_the_service_ends(settings: AlertProducerSettings, broker: MemoryBroker) -> None:
    app = make_app(Web(settings, "alert-producer"), settings, lambda: MemoryProducer(broker))
    async with running(app) as client:
        client.headers.update(bearer(make_key(settings.postgres_dsn.get_secret_value(), "admin")))
        job = await start(client, ENDLESS)
    assert app.state.jobs.get(job["id"]).status == "stopped"
    assert not [thread for thread in threading.enumerate() if thread.name == f"job-{job['id']}"]
