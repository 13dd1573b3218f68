"""Keeps the rule set in Redis at the database's version, for as long as this process holds the lease."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Final

import structlog

from alerting.rule_set.changes import read_changes
from alerting.rule_updater.compactor import Compactor, Job
from alerting.rule_updater.decision import Limits, NewBase, decide
from alerting.rule_updater.lease import Lease
from alerting.rule_updater.log import LoggedChange, RuleLog
from alerting.rule_updater.store import RuleStore, StoreState, Superseded
from alerting.runtime.errors import Malformed, Unavailable
from alerting.runtime.telemetry import RULES_LEASE, RULES_VERSION, UNAVAILABLE, Telemetry

_log = structlog.get_logger(__name__)

# Of one script, during which Redis does nothing else.
_MOST_CHARACTERS: Final = 1_000_000
_MOST_VERSIONS: Final = 200

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
        self._unreadable = 0
        self._trouble = ""
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
        new = decide(state, newest, self._limits, changes=self._changes, unreadable=self._unreadable)
        if new is not None:
            self._request(mark, state, new, newest)
        elif check and state.base is not None:
            self._compactor.request(Job("checksum", mark, state.base.history, continues=True, check=state.base))
        if state.base is not None and state.newest is not None and (new is None or new.continues):
            self._append(mark, state.base.history, state.newest, newest)

    def _count(self, state: StoreState) -> None:
        """Count the changes after the base anew, when it is another one."""
        if state.base is None:
            return
        base = state.base.history, state.base.version
        if base != self._counted:
            self._changes = self._changes_log.count_changes(state.base.version)
            self._counted = base

    def _request(self, mark: str, state: StoreState, new: NewBase, newest: int) -> None:
        if new.cause == "ahead":
            _log.error(
                "Redis has versions that the database does not know: the database's rules begin a new history",
                redis=state.newest,
                database=newest,
            )
        history = state.base.history if new.continues and state.base is not None else self._new_history()
        self._compactor.request(Job(new.cause, mark, history, new.continues))

    def _append(self, mark: str, history: str, version: int, newest: int) -> None:
        while version < newest:
            reached = self._append_some(mark, history, version)
            if reached == version:
                _log.error("the database's log lacks a version: a new base leads over it", after=version)
                self._compactor.request(Job("log", mark, self._new_history(), continues=False))
                break
            version = reached
        self._telemetry.rules_version = version
        RULES_VERSION.set(version)

    def _append_some(self, mark: str, history: str, version: int) -> int:
        """Append what the log gives at once, and return the newest version; the same one when its next is missing."""
        with closing(self._changes_log.changes(version)) as changes:
            for batch in batches(changes):
                if batch[0].version != version + 1:
                    break
                version = self._store.append(mark, history, batch)
                self._changes += sum(map(self._size, batch))
        return version

    def _size(self, change: LoggedChange) -> int:
        try:
            return len(read_changes(change.changes))
        except Malformed as error:
            self._unreadable = change.version
            _log.error(
                "a version cannot be applied: a new base leads over it", version=change.version, error=str(error)
            )
            return 0

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


def batches(changes: Iterable[LoggedChange]) -> Iterator[list[LoggedChange]]:
    """Cut the log into pieces for one script each."""
    batch: list[LoggedChange] = []
    characters = 0
    for change in changes:
        batch.append(change)
        characters += len(change.changes)
        if characters >= _MOST_CHARACTERS or len(batch) >= _MOST_VERSIONS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
