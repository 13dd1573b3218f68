"""Writes bases, in a thread of its own: changes do not wait for it."""

import queue
import threading
from collections.abc import Callable, Iterator
from typing import NamedTuple

import structlog

from alerting.rule_set.base import BaseInfo
from alerting.rule_updater.decision import Cause
from alerting.rule_updater.store import RuleStore, Superseded
from alerting.runtime.backoff import delays
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Malformed, Unavailable
from alerting.runtime.telemetry import RULE_BASES, UNAVAILABLE
from matchcore import Index

_log = structlog.get_logger(__name__)

_JOIN_SECONDS = 5.0


class Job(NamedTuple):
    """A base to write, or to look at first."""

    cause: Cause
    mark: str
    """Of the lease that it was asked for under."""
    history: str
    """The one that it continues, or begins."""
    continues: bool
    check: BaseInfo | None = None
    """Write a base only if this one turns out to be wrong."""


class Compactor:
    """Takes one job at a time; one that fails is asked for again, so it is not repeated here."""

    def __init__(
        self,
        read_rules: Callable[[], Index],
        store: RuleStore,
        clock: Clock,
        done: threading.Event,
    ) -> None:
        self._read_rules = read_rules
        self._store = store
        self._clock = clock
        self._done = done
        self._jobs: queue.Queue[Job | None] = queue.Queue(maxsize=1)
        self._busy = threading.Event()
        self._pauses: Iterator[float] = delays()
        self._not_before = 0.0
        self._thread = threading.Thread(target=self._run, name="bases", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def close(self) -> None:
        """Stop after the job in hand; one that takes long is left behind, and never published."""
        if self._thread.ident is None:
            return
        try:
            self._jobs.put(None, timeout=_JOIN_SECONDS)
        except queue.Full:
            return
        self._thread.join(_JOIN_SECONDS)

    def request(self, job: Job) -> None:
        """Ask for a base, unless one is being written, or failed a moment ago."""
        if self._busy.is_set() or self._clock.monotonic() < self._not_before:
            return
        self._busy.set()
        self._jobs.put_nowait(job)

    def work(self, job: Job) -> None:
        """Do a job.

        Raises
        ------
        Unavailable, Superseded, Malformed
            No base was written.
        """
        if job.check is not None and self._is_sound(job.check):
            return
        started = self._clock.monotonic()
        index = self._read_rules()
        info = self._store.write_base(job.mark, index, job.history, int(self._clock.now()), continues=job.continues)
        RULE_BASES.labels(job.cause).inc()
        seconds = round(self._clock.monotonic() - started, 2)
        _log.info(
            "base written", cause=job.cause, version=info.version, rules=info.rules, bytes=info.size, seconds=seconds
        )

    def _is_sound(self, info: BaseInfo) -> bool:
        try:
            self._store.check_base(info)
        except Malformed as error:
            _log.error("the base in Redis is damaged", error=str(error))
            return False
        return True

    def _try(self, job: Job) -> bool:
        try:
            self.work(job)
        except Unavailable as error:
            UNAVAILABLE.labels(error.dependency).inc()
            _log.warning("no base written", cause=job.cause, error=str(error))
        except (Superseded, Malformed) as error:
            _log.warning("no base written", cause=job.cause, error=str(error))
        except Exception:  # the thread must outlive what nobody thought of  # noqa: BLE001
            _log.exception("no base written", cause=job.cause)
        else:
            return True
        return False

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            if self._try(job):
                self._pauses = delays()
            else:
                self._not_before = self._clock.monotonic() + next(self._pauses)
            self._busy.clear()
            self._done.set()
