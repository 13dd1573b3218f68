"""Keeps the gauge of the consumers' lag, which Prometheus reads when it likes."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog

from alerting.metrics.answers import TopicFigures
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import CONSUMER_LAG, UNAVAILABLE

_log = structlog.get_logger(__name__)


async def keep_lag(topics: Callable[[], Awaitable[Sequence[TopicFigures]]], interval: float) -> None:
    """Set the gauge, again and again, until cancelled."""
    while True:
        try:
            show_lag(await topics())
        except Unavailable as error:
            # No figure is better than one that stands still.
            CONSUMER_LAG.clear()
            UNAVAILABLE.labels(error.dependency).inc()
            _log.warning("no lag", dependency=error.dependency, error=str(error))
        await asyncio.sleep(interval)


def show_lag(topics: Sequence[TopicFigures]) -> None:
    """Set the gauge."""
    for each in topics:
        CONSUMER_LAG.labels(each.topic, each.group).set(each.lag)
