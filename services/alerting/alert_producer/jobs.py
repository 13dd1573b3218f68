"""The jobs of this process: started, listed, stopped, and forgotten in the order in which they came."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Literal

import structlog

from alerting.alert_producer.job import ENDED, Job
from alerting.alert_producer.load import Load
from alerting.alert_producer.single import SingleAlert
from alerting.runtime.clock import Clock
from alerting.runtime.errors import AlertingError
from alerting.runtime.ids import new_id

_log = structlog.get_logger(__name__)


class TooManyJobs(AlertingError):
    """As many jobs run as may."""


class Jobs:
    """Runs each job in a thread. What runs is bounded, and so is what is remembered. Thread-safe."""

    def __init__(self, work: Callable[[Job], None], clock: Clock, *, most_running: int, most_ended: int) -> None:
        self._work = work
        self._clock = clock
        self._most_running = most_running
        self._most_ended = most_ended
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._threads: dict[str, threading.Thread] = {}
        self._closed = False

    def start(self, kind: Literal["continuous", "burst", "one"], what: Load | SingleAlert, created_by: str) -> Job:
        """Start a job.

        Raises
        ------
        TooManyJobs
            One has to end, or be stopped, first; or the service itself stops.
        """
        with self._lock:
            if self._closed:
                raise TooManyJobs("the service is stopping")
            if len(self._threads) >= self._most_running:
                raise TooManyJobs(f"{len(self._threads)} jobs run, which is the most that may; stop one")
            job = Job(new_id(), kind, what, self._clock.now(), created_by)
            self._jobs[job.id] = job
            thread = threading.Thread(target=self._run, args=(job,), name=f"job-{job.id}", daemon=True)
            self._threads[job.id] = thread
            thread.start()
        return job

    def get(self, job_id: str) -> Job | None:
        """Return a job, if there is one."""
        with self._lock:
            return self._jobs.get(job_id)

    def newest(self, limit: int, *, before: str | None = None) -> Sequence[Job]:
        """Return jobs, the newest first; with `before`, only those that are older than the job with that id."""
        with self._lock:
            # Ids sort by time, so that a page's end is found even when its job is forgotten by now.
            older = (job for job in reversed(self._jobs.values()) if before is None or job.id < before)
            return [job for job, _ in zip(older, range(limit), strict=False)]

    def unrecorded(self) -> Sequence[Job]:
        """Return the jobs that run, and those that ended and are not known to the history as ended."""
        with self._lock:
            return [job for job in self._jobs.values() if not job.recorded]

    def stop(self, job: Job) -> None:
        """Tell a job to stop; it ends when the broker has acknowledged what it sent."""
        with self._lock:
            if job.status == "running":
                job.status = "stopping"
                job.stop.set()

    def close(self, timeout: float) -> None:
        """Stop all jobs and wait, `timeout` seconds at most, until they ended."""
        with self._lock:
            self._closed = True
            jobs, threads = list(self._jobs.values()), list(self._threads.values())
        for job in jobs:
            self.stop(job)
        deadline = self._clock.monotonic() + timeout
        for thread in threads:
            thread.join(max(0.0, deadline - self._clock.monotonic()))

    def _run(self, job: Job) -> None:
        error: str | None = None
        try:
            self._work(job)
        except AlertingError as failure:
            error = str(failure)
        except Exception as failure:  # whatever it is, the job says so instead of running for ever  # noqa: BLE001
            error = f"{type(failure).__name__}: {failure}"
            _log.error("job failed", job=job.id, exc_info=failure)
        with self._lock:
            self._end(job, error)
        _log.info("job ended", job=job.id, status=job.status, acknowledged=job.counts.acknowledged, error=error)

    def _end(self, job: Job, error: str | None) -> None:
        job.finished_at = self._clock.now()
        job.error = error
        job.status = "failed" if error is not None else "stopped" if job.stop.is_set() else "completed"
        del self._threads[job.id]
        ended = [job_id for job_id, each in self._jobs.items() if each.status in ENDED]
        for job_id in ended[: max(0, len(ended) - self._most_ended)]:
            del self._jobs[job_id]
