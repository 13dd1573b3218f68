"""Takes a sample of the pipeline every ten seconds, for the history."""

import asyncio
from typing import Final

import structlog

from alerting.metrics.history import HistoryLog
from alerting.metrics.pipeline import Pipeline
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import UNAVAILABLE

_log = structlog.get_logger(__name__)

RETRY_SECONDS: Final = 2.0
_AFTER: Final = 1.0
"""Seconds behind the beginning of a step, so that what wakes too early does not count for the step before."""


async def keep_history(pipeline: Pipeline, history: HistoryLog) -> None:
    """Take samples until cancelled. While Redis is away none is taken, and the history has a gap."""
    failing = False
    while True:
        try:
            due = await history.add(await pipeline.snapshot()) + _AFTER
            failing = False
        except Unavailable as error:
            UNAVAILABLE.labels(error.dependency).inc()
            if not failing:
                _log.warning("no sample for the history", dependency=error.dependency, error=str(error))
            failing = True
            due = RETRY_SECONDS
        await asyncio.sleep(due)
