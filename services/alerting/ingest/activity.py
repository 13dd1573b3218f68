"""What the integrations did, for people who wonder whether their alerts arrive.

A request only adds to what is gathered here, in memory. Once a second that is handed over to the journal, which is one
for all processes and survives them. So a request costs an addition, waits for nothing, and fails for nothing, whether
the journal answers or not; and a process that is killed takes a second of figures with it, and no alert.
"""

import asyncio
from collections.abc import Sequence
from itertools import islice
from typing import Final

import structlog

from alerting.ingest.alert import Alert
from alerting.ingest.faults import Reject
from alerting.ingest.journal import MOST_INTEGRATIONS, Journal
from alerting.ingest.rejects import count_rejects
from alerting.ingest.tally import Tally
from alerting.ingest.timestamps import MICROSECONDS
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import UNAVAILABLE

_log = structlog.get_logger(__name__)

INTERVAL: Final = 1.0
RETRY_SECONDS: Final = 5.0

# Redis does nothing else while it works on so many.
_AT_ONCE: Final = 100


class Activity:
    """Gathers what was accepted and refused. For one event loop."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock
        self._gathered: dict[str, Tally] = {}
        self._handing_over = asyncio.Lock()

    def accepted(self, integration: str, sender_format: str, alerts: Sequence[Alert]) -> None:
        """Add alerts that the broker has."""
        if alerts and (tally := self._tally(integration)) is not None:
            tally.accept(sender_format, alerts, self._now())

    def refused(self, integration: str, sender_format: str, sender: str, rejects: Sequence[Reject]) -> None:
        """Add alerts that are wrong."""
        count_rejects(sender_format, rejects)
        if rejects and (tally := self._tally(integration)) is not None:
            tally.refuse(rejects, self._now(), integration, sender_format, sender)

    def _now(self) -> int:
        return int(self._clock.now() * MICROSECONDS)

    def _tally(self, integration: str) -> Tally | None:
        """Return where to add; None when there are as many integrations already as the journal has places for."""
        if integration not in self._gathered and len(self._gathered) >= MOST_INTEGRATIONS:
            return None
        return self._gathered.setdefault(integration, Tally())

    async def hand_over(self) -> None:
        """Give the journal what was gathered. What it did not take is kept.

        After a time-out it may have taken it all the same, and will count it twice: these are figures to look at.

        Raises
        ------
        Unavailable
            The journal does not answer.
        """
        async with self._handing_over:
            left, self._gathered = self._gathered, {}
            try:
                while left:
                    some = dict(islice(left.items(), _AT_ONCE))
                    await self._journal.add(some)
                    for integration in some:
                        del left[integration]
            finally:
                self._take_back(left)

    def _take_back(self, left: dict[str, Tally]) -> None:
        for integration, earlier in left.items():
            later = self._gathered.pop(integration, None)
            if later is not None:
                earlier.follow(later)
            if len(self._gathered) < MOST_INTEGRATIONS:
                self._gathered[integration] = earlier

    async def keep_handing_over(self) -> None:
        """Hand over until cancelled, seldom while the journal is away."""
        failing = False
        while True:
            await asyncio.sleep(RETRY_SECONDS if failing else INTERVAL)
            try:
                await self.hand_over()
                failing = False
            except Unavailable as error:
                UNAVAILABLE.labels(error.dependency).inc()
                if not failing:
                    _log.warning("figures of integrations wait", error=str(error))
                failing = True
