"""The rules that alerts are matched with: one version after the other, each of them whole."""

import threading
from dataclasses import dataclass
from typing import Final

from alerting.rule_set.changes import ChangeSet
from alerting.runtime.errors import Malformed, Unavailable
from alerting.runtime.telemetry import RULES, RULES_VERSION, Telemetry
from matchcore import Index, LiveIndex, Router
from matchcore.errors import MatchcoreError

# Changes that are not compiled cost a match a little. Compiling them costs as much as all rules together.
LEAST_CHANGES: Final = 1_000
COMPACT_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class RuleSet:
    """A base with the changes that were applied to it."""

    live: LiveIndex
    router: Router
    history: str

    @property
    def version(self) -> int:
        """Return the version that the next batch is matched with."""
        return self.live.version


class Rules:
    """Holds the rule set in use. One thread changes it; any may read it."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._loaded = threading.Event()
        self._current: RuleSet | None = None
        self._changes = 0

    @property
    def current(self) -> RuleSet | None:
        """Return the rule set in use, or None before there was one."""
        return self._current

    @property
    def router(self) -> Router:
        """Return what matches with the newest version.

        Raises
        ------
        Unavailable
            No rule set has been loaded: to match with none would lose every alert.
        """
        if self._current is None:
            raise Unavailable("rules", "no rule set has been loaded yet")
        return self._current.router

    async def check(self) -> None:
        """Return when there is a rule set: the readiness check. Redis may be away, what was loaded goes on matching."""
        _ = self.router

    def wait(self, timeout: float) -> bool:
        """Wait until there is a rule set; return whether there is."""
        return self._loaded.wait(timeout)

    def replace(self, index: Index, history: str) -> None:
        """Use another base from now on."""
        live = LiveIndex(index)
        self._current = RuleSet(live, Router(live), history)
        self._changes = 0
        self._loaded.set()
        self._tell(self._current)

    def apply(self, version: int, changes: ChangeSet) -> None:
        """Go on to the next version.

        Raises
        ------
        Malformed
            matchcore does not take a rule; nothing is changed then.
        """
        if self._current is None:
            raise RuntimeError("there is nothing to change yet")
        try:
            self._current.live.apply(changes.upserts, changes.deletes, version=version)
        except (MatchcoreError, UnicodeEncodeError) as error:
            raise Malformed("invalid_field", f"version {version}: {error}") from None
        self._changes += len(changes)
        self._tell(self._current)

    def compact(self) -> bool:
        """Compile the changes into the base once they are many; return whether that was due."""
        if self._current is None or self._changes <= max(LEAST_CHANGES, COMPACT_SHARE * len(self._current.live)):
            return False
        self._current.live.compact()
        self._changes = 0
        return True

    def _tell(self, current: RuleSet) -> None:
        self._telemetry.rules_version = current.version
        RULES_VERSION.set(current.version)
        RULES.set(len(current.live))
