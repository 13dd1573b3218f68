"""Health, the same on every service."""

import asyncio
from collections.abc import Mapping

import httpx
import pytest

from alerting.runtime import health
from alerting.runtime.errors import Unavailable
from alerting.runtime.health import Check, health_app

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
