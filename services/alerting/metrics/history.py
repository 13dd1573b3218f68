"""How the services and topics were: samples in Redis, of the last hour every 10 seconds, of the last day every minute.

A sample has a place for each service and each topic and none for an instance, so the memory does not depend on how many
processes run: 1.7 kB a sample, and 3.1 MB of Redis for all 1,800 of them, be it 8 processes or 20. Rates and latencies
are those of the minute before a sample, so that a sample a minute leaves nothing out.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final, NamedTuple, cast

import structlog
from pydantic import ValidationError
from redis.asyncio import Redis

from alerting.metrics.answers import (
    History,
    Sample,
    ServiceFigures,
    ServiceSample,
    Snapshot,
    TopicFigures,
    TopicSample,
)
from alerting.metrics.cache import Cache
from alerting.runtime.async_redis import connect, redis_errors
from alerting.runtime.clock import Clock
from alerting.runtime.config import Settings

_log = structlog.get_logger(__name__)

MOST_MINUTES: Final = 1_440


class Series(NamedTuple):
    """A stream in Redis."""

    key: str
    step: int
    """Seconds."""
    minutes: int
    """How far it goes back."""

    @property
    def most(self) -> int:
        """Return how many samples are kept."""
        return self.minutes * 60 // self.step


FINE: Final = Series("metrics:history:10s", 10, 60)
COARSE: Final = Series("metrics:history:60s", 60, MOST_MINUTES)


class HistoryLog:
    """Writes samples, and reads them. Several processes may write: of each time, the first sample is kept."""

    def __init__(self, settings: Settings, clock: Clock, *, timeout: float, seconds: float) -> None:
        self._redis: Redis = connect(settings, timeout=timeout)
        self._add = self._redis.register_script((files("alerting.metrics") / "history.lua").read_bytes())
        self._clock = clock
        # A day is 2 MB.
        self._kept: Cache[int, History] = Cache(clock, seconds=seconds, most=4)

    async def add(self, snapshot: Snapshot) -> float:
        """Add a sample of now, unless there is one; return the seconds until the next one is due.

        Raises
        ------
        Unavailable
            Redis does not answer.
        """
        with redis_errors():
            milliseconds, _ = await self._add(
                keys=[FINE.key, COARSE.key],
                args=[snapshot.model_dump_json(), FINE.step, FINE.most, COARSE.step, COARSE.most],
            )
        return FINE.step - float(milliseconds) / 1_000

    async def read(self, minutes: int) -> History:
        """Return the samples of the last minutes.

        Raises
        ------
        Unavailable
            Redis does not answer.
        """
        return await self._kept.get(minutes, lambda: self._read(minutes))

    async def _read(self, minutes: int) -> History:
        series = FINE if minutes <= FINE.minutes else COARSE
        since = int((self._clock.now() - minutes * 60) * 1_000)
        with redis_errors():
            found = await self._redis.xrange(series.key, min=since, count=series.most)
        entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", found)
        return History(step_seconds=series.step, samples=list(_samples(entries)))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._redis.aclose()


def _samples(entries: Sequence[tuple[bytes, dict[bytes, bytes]]]) -> Iterable[Sample]:
    for entry, fields in entries:
        try:
            snapshot = Snapshot.model_validate_json(fields.get(b"sample", b""))
        except ValidationError as error:
            # Of another version, maybe. It is missing, like one that was never taken.
            _log.warning("a sample that cannot be read", entry=entry.decode(), error=str(error))
            continue
        at = datetime.fromtimestamp(int(entry.partition(b"-")[0]) / 1_000, UTC)
        yield Sample(at=at, services=snapshot.services, topics=snapshot.topics)


def snapshot_of(services: Sequence[ServiceFigures], topics: Sequence[TopicFigures] | None) -> Snapshot:
    """Return what is kept of figures."""
    return Snapshot(
        services={
            each.service: ServiceSample(instances=len(each.instances), rates=each.rates, latency_ms=each.latency_ms)
            for each in services
        },
        topics=None
        if topics is None
        else {
            each.topic: TopicSample(lag=each.lag, dead_letters=each.dead_letters, written=each.written)
            for each in topics
        },
    )
