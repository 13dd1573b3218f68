"""Removes what is old, round after round, so that nobody notices."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from functools import partial
from typing import Final, NamedTuple, Self
from uuid import UUID

import psycopg
import structlog

from alerting.retention.pace import next_batch, pause_after
from alerting.retention.removal import FIRST, Batch, remove_batch
from alerting.retention.settings import RetentionSettings
from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncConnection, async_connect
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import NOTIFICATIONS_REMOVED, RETENTION_ROUNDS

_log = structlog.get_logger(__name__)

# Whoever holds it removes, all others leave it to that one.
_LOCK: Final = 7_221_803
_ROUND_SECONDS: Final = 60.0


class Removed(NamedTuple):
    """What a round did."""

    notifications: int
    complete: bool
    """There is no more to do, or somebody else does it."""


class Retention:
    """Removes old notifications with their deliveries and attempts. For one event loop."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[AsyncConnection]],
        clock: Clock,
        *,
        keep: timedelta | None,
        batch: int = 1_000,
        interval: float = 300.0,
    ) -> None:
        """Take for how long notifications are kept: for ever, when that is None."""
        self._connect = connect
        self._clock = clock
        self._keep = keep
        self._most = batch
        self._size = batch
        self._interval = interval

    @classmethod
    def of(cls, settings: RetentionSettings, clock: Clock) -> Self:
        """Make the retention that the settings describe."""
        keep = timedelta(days=settings.retention_days) if settings.retention_days else None
        return cls(
            partial(async_connect, settings),
            clock,
            keep=keep,
            batch=settings.retention_batch,
            interval=settings.retention_interval,
        )

    async def run(self, stop: asyncio.Event) -> None:
        """Remove what is old until told to stop; whatever the database says against it, only this waits for it."""
        while not stop.is_set():
            outcome = "off" if self._keep is None else "done"
            try:
                if not (await self.run_once(stop)).complete:
                    outcome = "more"
            except Unavailable as error:
                outcome = "failed"
                _log.warning("waiting", dependency=error.dependency, error=str(error), retry_in=self._interval)
            RETENTION_ROUNDS.labels(outcome).inc()
            await _rest(0.0 if outcome == "more" else self._interval, stop)

    async def run_once(self, stop: asyncio.Event | None = None) -> Removed:
        """Remove what is old, for a minute at most, unless another process does.

        It works for a fifth of the time and rests for the others, and has a connection of its own meanwhile.

        Raises
        ------
        Unavailable
            The database does not answer, does not allow it, or is too slow to remove even one notification.
        """
        if self._keep is None:
            return Removed(0, complete=True)
        try:
            async with await self._connect() as connection, _turn(connection) as mine:
                if not mine:
                    return Removed(0, complete=True)
                return await self._round(connection, self._keep, stop or asyncio.Event())
        except psycopg.Error as error:
            # Also one that stays, such as a right that the role does not have: deliveries are made without it.
            raise Unavailable("postgres", error) from error

    async def _round(self, connection: AsyncConnection, keep: timedelta, stop: asyncio.Event) -> Removed:
        number, after = 0, FIRST
        deadline = self._clock.monotonic() + _ROUND_SECONDS
        while self._clock.monotonic() < deadline and not stop.is_set():
            began, size = self._clock.monotonic(), self._size
            batch = await self._batch(connection, keep, after)
            self._size = next_batch(size, self._most, failed=batch is None)
            if batch is not None:
                NOTIFICATIONS_REMOVED.inc(batch.removed)
                number, after = number + batch.removed, batch.last
                if batch.seen < size:
                    return Removed(number, complete=True)
            await _rest(pause_after(self._clock.monotonic() - began), stop)
        return Removed(number, complete=False)

    async def _batch(self, connection: AsyncConnection, keep: timedelta, after: UUID) -> Batch | None:
        """Remove a batch, or nothing when that takes too long."""
        try:
            return await remove_batch(connection, keep=keep, after=after, most=self._size)
        except psycopg.errors.QueryCanceled:
            if self._size == 1:
                raise
            _log.warning("a batch was too slow", notifications=self._size)
            return None


@asynccontextmanager
async def _turn(connection: AsyncConnection) -> AsyncIterator[bool]:
    """Yield whether this session is the one that removes. The lock is the session's: it ends with it, too."""
    row = await (await connection.execute("SELECT pg_try_advisory_lock(%s) AS mine", (_LOCK,))).fetchone()
    mine = row is not None and bool(row["mine"])
    yield mine
    if mine:
        # The session ends soon after, but the next round may begin sooner.
        await connection.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))


async def _rest(seconds: float, stop: asyncio.Event) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
