"""Jobs that are remembered, in a real Redis: by the next process, and by others."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from redis import Redis

from alerting.alert_producer.answers import JobAnswer
from alerting.alert_producer.app import make_app
from alerting.alert_producer.history import LOST_SECONDS, SECONDS, JobHistory
from alerting.alert_producer.settings import AlertProducerSettings
from alerting.runtime.broker.memory import MemoryBroker, MemoryProducer
from alerting.runtime.errors import Unavailable
from alerting.runtime.ids import new_id
from alerting.runtime.web import Web
from fix_clock import FakeClock
from fix_http import bearer, make_key, running

BOUND = 20.0
JOBS = "/api/v1/jobs"
ONE = {"kind": "one", "severity": "HIGH", "source": "payments", "name": "PaymentTimeout"}
ENDLESS = {"kind": "continuous", "rps": 20, "duration": 3_000}


def settings_of(redis_url: str, **more: Any) -> AlertProducerSettings:
    return AlertProducerSettings.model_validate({"redis_url": redis_url, "producer_job_history": 3, **more})


def job(status: str = "running", **more: Any) -> JobAnswer:
    about = {
        "id": new_id(), "kind": "burst", "status": status, "created_by": "me", "started_at": datetime.now(UTC),
        "finished_at": None, "total": 10, "sent": 5, "acknowledged": 4, "duplicates": 0, "rate": 1.5, "error": None,
    }  # fmt: skip
    return JobAnswer.model_validate(about | more)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def history(redis_url: str, clock: FakeClock) -> AsyncIterator[JobHistory]:
    history = JobHistory(settings_of(redis_url, instance="first"), clock)
    yield history
    await history.close()


async def test_jobs_come_back_page_by_page(history: JobHistory) -> None:
    made = [job("completed") for _ in range(3)]
    await history.add(made)
    assert await history.newest(2, before=None) == [made[2], made[1]]
    assert await history.newest(2, before=made[1].id) == [made[0]]
    assert await history.get(made[0].id) == (made[0], "first")
    assert await history.get("no such job") is None


async def test_the_last_word_counts(history: JobHistory) -> None:
    running = job()
    await history.add([running])
    await history.add([running.model_copy(update={"acknowledged": 9, "status": "completed"})])
    (found,) = await history.newest(9, before=None)
    assert (found.acknowledged, found.status) == (9, "completed")


async def test_the_oldest_are_forgotten_and_all_of_them_in_time(history: JobHistory, redis_url: str) -> None:
    made = [job("completed") for _ in range(10)]
    for each in made:
        await history.add([each])
    assert await history.newest(99, before=None) == list(reversed(made[-3:]))
    with Redis.from_url(redis_url) as redis:
        assert redis.hlen("producer:jobs:records") == 3
        assert all(SECONDS - 60 < redis.ttl(key) <= SECONDS for key in redis.scan_iter("*"))


async def test_a_job_whose_process_is_silent_has_failed(history: JobHistory, clock: FakeClock) -> None:
    running, ended = job(), job("stopped")
    await history.add([running, ended])
    clock.advance(LOST_SECONDS + 1)
    lost, _ = await history.get(running.id) or (None, None)
    assert lost is not None
    assert (lost.status, lost.acknowledged) == ("failed", 4)
    assert "first" in (lost.error or "")
    assert lost.finished_at == datetime.fromtimestamp(1_700_000_000, UTC)
    assert (await history.get(ended.id) or (None,))[0] == ended
    # It was only slow.
    await history.add([running])
    assert (await history.get(running.id) or (None,))[0] == running


async def test_a_process_that_was_started_anew_knows_that_its_jobs_ended(
    history: JobHistory, redis_url: str, clock: FakeClock
) -> None:
    running = job()
    await history.add([running])
    other = JobHistory(settings_of(redis_url, instance="second"), clock)
    again = JobHistory(settings_of(redis_url, instance="first"), clock)
    assert [each.status for each in await other.newest(9, before=None)] == ["running"]
    assert [each.status for each in await again.newest(9, before=None)] == ["failed"]
    for each in (other, again):
        await each.close()


async def test_what_another_version_wrote_is_passed_over(history: JobHistory, redis_url: str) -> None:
    made = job("completed")
    await history.add([made])
    with Redis.from_url(redis_url) as redis:
        redis.zadd("producer:jobs", {"zzz": 0, "zzzz": 0})
        redis.hset("producer:jobs:records", "zzz", b"{}")
    assert await history.newest(9, before=None) == [made]


async def test_without_redis_a_question_is_refused(clock: FakeClock) -> None:
    history = JobHistory(settings_of("redis://127.0.0.1:1/0"), clock)
    with pytest.raises(Unavailable):
        await history.add([job()])
    with pytest.raises(Unavailable):
        await history.newest(1, before=None)
    with pytest.raises(Unavailable):
        await history.get("x")
    await history.close()


@pytest.fixture
def settings(database: str, redis_url: str) -> AlertProducerSettings:
    return AlertProducerSettings.model_validate({"postgres_dsn": database, "redis_url": redis_url, "instance": "p"})


@pytest.fixture
def key(database: str) -> str:
    return make_key(database, "admin")


def app_of(settings: AlertProducerSettings) -> Any:
    broker = MemoryBroker()
    return make_app(Web(settings, "alert-producer"), settings, lambda: MemoryProducer(broker))


async def start(client: httpx.AsyncClient, body: dict[str, Any]) -> Any:
    answer = await client.post(JOBS, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def until(client: httpx.AsyncClient, job_id: str, *statuses: str) -> Any:
    async with asyncio.timeout(BOUND):
        while True:
            found = (await client.get(f"{JOBS}/{job_id}")).json()
            if found.get("status") in statuses:
                return found
            await asyncio.sleep(0.02)


async def test_ended_jobs_are_listed_after_a_restart(settings: AlertProducerSettings, key: str) -> None:
    async with running(app_of(settings)) as client:
        client.headers.update(bearer(key))
        one = await until(client, (await start(client, ONE))["id"], "completed")
        endless = await start(client, ENDLESS)
        page = (await client.get(JOBS)).json()
        assert ([each["id"] for each in page["items"]], page["complete"]) == ([endless["id"], one["id"]], True)
    async with running(app_of(settings)) as client:
        client.headers.update(bearer(key))
        again = await start(client, ONE)
        found = (await client.get(JOBS)).json()["items"]
        assert [each["id"] for each in found] == [again["id"], endless["id"], one["id"]]
        assert [each["status"] for each in found[1:]] == ["stopped", "completed"]
        assert found[2] == one
        assert (await client.get(f"{JOBS}/{one['id']}")).json() == one
        assert (await client.post(f"{JOBS}/{endless['id']}/stop")).json()["status"] == "stopped"
        first = (await client.get(JOBS, params={"limit": 2})).json()
        rest = (await client.get(JOBS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
        assert [each["id"] for each in first["items"] + rest["items"]] == [each["id"] for each in found]
        assert rest["next_cursor"] is None


async def test_processes_see_each_others_jobs(settings: AlertProducerSettings, key: str) -> None:
    other = settings.model_copy(update={"instance": "q"})
    async with running(app_of(settings)) as mine, running(app_of(other)) as theirs:
        for client in (mine, theirs):
            client.headers.update(bearer(key))
        endless = await start(mine, ENDLESS)
        await until(theirs, endless["id"], "running")
        answer = await theirs.post(f"{JOBS}/{endless['id']}/stop")
        assert answer.status_code == 409
        assert "another process, p" in answer.json()["detail"]
        assert (await mine.post(f"{JOBS}/{endless['id']}/stop")).status_code == 200
        await until(theirs, endless["id"], "stopped")


async def test_without_redis_jobs_run_all_the_same(settings: AlertProducerSettings, key: str) -> None:
    alone = AlertProducerSettings.model_validate(settings.model_dump() | {"redis_url": "redis://127.0.0.1:1/0"})
    async with running(app_of(alone)) as client:
        client.headers.update(bearer(key))
        one = await until(client, (await start(client, ONE))["id"], "completed")
        page = (await client.get(JOBS)).json()
        assert (page["items"], page["complete"]) == ([one], False)
        assert (await client.get(f"{JOBS}/unknown")).status_code == 503


async def test_the_catalog_and_the_limits(settings: AlertProducerSettings, key: str) -> None:
    limited = settings.model_copy(update={"producer_max_rps": 77.0, "producer_max_jobs": 2})
    async with running(app_of(limited)) as client:
        client.headers.update(bearer(key))
        found = (await client.get("/api/v1/catalog")).json()
        job = await start(client, {"kind": "burst", "count": 5, "mix": {"sources": {found["sources"][0]["source"]: 1}}})
        assert (await until(client, job["id"], "completed"))["acknowledged"] == 5
        assert (await client.post(JOBS, json=ENDLESS | {"rps": 78})).status_code == 422
    assert [each["source"] for each in found["sources"]] == sorted(each["source"] for each in found["sources"])
    assert sum(each["alerts"] for each in found["sources"]) > 100
    assert found["limits"] == {
        "max_jobs": 2,
        "max_rps": 77.0,
        "max_count": limited.producer_max_count,
        "max_duration": limited.producer_max_duration,
    }
