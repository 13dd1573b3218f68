"""Keeps the gauges that are about the whole platform, which Prometheus reads when it likes."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, NamedTuple, TypeVar

import structlog

from alerting.metrics.answers import ServiceFigures, TopicFigures
from alerting.metrics.backlog import Backlog
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Unavailable
from alerting.runtime.metric import SERVICES
from alerting.runtime.telemetry import (
    CONSUMER_LAG,
    DEAD_LETTERS_WAITING,
    DELIVERIES_OVERDUE,
    DELIVERIES_WAITING,
    INSTANCES,
    OUTBOX_AGE,
    OUTBOX_CHANGES,
    UNAVAILABLE,
)

_log = structlog.get_logger(__name__)

Figures = TypeVar("Figures")

_SHARE: Final = 10
"""At most a tenth of the time goes into a question that is hard to answer."""


class Gauges(NamedTuple, Generic[Figures]):
    """Shows figures, or forgets them when nobody knows them: none is better than one that stands still."""

    show: Callable[[Figures], None]
    forget: Callable[[], None]


async def keep(read: Callable[[], Awaitable[Figures]], gauges: Gauges[Figures], interval: float, clock: Clock) -> None:
    """Read and show, again and again, until cancelled."""
    while True:
        begun = clock.monotonic()
        try:
            gauges.show(await read())
        except Unavailable as error:
            gauges.forget()
            UNAVAILABLE.labels(error.dependency).inc()
            _log.warning("no figures", dependency=error.dependency, error=str(error))
        await asyncio.sleep(max(interval, (clock.monotonic() - begun) * _SHARE))


def _show_topics(topics: Sequence[TopicFigures]) -> None:
    for each in topics:
        CONSUMER_LAG.labels(each.topic, each.group).set(each.lag)
        DEAD_LETTERS_WAITING.labels(each.topic).set(each.dead_letters)


def _forget_topics() -> None:
    CONSUMER_LAG.clear()
    DEAD_LETTERS_WAITING.clear()


def _show_instances(services: Sequence[ServiceFigures]) -> None:
    numbers = {each.service: len(each.instances) for each in services}
    for name in SERVICES:
        INSTANCES.labels(name).set(numbers.get(name, 0))


def _show_backlog(backlog: Backlog) -> None:
    DELIVERIES_WAITING.labels("due").set(backlog.due)
    DELIVERIES_WAITING.labels("leased").set(backlog.leased)
    DELIVERIES_WAITING.labels("put_off").set(backlog.put_off)
    DELIVERIES_OVERDUE.set(backlog.overdue)
    OUTBOX_CHANGES.set(backlog.changes)
    OUTBOX_AGE.set(backlog.oldest_change)


def _forget_backlog() -> None:
    DELIVERIES_WAITING.clear()
    # What has no labels cannot be taken away.
    for gauge in (DELIVERIES_OVERDUE, OUTBOX_CHANGES, OUTBOX_AGE):
        gauge.set(math.nan)


TOPICS: Final[Gauges[Sequence[TopicFigures]]] = Gauges(_show_topics, _forget_topics)
INSTANCES_ALIVE: Final[Gauges[Sequence[ServiceFigures]]] = Gauges(_show_instances, INSTANCES.clear)
BACKLOG: Final[Gauges[Backlog]] = Gauges(_show_backlog, _forget_backlog)
