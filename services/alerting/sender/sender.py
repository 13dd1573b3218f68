"""The sender's work in its event loop: plan, claim, sweep, attempt, record."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from alerting.runtime.clock import Clock
from alerting.runtime.errors import Unavailable
from alerting.sender.attempts import Attempts
from alerting.sender.claiming import Claims
from alerting.sender.lanes import Lanes
from alerting.sender.planning import Planner
from alerting.sender.recorder import Recorder
from alerting.sender.settings import SenderSettings

_log = structlog.get_logger(__name__)

_BATCH: Final = 500
# How long a batch of new notifications waits for the ones before to be sent, before it is left to the table.
_ROOM_SECONDS: Final = 1.0
# A transaction that began before the last sweep may have been committed after it.
_SWEEP_OVERLAP: Final = timedelta(minutes=1)
_MOST_SWEEPS: Final = 1_000
# Once in so many sweeps, all notifications that are not finished are looked at, and not only the new ones.
_SWEEPS_TO_ALL: Final = 40
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)
_LAST_WORDS_SECONDS: Final = 5.0


class Sender:
    """Plans notifications and attempts deliveries. For one event loop."""

    def __init__(
        self,
        settings: SenderSettings,
        planner: Planner,
        claims: Claims,
        attempts: Attempts,
        recorder: Recorder,
        lanes: Lanes,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._planner = planner
        self._claims = claims
        self._attempts = attempts
        self._recorder = recorder
        self._lanes = lanes
        self._clock = clock
        self._sweep_since = _LONG_AGO
        self._sweeps = 0

    async def plan(self, ids: Sequence[str]) -> set[str]:
        """Make these notifications' deliveries, begin with those that fit; return the ids that are unknown.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        await self._wait_for_room()
        until = self._clock.monotonic() + self._settings.lease
        plan = await self._planner.plan(ids, room=self._lanes.room)
        self._attempts.offer(plan.leased, until)
        return plan.unknown

    async def run(self, stop: asyncio.Event) -> None:
        """Work until told to stop, then drain."""
        async with asyncio.TaskGroup() as tasks:
            recording = tasks.create_task(self._recorder.run())
            claiming = tasks.create_task(self._repeat(self._claim, self._settings.claim_interval, stop))
            sweeping = tasks.create_task(self._repeat(self._sweep, self._settings.sweep_interval, stop))
            await stop.wait()
            await asyncio.wait({claiming, sweeping}, timeout=_LAST_WORDS_SECONDS)
            claiming.cancel()
            sweeping.cancel()
            await self._attempts.drain(self._settings.drain_timeout)
            recording.cancel()
            await asyncio.wait({recording})
            with suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WORDS_SECONDS):
                    await self._recorder.flush()

    async def _wait_for_room(self) -> None:
        deadline = self._clock.monotonic() + _ROOM_SECONDS
        while self._lanes.held > self._settings.hand_over // 4 and self._clock.monotonic() < deadline:
            await asyncio.sleep(0.01)

    async def _claim(self) -> None:
        more = True
        while more and (room := self._lanes.room):
            most = min(room, _BATCH)
            until = self._clock.monotonic() + self._settings.lease
            claim = await self._claims.claim(most)
            self._attempts.end(claim.ended)
            self._attempts.offer(claim.deliveries, until)
            # On, even when most of it had to be put off: what is for others may be behind it.
            more = len(claim.deliveries) + len(claim.ended) == most

    async def _sweep(self) -> None:
        """Plan what was recorded a while ago and whose message never came: nothing else would ever send it."""
        until = await self._planner.time(ago=self._settings.sweep_after)
        self._sweeps += 1
        if self._sweeps % _SWEEPS_TO_ALL == 0:
            # What was planned once may be without deliveries again, such as after a restored backup.
            self._sweep_since = _LONG_AGO
        for _ in range(_MOST_SWEEPS):
            ids = await self._planner.unplanned(self._sweep_since, until, most=_BATCH)
            if not ids:
                # Whatever is older is planned.
                self._sweep_since = until - _SWEEP_OVERLAP
                return
            _log.warning("planning notifications that waited too long", number=len(ids))
            await self.plan(ids)

    async def _repeat(self, work: Callable[[], Awaitable[None]], interval: float, stop: asyncio.Event) -> None:
        while not stop.is_set():
            try:
                await work()
            except Unavailable as error:
                _log.warning("waiting", dependency=error.dependency, error=str(error), retry_in=interval)
            with suppress(TimeoutError):
                async with asyncio.timeout(interval):
                    await stop.wait()
