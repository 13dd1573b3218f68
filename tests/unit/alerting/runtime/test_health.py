"""Health, the same on every service."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from prometheus_client import REGISTRY

from alerting.runtime import health
from alerting.runtime.errors import Unavailable
from alerting.runtime.health import Check, Dependencies, health_app
from fix_clock import FakeClock

SECRET = "s3cr3t-w0rd"


async def fine() -> None: ...


async def away() -> None:
    raise Unavailable("postgres", f"no connection to u:{SECRET}@h")


async def broken() -> None:
    raise ZeroDivisionError(SECRET)


async def silent() -> None:
    await asyncio.Event().wait()


async def get(path: str, checks: Mapping[str, Check]) -> httpx.Response:
    transport = httpx.ASGITransport(health_app(checks))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return await client.get(path)


async def test_ready_when_every_dependency_answers() -> None:
    answer = await get("/readyz", {"kafka": fine, "redis": fine})
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "checks": {"kafka": "ok", "redis": "ok"}}


@pytest.mark.parametrize("bad", [away, broken, silent])
async def test_not_ready_when_one_does_not_and_no_word_of_why(bad: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_TIMEOUT", 0.05)
    answer = await get("/readyz", {"kafka": fine, "postgres": bad})
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "checks": {"kafka": "ok", "postgres": "unavailable"}}
    assert SECRET not in answer.text


async def test_a_process_that_is_not_ready_lives() -> None:
    answer = await get("/healthz", {"postgres": away})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_metrics_are_prometheus_text() -> None:
    answer = await get("/metrics", {})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "alerting_messages_consumed_total" in answer.text


async def test_checks_run_side_by_side() -> None:
    both = asyncio.Barrier(2)

    async def meet() -> None:
        await both.wait()

    assert (await get("/readyz", {"a": meet, "b": meet})).status_code == 200


def up(dependency: str) -> float | None:
    return REGISTRY.get_sample_value("alerting_dependency_up", {"dependency": dependency})


async def test_what_the_dependencies_answered_is_a_metric() -> None:
    await get("/readyz", {"kafka": fine, "postgres": away})
    assert (up("kafka"), up("postgres")) == (1.0, 0.0)


async def test_a_scrape_brings_a_question_about_and_waits_for_no_answer() -> None:
    asked = asyncio.Event()

    async def slow() -> None:
        asked.set()
        await asyncio.Event().wait()

    assert (await get("/metrics", {"redis": slow})).status_code == 200
    async with asyncio.timeout(10):
        await asked.wait()


async def test_many_scrapes_ask_once_in_ten_seconds() -> None:
    clock, asked = FakeClock(), asyncio.Queue[float]()

    async def check() -> None:
        asked.put_nowait(clock.monotonic())

    dependencies = Dependencies({"redis": check}, clock.monotonic)
    for _ in range(25):
        dependencies.ask_soon()
        for _ in range(5):
            await asyncio.sleep(0)
        clock.advance(1)
    begun = asked.get_nowait()
    assert [asked.get_nowait() - begun for _ in range(asked.qsize())] == [10, 20]
