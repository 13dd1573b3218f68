"""Which episode an alert belongs to: the memory, in Redis, that makes a firing alert notify once.

A firing alert is sent again and again, by both replicas of a pair, each with a start of its own. The first one's start
names the episode; all later ones belong to it until the alert is resolved. Without Redis, an alert's own start decides.
"""

import asyncio
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Final, NamedTuple, Protocol

import structlog
from pydantic import SecretStr
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from alerting.ingest.signal import Signal
from alerting.ingest.timestamps import MICROSECONDS
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import UNAVAILABLE

_log = structlog.get_logger(__name__)

MEMORY_SECONDS: Final = 900
"""How long an episode is remembered beyond its end: Prometheus repeats that an alert is resolved for so long."""
RETRY_SECONDS: Final = 5.0
MOST_LISTED: Final = 10_000

# Redis does nothing else while it is asked about so many.
_BATCH: Final = 250
_CONNECTIONS: Final = 16
_FAILURES: Final = (RedisError, OSError, TimeoutError)


class Firing(NamedTuple):
    """An alert whose episode is open. Times in Unix microseconds."""

    starts_at: int
    ends_at: int
    updated_at: int
    shown: bytes
    """Its labels, annotations and generatorURL, in JSON."""


class Episodes(Protocol):
    """The memory of episodes."""

    async def place(self, integration: str, signals: Sequence[Signal]) -> list[int]:
        """Return the start of each signal's episode, which names it; never fails."""

    async def firing(self, integration: str) -> list[Firing]:
        """Return the alerts of open episodes, those that end first at the end.

        Raises
        ------
        Unavailable
            The memory does not answer.
        """


def redis_client(url: SecretStr, timeout: float) -> Redis:
    """Make a client whose every wait is bounded."""
    pool = BlockingConnectionPool.from_url(
        url.get_secret_value(),
        max_connections=_CONNECTIONS,
        timeout=timeout,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        # A connection that a restarted Redis has forgotten is no reason to do without it.
        retry=Retry(NoBackoff(), 1),
    )
    return Redis.from_pool(pool)


class RedisEpisodes:
    """`Episodes` in Redis. After a failure it does without for some seconds, so that few requests wait in vain."""

    def __init__(self, client: Redis, clock: Clock, timeout: float) -> None:
        self._client = client
        self._clock = clock
        self._timeout = timeout
        self._place = client.register_script((files("alerting.ingest") / "episodes.lua").read_text())
        self._retry_at = 0.0
        self._failing = False

    async def place(self, integration: str, signals: Sequence[Signal]) -> list[int]:
        """Return the start of each signal's episode, which names it; without Redis, its own start."""
        found: list[int] = []
        for first in range(0, len(signals), _BATCH):
            some = signals[first : first + _BATCH]
            found += await self._placed(integration, some) or [signal.starts_at for signal in some]
        return found

    async def _placed(self, integration: str, signals: Sequence[Signal]) -> list[int]:
        now = self._clock.monotonic()
        if self._failing and now < self._retry_at:
            return []
        # While one request tries whether Redis is back, the others go on without.
        self._retry_at = now + RETRY_SECONDS
        keys = [_open_key(integration), *(_key(integration, signal.fingerprint) for signal in signals)]
        arguments = [int(self._clock.now() * MICROSECONDS), MEMORY_SECONDS * 1_000, *_arguments(signals)]
        try:
            async with asyncio.timeout(self._timeout):
                names = await self._place(keys, arguments)
        except _FAILURES as error:
            UNAVAILABLE.labels("redis").inc()
            if not self._failing:
                _log.warning(
                    "no memory of episodes: startsAt decides", error=str(error) or "it does not answer in time"
                )
            self._failing = True
            return []
        if self._failing:
            _log.info("the memory of episodes is back")
        self._failing = False
        return [int(name) for name in names]

    async def firing(self, integration: str) -> list[Firing]:
        """Return the alerts of open episodes, at most 10,000, those that end first at the end."""
        now = int(self._clock.now() * MICROSECONDS)
        found: list[Firing] = []
        try:
            async with asyncio.timeout(self._timeout):
                names: list[bytes] = await self._client.execute_command(  # type: ignore[no-untyped-call]
                    "ZRANGE", _open_key(integration), "+inf", f"({now}", "BYSCORE", "REV", "LIMIT", 0, MOST_LISTED
                )
            for first in range(0, len(names), _BATCH):
                async with asyncio.timeout(self._timeout):
                    found += await self._known(integration, names[first : first + _BATCH])
        except _FAILURES as error:
            raise Unavailable("redis", error) from error
        return found

    async def _known(self, integration: str, names: Sequence[bytes]) -> list[Firing]:
        async with self._client.pipeline(transaction=False) as pipeline:
            for name in names:
                pipeline.hmget(_key(integration, name.decode()), ["opened", "ends", "updated", "shown"])
            rows = await pipeline.execute()
        # One that was closed between the two questions has nothing to show.
        return [Firing(int(row[0]), int(row[1]), int(row[2]), row[3]) for row in rows if all(row)]


def _open_key(integration: str) -> str:
    return f"ingest:{{{integration}}}:open"


def _key(integration: str, fingerprint: str) -> str:
    return f"ingest:{{{integration}}}:episode:{fingerprint}"


def _arguments(signals: Sequence[Signal]) -> Iterator[str | int | bytes]:
    for signal in signals:
        yield signal.fingerprint
        yield int(signal.firing)
        yield signal.starts_at
        yield signal.ends_at
        yield signal.shown
