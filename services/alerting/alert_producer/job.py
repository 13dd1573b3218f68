"""A job: a load, or a single alert, that the service sends on somebody's behalf."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from alerting.alert_producer.catalog import CatalogAlert
from alerting.alert_producer.load import Load
from alerting.alert_producer.run import Counts, Run, send_single
from alerting.alert_producer.single import SingleAlert
from alerting.runtime.broker import Producer
from alerting.runtime.clock import Clock
from alerting.runtime.telemetry import Telemetry

Status = Literal["running", "stopping", "completed", "stopped", "failed"]

ENDED: frozenset[Status] = frozenset({"completed", "stopped", "failed"})


@dataclass(slots=True)
class Job:
    """What is known of a job. One thread works on it and writes its counts; the others only read."""

    id: str
    kind: Literal["continuous", "burst", "one"]
    what: Load | SingleAlert
    started_at: float
    created_by: str
    finished_at: float | None = None
    counts: Counts = field(default_factory=Counts)
    error: str | None = None
    status: Status = "running"
    stop: threading.Event = field(default_factory=threading.Event)
    recorded: bool = False
    """Whether the history knows how it ended."""


class Worker:
    """Does the work of jobs, each with a producer of its own, so that none waits for another's messages."""

    def __init__(
        self,
        catalog: Sequence[CatalogAlert],
        new_producer: Callable[[], Producer],
        telemetry: Telemetry,
        clock: Clock,
    ) -> None:
        self._catalog = catalog
        self._new_producer = new_producer
        self._telemetry = telemetry
        self._clock = clock

    def work(self, job: Job) -> None:
        """Send what the job says.

        Raises
        ------
        Unavailable
            The broker does not acknowledge; the job's counts say how far it came.
        """
        producer = self._new_producer()
        try:
            if isinstance(job.what, SingleAlert):
                job.counts = Counts(sent=1)
                job.counts = send_single(job.what, producer, self._telemetry, self._clock)
            else:
                self._send_load(job, job.what, producer)
        finally:
            producer.close()

    def _send_load(self, job: Job, load: Load, producer: Producer) -> None:
        run = Run(load.pace, load.generator(self._catalog, self._clock), producer, self._telemetry, self._clock)

        def note(counts: Counts) -> None:
            job.counts = counts

        try:
            run.run(job.stop, note)
        finally:
            note(run.counts)
