"""Keeps the rules in use at the newest version: loads a base, then follows the stream, and begins again at a gap."""

import threading
from collections.abc import Sequence
from typing import Final

import structlog

from alerting.evaluator.rules import Rules, RuleSet
from alerting.evaluator.source import Entry, RuleSource, State
from alerting.rule_set.base import BaseInfo
from alerting.rule_set.changes import read_changes
from alerting.runtime.backoff import delays
from alerting.runtime.clock import Clock
from alerting.runtime.errors import Malformed, Unavailable
from alerting.runtime.telemetry import RULE_SETS_REFUSED, RULES_CONFIRMED, RULES_FOLLOWED, UNAVAILABLE

_log = structlog.get_logger(__name__)

_BLOCK_SECONDS: Final = 1.0
_MOST_PAUSE: Final = 1.0
# Whether a base that was refused is still wrong is worth a look now and then; reading it costs.
_REFUSED_SECONDS: Final = 15.0


class Follower:
    """Whatever it meets, the rules in use stay whole: the last good ones, until there are better ones."""

    def __init__(self, source: RuleSource, rules: Rules, clock: Clock) -> None:
        self._source = source
        self._rules = rules
        self._clock = clock
        self._refused: tuple[BaseInfo, float] | None = None
        self._refused_version = -1
        self._trouble = ""
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rules", daemon=True)
        RULES_FOLLOWED.set(0)

    def start(self) -> None:
        """Begin to follow, in a thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop, and let go of Redis."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(_BLOCK_SECONDS + 1)
        self._source.close()

    def step(self, wait: float) -> bool:
        """Take over what is new, waiting for it up to `wait` seconds; return False when there is nothing to follow.

        Raises
        ------
        Unavailable
            Redis does not answer.
        """
        current = self._rules.current
        entries = [] if current is None else self._source.read_changes(current.version, wait)
        # Read after the entries: if the history is ours now, it was ours when they were read.
        state = self._state()
        if state is None:
            return False
        if current is None or state.base is None or state.base.history != current.history:
            return self._load(state.base)
        missing = self._apply(current, entries) if entries else self._announced(current, state)
        if missing and state.base.version <= current.version:
            self._say_trouble(f"{missing}, and the base is no newer")
            return False
        if missing:
            return self._load(state.base)
        self._rules.compact()
        self._say_well()
        return True

    def _state(self) -> State | None:
        try:
            return self._source.state()
        except Malformed as error:
            self._say_trouble(str(error))
            return None

    def _apply(self, current: RuleSet, entries: Sequence[Entry]) -> str:
        """Apply what follows; return what is missing, at a gap and at an entry that cannot be applied."""
        for entry in entries:
            if entry.version != current.version + 1:
                return f"version {current.version + 1} is missing"
            try:
                self._rules.apply(entry.version, read_changes(entry.changes))
            except Malformed as error:
                if entry.version != self._refused_version:
                    RULE_SETS_REFUSED.labels("changes").inc()
                self._refused_version = entry.version
                return f"version {entry.version} cannot be applied ({error})"
        return ""

    def _announced(self, current: RuleSet, state: State) -> str:
        """Return what is missing, and not only on its way: version and entry are written as one."""
        if state.newest is None or state.newest <= current.version:
            return ""
        if self._source.read_changes(current.version, 0):
            return ""
        return f"version {state.newest} is announced and missing"

    def _load(self, base: BaseInfo | None) -> bool:
        """Begin again with a base."""
        if base is None:
            self._say_trouble("there is no rule set in Redis")
            return False
        if self._is_refused(base):
            return False
        try:
            index = self._source.read_base(base)
        except Malformed as error:
            return self._refuse(base, error)
        if index is None:
            # Lost to compaction, so there is another one; or lost, and rule-updater is about to notice.
            self._say_trouble(f"base {base.version} is not complete")
            return False
        self._refused = None
        self._rules.replace(index, base.history)
        _log.info("rules loaded", version=base.version, rules=base.rules, bytes=base.size)
        self._say_well()
        return True

    def _is_refused(self, base: BaseInfo) -> bool:
        return (
            self._refused is not None
            and self._refused[0] == base
            and self._clock.monotonic() < self._refused[1] + _REFUSED_SECONDS
        )

    def _refuse(self, base: BaseInfo, error: Malformed) -> bool:
        state = self._state()
        if state is not None and state.base == base:
            self._refused = base, self._clock.monotonic()
            RULE_SETS_REFUSED.labels("base").inc()
            self._say_trouble(str(error), refused=True)
        # Otherwise it was replaced while it was read, and its successor is next.
        return False

    def _say_well(self) -> None:
        if self._trouble:
            current = self._rules.current
            _log.info("following the rules again", version=current.version if current else None)
        self._trouble = ""
        RULES_FOLLOWED.set(1)
        RULES_CONFIRMED.set(self._clock.now())

    def _say_trouble(self, trouble: str, *, refused: bool = False) -> bool:
        """Log what keeps the rules from being followed; once, and return whether it was news."""
        RULES_FOLLOWED.set(0)
        if trouble == self._trouble:
            return False
        self._trouble = trouble
        current = self._rules.current
        log = _log.error if refused else _log.warning
        log("rules are not followed", reason=trouble, matching_with=current.version if current else None)
        return True

    def _run(self) -> None:
        pauses = delays(most=_MOST_PAUSE)
        while not self._stop.is_set():
            try:
                if self.step(_BLOCK_SECONDS):
                    pauses = delays(most=_MOST_PAUSE)
                    continue
            except Unavailable as error:
                UNAVAILABLE.labels(error.dependency).inc()
                self._say_trouble(str(error))
            except Exception as error:  # a thread that ended would leave the rules as they are, unseen  # noqa: BLE001
                if self._say_trouble(repr(error), refused=True):
                    _log.exception("following failed")
            self._stop.wait(next(pauses))
