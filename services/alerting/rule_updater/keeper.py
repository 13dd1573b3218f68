"""Keeps the rule set in Redis at the database's version, for as long as this process holds the lease."""

import threading
from collections.abc import Callable
from contextlib import closing
from typing import Final

import structlog

from alerting.rule_set.base import BaseInfo
from alerting.rule_updater.batches import batches
from alerting.rule_updater.compactor import Compactor, Job
from alerting.rule_updater.decision import Limits, NewBase, decide
from alerting.rule_updater.lease import Lease
from alerting.rule_updater.log import RuleLog
from alerting.rule_updater.store import RuleStore, StoreState, Superseded
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import RULES_LEASE, RULES_WRITTEN, UNAVAILABLE, Telemetry

_log = structlog.get_logger(__name__)

_JOIN_SECONDS: Final = 5.0


class Keeper:
    """Looks every now and then, and whenever it is told. Every look begins from what Redis and the database say."""

    def __init__(
        self,
        log: RuleLog,
        store: RuleStore,
        lease: Lease,
        compactor: Compactor,
        telemetry: Telemetry,
        *,
        wake: threading.Event,
        limits: Limits,
        interval: float,
        new_history: Callable[[], str],
    ) -> None:
        self._changes_log = log
        self._store = store
        self._lease = lease
        self._compactor = compactor
        self._telemetry = telemetry
        self._wake = wake
        self._limits = limits
        self._interval = interval
        self._new_history = new_history
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._held: str | None = None
        self._counted: tuple[str, int] | None = None
        self._changes = 0
        self._trouble = ""
        self._complained = "", 0
        self._thread = threading.Thread(target=self._run, name="rules", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._compactor.start()
        self._thread.start()

    def close(self) -> None:
        """Stop, and hand the lease over."""
        self._stop.set()
        self._wake.set()
        if self._thread.ident is not None:
            self._thread.join(_JOIN_SECONDS)
        self._compactor.close()
        if not self._thread.is_alive():
            self._let_go()

    def _let_go(self) -> None:
        try:
            self._lease.release()
        except Unavailable as error:
            _log.info("lease left to expire", error=str(error))
        self._changes_log.close()

    def step(self) -> bool:
        """Bring Redis to the database's version, if this process may; return whether it may.

        Raises
        ------
        Unavailable
            Redis or the database does not answer.
        """
        with self._lock:
            held = self._lease.hold()
            taken = held and self._lease.mark != self._held
            self._note_lease()
            if self._held is not None:
                try:
                    self._look(self._held, check=taken)
                except Superseded as error:
                    _log.info("looking again", reason=str(error))
                    self._wake.set()
            return held

    def _note_lease(self) -> None:
        mark = self._lease.mark
        if mark != self._held:
            _log.info("this process writes the rules" if mark else "another process writes the rules", lease=mark)
        self._held = mark
        RULES_LEASE.set(mark is not None)

    def _look(self, mark: str, *, check: bool) -> None:
        state = self._store.state()
        newest = self._changes_log.newest()
        self._count(state)
        new = decide(state, newest, self._changes, self._limits)
        if new is not None:
            if new.cause == "ahead":
                self._complain("the database does not know the newest version of Redis", newest + 1)
            self._request(mark, state.base, new)
        elif check and state.base is not None:
            self._compactor.request(Job("checksum", mark, state.base.history, continues=True, check=state.base))
        if state.base is not None and state.newest is not None and (new is None or new.continues):
            self._append(mark, state.base, state.newest, newest)

    def _count(self, state: StoreState) -> None:
        """Count the changes after the base anew, when it is another one."""
        if state.base is None or state.newest is None:
            return
        base = state.base.history, state.base.version
        if base != self._counted:
            self._changes = self._changes_log.count_changes(state.base.version, state.newest)
            self._counted = base

    def _request(self, mark: str, base: BaseInfo | None, new: NewBase) -> None:
        history = base.history if new.continues and base is not None else self._new_history()
        self._compactor.request(Job(new.cause, mark, history, new.continues))

    def _append(self, mark: str, base: BaseInfo, version: int, newest: int) -> None:
        while version < newest:
            before = version
            with closing(self._changes_log.changes(version)) as log:
                for batch in batches(log, version, base.version):
                    version = self._store.append(mark, base.history, batch.versions)
                    self._changes += batch.changes
            if version == before:
                self._request(mark, base, self._obstacle(version))
                break
        self._telemetry.rules_version = version
        RULES_WRITTEN.set(version)

    def _obstacle(self, version: int) -> NewBase:
        """Return which base leads over what cannot be appended after a version."""
        with closing(self._changes_log.changes(version)) as log:
            following = next(log, None)
        if following is not None and following.version == version + 1:
            self._complain("no reader can apply a version: a new base leads over it", version + 1)
            return NewBase("unreadable", continues=True)
        self._complain("the database's log lacks a version: a new base leads over it", version + 1)
        return NewBase("log", continues=False)

    def _complain(self, event: str, version: int) -> None:
        if self._complained != (event, version):
            _log.error(event, version=version)
        self._complained = event, version

    def _run(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self.step()
                self._trouble = ""
            except Unavailable as error:
                UNAVAILABLE.labels(error.dependency).inc()
                if self._trouble != error.dependency:
                    _log.warning("waiting", dependency=error.dependency, error=str(error))
                self._trouble = error.dependency
            except Exception as error:  # the thread must outlive what nobody thought of  # noqa: BLE001
                if self._trouble != repr(error):
                    _log.exception("the rules could not be looked at")
                self._trouble = repr(error)
            self._wake.wait(self._interval)
