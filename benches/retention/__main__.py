"""``make bench-retention``: old notifications are removed while new ones come; then those that are left, at once.

PostgreSQL alone, with fsync on. What is kept for a month in life is kept for a minute here, so autovacuum looks at the
tables every five seconds and not every minute; its other settings are PostgreSQL's own.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import psycopg
from prometheus_client import REGISTRY

from alerting.local.postgres import PostgresServer
from alerting.retention.retention import Retention
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.database import async_connect, async_pool
from alerting.runtime.migrate import migrate
from benches.retention.traffic import Traffic

_TABLES: Final = ("notifications", "deliveries", "delivery_attempts")
_SIZES: Final = "SELECT pg_total_relation_size(name::regclass) FROM unnest(%s::text[]) AS of (name)"
_PLANNER: Final = "-c enable_seqscan=off"
_BATCH: Final = 100


class Period(NamedTuple):
    """What was so at the end of some seconds."""

    end: float
    recorded: float
    """Notifications a second."""
    removed: float
    kept: int
    sizes: Sequence[int]
    """Bytes of the tables with their indexes."""
    latencies: Sequence[float]


def _removed() -> int:
    return int(REGISTRY.get_sample_value("alerting_notifications_removed_total") or 0)


def _sizes(dsn: str) -> Sequence[int]:
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute(_SIZES, [list(_TABLES)]).fetchall()]


async def _watch(traffic: Traffic, dsn: str, *, seconds: float, every: float) -> list[Period]:
    begun, periods = time.monotonic(), list[Period]()
    recorded, removed, last = traffic.recorded, _removed(), begun
    while (now := time.monotonic()) < begun + seconds:
        await asyncio.sleep(min(every, begun + seconds - now))
        now, sizes = time.monotonic(), await asyncio.to_thread(_sizes, dsn)
        new, old = traffic.recorded, _removed()
        rates = (new - recorded) / (now - last), (old - removed) / (now - last)
        periods.append(Period(now - begun, *rates, new - old, sizes, traffic.take_latencies()))
        recorded, removed, last = new, old, now
    return periods


async def _backlog(settings: Settings) -> tuple[int, float]:
    """Remove all that is there, and return how many that were in how many seconds."""
    all_of_it = Retention(partial(async_connect, settings), SystemClock(), keep=timedelta())
    begun, before = time.monotonic(), _removed()
    while not (await all_of_it.run_once()).complete:
        pass
    return _removed() - before, time.monotonic() - begun


async def measure(
    settings: Settings, *, rate: int, keep: float, seconds: float, every: float
) -> tuple[list[Period], tuple[int, float]]:
    """Let notifications come for so long, of which those are removed that are older than `keep` seconds."""
    dsn, stop = settings.postgres_dsn.get_secret_value(), asyncio.Event()
    retention = Retention(partial(async_connect, settings), SystemClock(), keep=timedelta(seconds=keep), interval=1.0)
    async with async_pool(settings, options=_PLANNER) as pool, asyncio.TaskGroup() as tasks:
        traffic = Traffic.with_tenants(settings, pool, rate=rate, batch=_BATCH)
        coming = tasks.create_task(traffic.run(stop))
        removing = tasks.create_task(retention.run(stop))
        periods = await _watch(traffic, dsn, seconds=seconds, every=every)
        stop.set()
        await asyncio.wait([coming, removing])
        return periods, await _backlog(settings)


def markdown(periods: Sequence[Period], backlog: tuple[int, float]) -> str:
    """Return a run as a table."""
    lines = [
        f"| seconds | recorded | removed | kept | {', '.join(_TABLES)} | a batch of {_BATCH} recorded: p50, p99 |",
        "|---|---|---|---|---|---|",
    ]
    for each in periods:
        cuts = statistics.quantiles(each.latencies, n=100)
        sizes = ", ".join(f"{size / 2**20:.0f}" for size in each.sizes)
        lines.append(
            f"| {each.end:.0f} | {each.recorded:,.0f}/s | {each.removed:,.0f}/s | {each.kept:,} | {sizes} MiB |"
            f" {cuts[49] * 1e3:.1f} ms, {cuts[98] * 1e3:.1f} ms |"
        )
    number, seconds = backlog
    lines += ["", f"Then {number:,} were removed in {seconds:.1f} s: {number / seconds:,.0f}/s.", ""]
    return "\n".join(lines)


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m benches.retention", description=__doc__)
    parser.add_argument("--rate", type=int, default=1_000, help="notifications a second")
    parser.add_argument("--keep", type=float, default=60.0, help="seconds that they are kept")
    parser.add_argument("--seconds", type=float, default=240.0, help="for which they come")
    parser.add_argument("--every", type=float, default=30.0, help="seconds of a line of the table")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-retention-") as folder:
        Path(folder).chmod(0o755)  # the database may run as a user of its own
        with PostgresServer(Path(folder), settings={"autovacuum_naptime": "5s"}) as server:
            settings = Settings.model_validate({"postgres_dsn": server.dsn})
            migrate(settings)
            found = asyncio.run(
                measure(settings, rate=given.rate, keep=given.keep, seconds=given.seconds, every=given.every)
            )
    sys.stdout.write(markdown(*found))


if __name__ == "__main__":
    main()
