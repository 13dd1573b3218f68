"""The journal of integrations, in Redis: when each was last heard of, with what, and which of its alerts were refused.

It holds the thousand integrations that were heard of last, each with fifty refused alerts, for thirty days. All texts
in it are bounded: an integration that is well takes 0.5 kB, one with fifty refused alerts some 15 kB, and a sender that
tries to fill it, with all names and the longest texts, some 60 MB.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib.resources import files
from typing import Final, Protocol, cast

import orjson
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from alerting.events.v1 import Severity
from alerting.ingest.alert import Alert
from alerting.ingest.rejects import KeptReject
from alerting.ingest.tally import MOST_REJECTS, Tally
from alerting.ingest.timestamps import MICROSECONDS
from alerting.runtime.clock import Clock
from alerting.runtime.described import Described
from alerting.runtime.errors import Unavailable

MOST_INTEGRATIONS: Final = 1_000
MOST_REJECTS_OF_ALL: Final = 100
SECONDS: Final = 30 * 24 * 3_600

_ALL: Final = "ingest:integrations"
_REJECTS: Final = "ingest:rejects"
_FAILURES: Final = (RedisError, OSError, TimeoutError)


class LastEvent(Described):
    """An alert, as it was accepted."""

    severity: str
    """Its severity."""
    source: str
    """Its source."""
    name: str
    """Its name."""
    alert_id: str
    """Its id."""


class IntegrationActivity(Described):
    """What an integration did, since it was first heard of, or heard of again after a month."""

    name: str
    """Its name."""
    format: str | None = None
    """The format of what it sent last; null when it was never heard of."""
    last_event_at: datetime | None = None
    """When its last alert was accepted, in UTC; null when none was."""
    last_event: LastEvent | None = None
    """The last alert that was accepted; null when none was."""
    accepted: int = 0
    """Alerts that the broker has, repetitions among them; those that came as resolved are not."""
    rejected: int = 0
    """Alerts that were refused."""
    last_rejected_at: datetime | None = None
    """When its last alert was refused, in UTC; null when none was."""


class Journal(Protocol):
    """What all processes of ingest tell of the integrations, and anyone may read."""

    async def add(self, tallies: Mapping[str, Tally]) -> None:
        """Add tallies, by the name of their integration.

        Raises
        ------
        Unavailable
            The journal does not answer in time; the same is true of all questions.
        """

    async def integrations(self) -> list[IntegrationActivity]:
        """Return all integrations, the last heard of first."""

    async def integration(self, name: str) -> IntegrationActivity:
        """Return one; one that was never heard of has done nothing."""

    async def rejects(self, integration: str | None = None) -> list[KeptReject]:
        """Return the last refused alerts of one integration, or of all, the newest first."""


class RedisJournal:
    """`Journal` in Redis, of which every question is asked for `timeout` seconds at most."""

    def __init__(self, client: Redis, clock: Clock, timeout: float) -> None:
        self._client = client
        self._clock = clock
        self._timeout = timeout
        self._add = client.register_script((files("alerting.ingest") / "journal.lua").read_bytes())

    async def add(self, tallies: Mapping[str, Tally]) -> None:
        """Add tallies, by the name of their integration."""
        limits = [MOST_INTEGRATIONS, MOST_REJECTS, MOST_REJECTS_OF_ALL, SECONDS, int(self._clock.now())]
        arguments = [argument for name, tally in tallies.items() for argument in _arguments(name, tally)]
        async with self._bounded():
            await self._add(keys=[_ALL, _REJECTS], args=[*limits, *arguments])

    async def integrations(self) -> list[IntegrationActivity]:
        """Return all integrations, the last heard of first."""
        async with self._bounded():
            found = cast("list[bytes]", await self._client.zrevrange(_ALL, 0, MOST_INTEGRATIONS - 1))
            names = [name.decode() for name in found]
            async with self._client.pipeline(transaction=False) as pipeline:
                for name in names:
                    pipeline.hgetall(_key(name))
                rows = await pipeline.execute()
        return [_activity(name, row) for name, row in zip(names, rows, strict=True)]

    async def integration(self, name: str) -> IntegrationActivity:
        """Return one; one that was never heard of has done nothing."""
        async with self._bounded():
            row = cast("dict[bytes, bytes]", await self._client.hgetall(_key(name)))
        return _activity(name, row)

    async def rejects(self, integration: str | None = None) -> list[KeptReject]:
        """Return the last refused alerts of one integration, or of all, the newest first."""
        key = _REJECTS if integration is None else f"{_key(integration)}:rejects"
        async with self._bounded():
            bodies = cast("list[bytes]", await self._client.lrange(key, 0, -1))
        return list(_readable(bodies))

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._timeout):
                yield
        except _FAILURES as error:
            raise Unavailable("redis", str(error) or f"no answer within {self._timeout} s") from error


def _key(name: str) -> str:
    return f"{_ALL}:{name}"


def _arguments(name: str, tally: Tally) -> Iterator[str | int | bytes]:
    yield name
    yield tally.at // MICROSECONDS
    yield tally.format
    yield tally.accepted
    yield b"" if tally.last is None else _event(tally.last)
    yield tally.last_at or ""
    yield tally.rejected
    yield tally.rejected_at or ""
    yield len(tally.rejects)
    for reject in tally.rejects:
        yield reject.model_dump_json()


def _event(alert: Alert) -> bytes:
    shown = {"severity": Severity.Name(alert.severity), "source": alert.source, "name": alert.name}
    return orjson.dumps({**shown, "alert_id": alert.alert_id})


def _activity(name: str, row: Mapping[bytes, bytes]) -> IntegrationActivity:
    return IntegrationActivity(
        name=name,
        format=row[b"format"].decode() if b"format" in row else None,
        last_event_at=_time(row.get(b"last_at")),
        last_event=LastEvent.model_validate_json(row[b"last"]) if b"last" in row else None,
        accepted=int(row.get(b"accepted", 0)),
        rejected=int(row.get(b"rejected", 0)),
        last_rejected_at=_time(row.get(b"rejected_at")),
    )


def _time(microseconds: bytes | None) -> datetime | None:
    return None if microseconds is None else datetime.fromtimestamp(int(microseconds) / MICROSECONDS, UTC)


def _readable(bodies: Sequence[bytes]) -> Iterator[KeptReject]:
    for body in bodies:
        try:
            yield KeptReject.model_validate_json(body)
        except ValidationError:
            # Another version's.
            continue
