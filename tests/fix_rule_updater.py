"""A rule-updater that takes a step when it is told, and writes a base when it is told: in any order."""

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from redis import Redis

from alerting.rule_set.connection import connect
from alerting.rule_updater.compactor import Compactor, Job
from alerting.rule_updater.decision import Limits
from alerting.rule_updater.keeper import Keeper
from alerting.rule_updater.lease import Lease
from alerting.rule_updater.log import RuleLog, read_rules
from alerting.rule_updater.settings import RuleUpdaterSettings
from alerting.rule_updater.store import RuleStore, Superseded
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Malformed
from alerting.runtime.telemetry import Telemetry
from fix_clock import FakeClock
from matchcore import Index

_numbers = itertools.count(1)
_LIMITS = Limits(1_000, 0.0)


class WaitingCompactor:
    """Reads the rules when a base is asked for, and writes it when it is told."""

    def __init__(self, read: Callable[[], Index], store: RuleStore, clock: Clock) -> None:
        self._read = read
        self._index = Index.build([])
        self._compactor = Compactor(lambda: self._index, store, clock, threading.Event())
        self.job: Job | None = None

    def start(self) -> None:
        raise AssertionError("this one has no thread")

    def close(self) -> None:
        pass

    def request(self, job: Job) -> None:
        if self.job is None:
            self._index = self._read()
            self.job = job

    def work(self) -> Job | None:
        """Write what was asked for, if anything was; return the job when that went well."""
        job, self.job = self.job, None
        if job is not None:
            with suppress(Superseded, Malformed):
                self._compactor.work(job)
                return job
        return None


class Updater:
    """One process."""

    def __init__(self, settings: RuleUpdaterSettings, *, limits: Limits = _LIMITS, chunk_bytes: int = 4_096) -> None:
        self.redis: Redis = connect(settings)
        self.store = RuleStore(
            self.redis, lease=settings.rules_lease, grace=settings.rules_base_grace, chunk_bytes=chunk_bytes
        )
        self.lease = Lease(self.redis, f"updater-{next(_numbers)}", settings.rules_lease)
        self.log = RuleLog(settings)
        clock = FakeClock()
        self.compactor = WaitingCompactor(lambda: read_rules(settings), self.store, clock)
        self.telemetry = Telemetry(clock)
        self.keeper = Keeper(
            self.log,
            self.store,
            self.lease,
            cast("Compactor", self.compactor),
            self.telemetry,
            wake=threading.Event(),
            limits=limits,
            interval=0.1,
            new_history=lambda: f"history-{next(_numbers)}",
        )

    def step(self) -> bool:
        return self.keeper.step()

    def settle(self) -> list[str]:
        """Step and write bases until nothing is left to do; return why bases were written."""
        causes: list[str] = []
        quiet = 0
        for _ in range(10):
            self.step()
            job = self.compactor.work()
            # What one step appends, the next one counts.
            quiet = quiet + 1 if job is None else 0
            if quiet == 2:
                return causes
            if job is not None and job.check is None:
                causes.append(job.cause)
        raise AssertionError(f"it never settles: {causes}")

    def crash(self) -> None:
        """Be gone, with the lease still held in Redis."""
        self.log.close()
        self.redis.close()

    def close(self) -> None:
        self.keeper.close()
        self.redis.close()
