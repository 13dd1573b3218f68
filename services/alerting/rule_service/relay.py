"""Publishes the log of rule changes to ``rule.changed``, in the order of its versions.

A version is marked as published in the transaction that read it, after the broker has acknowledged its messages: when
anything fails in between, it is published again. The messages are news only; whoever reads them looks into the log.
"""

import asyncio
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any, Final

import structlog

from alerting.events.v1 import RuleChanged
from alerting.runtime.backoff import delays
from alerting.runtime.broker import AsyncProducer, Outgoing
from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncConnection, AsyncPool, Row, postgres_errors
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import PRODUCED, UNAVAILABLE, Telemetry
from alerting.runtime.topics import RULE_CHANGED

_log = structlog.get_logger(__name__)

# Whoever holds it, for the length of a transaction, is the one that publishes.
_LOCK: Final = 7_221_802

MOST_MESSAGES: Final = 1_000
"""Of one round; more only when one version has more."""

_FETCHED_TOGETHER: Final = 20
_BUSY_SECONDS: Final = 0.1
_STOP_SECONDS: Final = 5.0


class Round(Enum):
    """How a round ended."""

    DONE = "nothing is left"
    MORE = "there may be more"
    BUSY = "another instance publishes"


class Relay:
    """One task of the service. Any number of instances may have one; they take turns."""

    def __init__(
        self,
        pool: AsyncPool,
        producer: AsyncProducer,
        telemetry: Telemetry,
        clock: Clock,
        *,
        interval: float,
        timeout: float,
    ) -> None:
        self._pool = pool
        self._producer = producer
        self._telemetry = telemetry
        self._clock = clock
        self._interval = interval
        self._timeout = timeout
        self._woken = asyncio.Event()
        self._stopping = False

    def wake(self) -> None:
        """Look for changes now, and not when it is time again."""
        self._woken.set()

    async def run(self) -> None:
        """Publish until told to stop, whatever happens to the database and the broker."""
        pauses = delays()
        while True:
            self._woken.clear()
            try:
                ended = await self.round()
                pauses = delays()
                wait = {Round.DONE: self._interval, Round.MORE: 0.0, Round.BUSY: _BUSY_SECONDS}[ended]
            except Unavailable as error:
                wait = next(pauses)
                self._failed(error.dependency)
                _log.warning("waiting", dependency=error.dependency, error=str(error), retry_in=round(wait, 2))
            except Exception:  # it must outlive whatever is wrong with one round  # noqa: BLE001
                wait = next(pauses)
                self._failed("relay")
                _log.error("relay failed", retry_in=round(wait, 2), exc_info=True)
            if self._stopping:
                return
            await self._pause(wait)

    async def stop(self, task: asyncio.Task[None]) -> None:
        """Let the round that runs come to its end, for a bounded time."""
        self._stopping = True
        self._woken.set()
        await asyncio.wait([task], timeout=_STOP_SECONDS)
        task.cancel()
        await asyncio.wait([task], timeout=_STOP_SECONDS)

    async def round(self) -> Round:
        """Publish what the log has next, if nobody else does.

        Raises
        ------
        Unavailable
            The database or the broker does not answer: nothing is marked, and all of it comes again.
        """
        with postgres_errors():
            async with self._pool.connection() as connection, connection.transaction():
                if not await _locked(connection):
                    return Round.BUSY
                rows = await _unpublished(connection)
                if not rows:
                    return Round.DONE
                messages = [message_of(change) for row in rows for change in row["changes"]]
                await self._send(messages)
                await _mark(connection, [row["version"] for row in rows])
        self._measure(rows, len(messages))
        return Round.MORE

    async def _send(self, messages: Sequence[Outgoing]) -> None:
        # The transaction is open meanwhile: a broker that is away may not keep it for longer.
        try:
            async with asyncio.timeout(self._timeout):
                await self._producer.send(RULE_CHANGED, messages)
        except TimeoutError:
            raise Unavailable("kafka", f"no acknowledgement within {self._timeout} s") from None

    def _measure(self, rows: Sequence[Row], messages: int) -> None:
        PRODUCED.labels(RULE_CHANGED).inc(messages)
        self._telemetry.count("produced", messages)
        self._telemetry.rules_version = rows[-1]["version"]
        for row in rows:
            self._telemetry.observe(max(0.0, self._clock.now() - row["created_at"].timestamp()))

    def _failed(self, dependency: str) -> None:
        UNAVAILABLE.labels(dependency).inc()
        self._telemetry.count("errors")

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        except TimeoutError:
            pass


def message_of(change: Mapping[str, Any]) -> Outgoing:
    """Return the message that tells of a change."""
    message = RuleChanged(
        rule_id=change["rule_id"],
        client_id=change["client_id"],
        action=f"RULE_ACTION_{change['action']}",
        version=change["version"],
        updated_at=change["updated_at"],
        schema_version=1,
    )
    return Outgoing(change["rule_id"].encode(), message.SerializeToString())


async def _locked(connection: AsyncConnection) -> bool:
    cursor = await connection.execute("SELECT pg_try_advisory_xact_lock(%s) AS locked", (_LOCK,))
    (row,) = await cursor.fetchall()
    return bool(row["locked"])


async def _unpublished(connection: AsyncConnection) -> list[Row]:
    query = "SELECT version, changes, created_at FROM rule_changes WHERE published_at IS NULL ORDER BY version"
    rows: list[Row] = []
    total = 0
    # Fetched in small pieces: one version can be as large as a whole round.
    async with connection.cursor("unpublished") as cursor:
        cursor.itersize = _FETCHED_TOGETHER
        await cursor.execute(query)
        async for row in cursor:
            rows.append(row)
            total += len(row["changes"])
            if total >= MOST_MESSAGES:
                break
    return rows


async def _mark(connection: AsyncConnection, versions: Sequence[int]) -> None:
    await connection.execute("UPDATE rule_changes SET published_at = now() WHERE version = ANY(%s)", (list(versions),))
