"""What 999 tenants notice of one more whose endpoint, on the same host, hangs for 30 s.

One sender with its usual settings and a real PostgreSQL. Each round sends one notification to each of the 999; the
time is from handing it to the sender until its request arrives. Rounds without and with the one that hangs alternate,
so that what else the machine does falls on both.
"""

import asyncio
import contextlib
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import psycopg
from aiohttp import web

from alerting.local.postgres import PostgresServer
from alerting.runtime.clock import SystemClock
from alerting.runtime.ids import new_id
from alerting.runtime.migrate import migrate
from alerting.runtime.telemetry import Telemetry
from alerting.sender.engine import open_sender
from alerting.sender.sender import Sender
from alerting.sender.settings import SenderSettings

_TENANTS = 1_000
_BATCH = 50
_HANG_SECONDS = 30.0
_ROUND_SECONDS = 60.0


class _Host:
    """Answers at once under any path but /0, and notes when each request arrived."""

    def __init__(self) -> None:
        self.arrivals: dict[str, float] = {}
        self.hanging = 0

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        if request.path == "/0":
            self.hanging += 1
            try:
                await asyncio.sleep(_HANG_SECONDS)
            finally:
                self.hanging -= 1
        self.arrivals[body["notification_id"]] = time.monotonic()
        return web.Response()


@contextlib.asynccontextmanager
async def _serving(host: _Host) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/{tenant}", host.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _set_up(dsn: str, url: str) -> None:
    numbers = f"generate_series(0, {_TENANTS - 1}) n"
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(f"INSERT INTO clients (id, name) SELECT 'c' || n, 'client' FROM {numbers}".encode())
        connection.execute(
            "INSERT INTO rules (id, client_id, severity, source, name)"
            f" SELECT 'r' || n, 'c' || n, '*', 'api', '*' FROM {numbers}".encode()
        )
        connection.execute(
            "INSERT INTO endpoints (id, rule_id, client_id, type, value)"
            f" SELECT 'e' || n, 'r' || n, 'c' || n, 'webhook', %s || '/' || n FROM {numbers}".encode(),
            (url,),
        )


def _record(dsn: str, tenants: Sequence[int], round_: str) -> list[str]:
    ids = [new_id() for _ in tenants]
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids,"
            " rules_version) SELECT id, 'c' || n, %s || id, 'HIGH', 'api', 'Slow', '{}', now(), ARRAY['r' || n], 1"
            " FROM unnest(%s::uuid[], %s::int[]) AS given (id, n)",
            (round_, ids, list(tenants)),
        )
    return ids


async def _round(sender: Sender, host: _Host, dsn: str, name: str) -> list[float]:
    """Return the seconds that each of the others waited."""
    ids = await asyncio.to_thread(_record, dsn, range(1, _TENANTS), name)
    began: dict[str, float] = {}
    for first in range(0, len(ids), _BATCH):
        batch = ids[first : first + _BATCH]
        now = time.monotonic()
        began |= dict.fromkeys(batch, now)
        await sender.plan(batch)
        await asyncio.sleep(0.02)
    deadline = time.monotonic() + _ROUND_SECONDS
    while not host.arrivals.keys() >= began.keys() and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    return [host.arrivals.get(each, float("inf")) - at for each, at in began.items()]


async def _measure(dsn: str, rounds: int) -> dict[str, object]:
    host, clock, stop = _Host(), SystemClock(), asyncio.Event()
    settings = SenderSettings.model_validate(
        {"postgres_dsn": dsn, "allowed_networks": ["127.0.0.0/8"], "drain_timeout": 0.1}
    )
    waits: dict[str, list[float]] = {"alone": [], "beside": []}
    async with _serving(host) as url, open_sender(settings, Telemetry(clock), clock) as sender:
        await asyncio.to_thread(_set_up, dsn, url)
        work = asyncio.create_task(sender.run(stop))
        await _round(sender, host, dsn, "warm")
        for number in range(rounds):
            waits["alone"] += await _round(sender, host, dsn, f"alone {number}")
            hanging = await asyncio.to_thread(_record, dsn, [0] * 100, f"hanging {number}")
            await sender.plan(hanging)
            waits["beside"] += await _round(sender, host, dsn, f"beside {number}")
            while host.hanging:
                await asyncio.sleep(0.1)
        stop.set()
        await work
    figures = {name: _quantiles(seconds) for name, seconds in waits.items()}
    ratio = figures["beside"]["p99_ms"] / figures["alone"]["p99_ms"]
    return {"tenants": _TENANTS, "rounds": rounds, **figures, "p99_beside_to_alone": round(ratio, 2)}


def _quantiles(seconds: Sequence[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50_ms": round(cuts[49] * 1e3, 1), "p99_ms": round(cuts[98] * 1e3, 1)}


def measure(*, rounds: int = 3) -> dict[str, object]:
    """Return how long deliveries wait without and with one endpoint that hangs."""
    with tempfile.TemporaryDirectory(prefix="bench-slow-tenant-") as folder:
        Path(folder).chmod(0o755)  # the database may run as a user of its own
        with PostgresServer(Path(folder)) as postgres:
            migrate(SenderSettings(postgres_dsn=postgres.dsn))
            return asyncio.run(_measure(postgres.dsn, rounds))
