"""Everything at once, of which each part answers whether or not the others do."""

import asyncio
from collections.abc import Awaitable, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

import structlog
from starlette.concurrency import run_in_threadpool

from alerting.metrics.answers import (
    AlertFigures,
    Dependency,
    NotificationFigures,
    PipelineFigures,
    ServiceFigures,
    Snapshot,
    TopicFigures,
)
from alerting.metrics.cache import Cache
from alerting.metrics.handled_letters import HandledLetters
from alerting.metrics.heartbeats import HeartbeatReader
from alerting.metrics.history import snapshot_of
from alerting.metrics.lag import LagReader
from alerting.metrics.notifications import Counted, NotificationReader, figures
from alerting.metrics.window import Span, last_hours
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Unavailable
from alerting.runtime.topics import ALERTS_NEW

_log = structlog.get_logger(__name__)

Part = TypeVar("Part")

_SETTLED_SECONDS: Final = 300.0
"""An hour that is over changes only by late retries."""
_MOST_SETTLED: Final = 10_000
_MOST_SECONDS: Final = 20.0

_SOURCES: Final = frozenset({"ingest", "alert-producer"})
"""The services that bring alerts in."""


class Pipeline:
    """The figures, each kept for a moment."""

    def __init__(
        self,
        notifications: NotificationReader,
        heartbeats: HeartbeatReader,
        lag: LagReader,
        handled_letters: HandledLetters,
        clock: Clock,
        *,
        seconds: float,
    ) -> None:
        self._notifications = notifications
        self._heartbeats = heartbeats
        self._lag = lag
        self._handled_letters = handled_letters
        self._clock = clock
        self._kept_recent: Cache[tuple[Span, str | None], Counted] = Cache(clock, seconds=seconds)
        self._kept_settled: Cache[tuple[Span, str | None], Counted] = Cache(
            clock, seconds=_SETTLED_SECONDS, most=_MOST_SETTLED
        )
        self._kept_services: Cache[None, Sequence[ServiceFigures]] = Cache(clock, seconds=seconds)
        self._kept_topics: Cache[None, Sequence[TopicFigures]] = Cache(clock, seconds=seconds)

    async def notifications(self, hours: int, client_id: str | None) -> NotificationFigures:
        """Return the notifications of the last hours, of one client or of all.

        Raises
        ------
        Unavailable
            The database does not answer, or not soon enough; the hours that it has counted need not be counted again.
        """
        window = last_hours(hours, self._clock.now())
        try:
            async with asyncio.timeout(_MOST_SECONDS):
                counted = [await self._counted(self._kept_settled, span, client_id) for span in window.settled]
                counted.append(await self._counted(self._kept_recent, window.recent, client_id))
        except TimeoutError:
            raise Unavailable("postgres", f"the figures of {hours} hours take longer; ask again") from None
        return figures(window, counted)

    async def _counted(
        self, kept: Cache[tuple[Span, str | None], Counted], span: Span, client_id: str | None
    ) -> Counted:
        return await kept.get((span, client_id), lambda: self._notifications.read(span, client_id))

    async def services(self) -> Sequence[ServiceFigures]:
        """Return the services that have a process."""
        return await self._kept_services.get(None, self._heartbeats.read)

    async def topics(self) -> Sequence[TopicFigures]:
        """Return the topics, and how far their consumers are."""
        return await self._kept_topics.get(None, self._read_topics)

    async def _read_topics(self) -> Sequence[TopicFigures]:
        topics = await run_in_threadpool(self._lag.read)
        refused = [each.topic for each in topics if each.dead_letters]
        handled = await or_none(self._handled_letters.count(refused)) if refused else None
        if handled is None:
            return topics
        return [
            each.model_copy(update={"dead_letters": max(0, each.dead_letters - handled.get(each.topic, 0))})
            for each in topics
        ]

    async def snapshot(self) -> Snapshot:
        """Return what the history keeps of now.

        Raises
        ------
        Unavailable
            Redis does not answer.
        """
        services, topics = await asyncio.gather(self.services(), or_none(self.topics()))
        return snapshot_of(services, topics)

    async def all(self, hours: int) -> PipelineFigures:
        """Return everything that can be known now."""
        notifications, services, topics = await asyncio.gather(
            or_none(self.notifications(hours, None)), or_none(self.services()), or_none(self.topics())
        )
        known: dict[Dependency, object] = {"kafka": topics, "postgres": notifications, "redis": services}
        return PipelineFigures(
            at=datetime.fromtimestamp(self._clock.now(), UTC),
            parts={name: "unavailable" if part is None else "ok" for name, part in known.items()},
            alerts=alert_figures(services, topics),
            notifications=notifications,
            services=None if services is None else list(services),
            topics=None if topics is None else list(topics),
        )


async def or_none(part: Awaitable[Part]) -> Part | None:
    """Return a part, or None when the dependency that knows it does not answer."""
    try:
        return await part
    except Unavailable as error:
        _log.warning("unavailable", dependency=error.dependency, error=str(error))
        return None


def alert_figures(services: Sequence[ServiceFigures] | None, topics: Sequence[TopicFigures] | None) -> AlertFigures:
    """Return what comes in, as far as it is known."""
    return AlertFigures(
        written=None if topics is None else sum(each.written for each in topics if each.topic == ALERTS_NEW),
        rate=None
        if services is None
        else round(sum(each.rates.get("produced", 0.0) for each in services if each.service in _SOURCES), 3),
    )
