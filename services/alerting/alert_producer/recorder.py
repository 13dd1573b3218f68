"""Writes this process's jobs down, and answers for them and for all others."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from alerting.alert_producer.answers import JobAnswer
from alerting.alert_producer.history import JobHistory
from alerting.alert_producer.job import ENDED
from alerting.alert_producer.jobs import Jobs
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import UNAVAILABLE

_log = structlog.get_logger(__name__)

INTERVAL: Final = 2.0


class Recorder:
    """The jobs of this process, which it knows best, and the history's."""

    def __init__(self, jobs: Jobs, history: JobHistory) -> None:
        self._jobs = jobs
        self._history = history
        self._failing = False

    async def record(self) -> None:
        """Write down what has changed. While Redis is away, jobs run all the same, and are written down later."""
        changed = self._jobs.unrecorded()
        if not changed:
            return
        answers = [JobAnswer.of(job) for job in changed]
        try:
            await self._history.add(answers)
        except Unavailable as error:
            UNAVAILABLE.labels(error.dependency).inc()
            if not self._failing:
                _log.warning("jobs are not written down", error=str(error))
            self._failing = True
            return
        self._failing = False
        for job, answer in zip(changed, answers, strict=True):
            job.recorded = answer.status in ENDED

    async def keep_recording(self) -> None:
        """Write down what has changed, again and again, until cancelled."""
        while True:
            await self.record()
            await asyncio.sleep(INTERVAL)

    async def newest(self, limit: int, *, before: str | None) -> tuple[Sequence[JobAnswer], bool]:
        """Return jobs, the newest first, and whether those of the history are among them."""
        mine = {job.id: JobAnswer.of(job) for job in self._jobs.newest(limit, before=before)}
        try:
            others = {answer.id: answer for answer in await self._history.newest(limit, before=before)}
        except Unavailable as error:
            UNAVAILABLE.labels(error.dependency).inc()
            return list(mine.values()), False
        both = others | mine
        return [both[job_id] for job_id in sorted(both, reverse=True)[:limit]], True
