"""Gathers results for a moment, so that one transaction records many."""

import asyncio
from collections import deque
from typing import Final

import structlog

from alerting.runtime.backoff import delays
from alerting.runtime.errors import Unavailable
from alerting.sender.delivery import Result
from alerting.sender.disabling import Disabling
from alerting.sender.lanes import Lanes
from alerting.sender.recording import Records

_log = structlog.get_logger(__name__)

# At most this long from an attempt's end to its record's beginning, and at most so many in a transaction.
GATHER_SECONDS: Final = 0.05
MOST_RESULTS: Final = 500


class Recorder:
    """Records results while `run` runs. What the lanes hold bounds what waits here."""

    def __init__(self, records: Records, lanes: Lanes, disabling: Disabling) -> None:
        self._records = records
        self._lanes = lanes
        self._disabling = disabling
        self._waiting: deque[Result] = deque()
        self._some = asyncio.Event()
        self._enough = asyncio.Event()

    def add(self, result: Result) -> None:
        """Take a result."""
        self._waiting.append(result)
        self._some.set()
        if len(self._waiting) >= MOST_RESULTS:
            self._enough.set()

    async def run(self) -> None:
        """Record what comes, until cancelled."""
        while True:
            await self._some.wait()
            try:
                async with asyncio.timeout(GATHER_SECONDS):
                    await self._enough.wait()
            except TimeoutError:
                pass
            await self.flush()

    async def flush(self) -> None:
        """Record all that waits; while the database is away, wait for it."""
        while self._waiting:
            batch = [self._waiting[place] for place in range(min(MOST_RESULTS, len(self._waiting)))]
            await self._write(batch)
            for _ in batch:
                self._waiting.popleft()
            self._lanes.forget(result.delivery.id for result in batch)
        self._some.clear()
        self._enough.clear()

    async def _write(self, batch: list[Result]) -> None:
        for delay in delays():
            try:
                hopeless = await self._records.write(batch)
                await self._disabling.disable(hopeless)
            except Unavailable as error:
                _log.warning("waiting", dependency=error.dependency, error=str(error), results=len(batch))
                await asyncio.sleep(delay)
            else:
                return
