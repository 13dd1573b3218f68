"""Notifications that come, are planned and are delivered: what the aggregator and the sender do with the database."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final, Self

import psycopg

from alerting.aggregator.match import Match
from alerting.aggregator.store import NotificationStore
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncPool
from alerting.runtime.ids import new_id
from alerting.sender.delivery import Attempted, Delivery, Result
from alerting.sender.planning import Planner
from alerting.sender.recording import Records

_CLIENTS: Final = 1_000
_LEASE: Final = 30.0
_TENANTS: Final = """
    INSERT INTO clients (id, name) SELECT 'client-' || n, 'client' FROM generate_series(0, %(most)s - 1) AS n;
    INSERT INTO rules (id, client_id, severity, source, name)
        SELECT 'rule-' || n, 'client-' || n, 'HIGH', 'api', '*' FROM generate_series(0, %(most)s - 1) AS n;
    INSERT INTO endpoints (id, rule_id, client_id, type, value)
        SELECT 'endpoint-' || n, 'rule-' || n, 'client-' || n, 'webhook', 'https://example.com/' || n
        FROM generate_series(0, %(most)s - 1) AS n;
"""


class Traffic:
    """A rate of notifications, each with one delivery and one attempt."""

    def __init__(self, settings: Settings, pool: AsyncPool, *, rate: int, batch: int) -> None:
        """Take how many a second, and how many the aggregator records at a time."""
        self._store = NotificationStore(settings, new_id)
        self._planner = Planner(pool, lease=_LEASE, delays={})
        self._records = Records(pool)
        self._rate = rate
        self._batch = batch
        self._waiting: asyncio.Queue[list[str]] = asyncio.Queue()
        self._latencies: list[float] = []
        self.recorded = 0

    @classmethod
    def with_tenants(cls, settings: Settings, pool: AsyncPool, *, rate: int, batch: int) -> Self:
        """Write the tenants that it is for, into an empty database."""
        with psycopg.ClientCursor(psycopg.connect(settings.postgres_dsn.get_secret_value())) as cursor:
            cursor.execute(_TENANTS, {"most": _CLIENTS})
            cursor.connection.commit()
            cursor.connection.close()
        return cls(settings, pool, rate=rate, batch=batch)

    async def run(self, stop: asyncio.Event) -> None:
        """Let them come until told to stop, and deliver all that came."""
        delivering = asyncio.create_task(self._deliver())
        due = time.monotonic()
        while not stop.is_set():
            await self._record(due)
            due += self._batch / self._rate
            await asyncio.sleep(due - time.monotonic())
        await self._waiting.join()
        delivering.cancel()
        self._store.close()

    def take_latencies(self) -> Sequence[float]:
        """Return how long it took to record each batch since this was asked last, from when it was due."""
        taken, self._latencies = self._latencies, []
        return taken

    async def _record(self, due: float) -> None:
        numbers = range(self.recorded, self.recorded + self._batch)
        recorded = await asyncio.to_thread(self._store.insert, [_match(number) for number in numbers])
        self._latencies.append(time.monotonic() - due)
        self.recorded += len(recorded)
        self._waiting.put_nowait([each.id for each in recorded])

    async def _deliver(self) -> None:
        while True:
            ids = await self._waiting.get()
            plan = await self._planner.plan(ids, room=len(ids))
            await self._records.write([_delivered(each) for each in plan.leased])
            self._waiting.task_done()


def _match(number: int) -> Match:
    client = number % _CLIENTS
    return Match(
        f"client-{client}",
        # Ids as they come: in no order.
        f"{number * 2_654_435_761 % 2**32:08x}-{number}",
        "HIGH",
        "api",
        f"Alert{number % 1_000}",
        '{"region": "us-east-1", "pod": "api-7", "summary": "High latency of the API"}',
        1_700_000_000 + number,
        [f"rule-{client}"],
        17,
    )


def _delivered(delivery: Delivery) -> Result:
    return Result(delivery, "DELIVERED", attempted=Attempted(time.time(), 0.005, 200, "thank you"))
