"""`LiveIndex`: rules that change, one whole version after the other."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NoReturn

from . import _reference_checks as checks
from ._reference_index import Explanation, Index, MatchBatch, Matches, View

if TYPE_CHECKING:
    from ._types import Column
    from .rule import Rule

__all__ = ["LiveIndex"]


class LiveIndex:
    """An index that takes changes while it is read.

    A view of it is a function of the base, of the base's rules that are gone, and of the changed
    rules in the order of their last upsert; the changed rules' ordinals follow the base's.

    Parameters
    ----------
    index
        The base; its version is the first. None is no rules at version 0.

    Examples
    --------
    >>> live = LiveIndex()
    >>> live.apply([("r1", "acme", "HIGH", "*", "*")], version=5)
    >>> before = live.reader()
    >>> live.apply(deletes=["r1", "not there"])
    >>> live, before.match("HIGH", "api", "timeout")
    (<matchcore.LiveIndex 0 rules, version 6>, Matches({'acme': ('r1',)}))
    """

    def __init__(self, index: Index | None = None) -> None:
        if index is not None and not isinstance(index, Index):
            raise TypeError(f"index must be an Index, not {type(index).__name__}")
        self._lock = threading.Lock()
        self._start(Index.build([]) if index is None else index)

    def apply(
        self,
        upserts: Iterable[tuple[str, str, str, str, str]] = (),
        deletes: Iterable[str] = (),
        *,
        version: int | None = None,
    ) -> None:
        """Change the rules in one step: first the deletes, then the upserts in their order.

        Nothing changes when an argument is at fault.

        Parameters
        ----------
        upserts
            New rules, and new patterns for rule ids that are there; of several with one id the last one counts.
        deletes
            Rule ids; what is not there is no error.
        version
            Of the rules afterwards: greater than the current one, which plus 1 is the default.

        Raises
        ------
        RuleError
            An upsert at fault, with its place in `upserts`.
        TypeError, ValueError
            A delete or a version at fault.
        """
        rules, rule_ids = checks.as_rules(upserts), list(deletes)
        for place, rule_id in enumerate(rule_ids):
            checks.check_text(f"deletes[{place}]", rule_id)
        with self._lock:
            next_version = checks.as_version(self.version + 1 if version is None else version)
            if next_version <= self.version:
                raise ValueError(f"version must be greater than {self.version}, not {next_version}")
            for rule_id in rule_ids:
                self._remove(rule_id)
            for rule in rules:
                self._remove(rule.rule_id)
                self._changed[rule.rule_id] = rule
            self._publish(next_version)

    def compact(self) -> Index:
        """Make the current rules the new base, under the same version, and return it."""
        with self._lock:
            index = Index.build(self._view.rules(), version=self.version)
            self._start(index)
            return index

    def reader(self) -> View:
        """Return the rules of now, which no later change touches."""
        return self._view

    @property
    def version(self) -> int:
        """The current version."""
        return self._view.version

    def _start(self, base: Index) -> None:
        self._base = base
        self._gone: set[str] = set()
        self._changed: dict[str, Rule] = {}
        self._publish(base.version)

    def _remove(self, rule_id: str) -> None:
        self._gone.add(rule_id)
        self._changed.pop(rule_id, None)

    def _publish(self, version: int) -> None:
        rules = {ordinal: rule for ordinal, rule in enumerate(self._base.rules()) if rule.rule_id not in self._gone}
        rules.update(enumerate(self._changed.values(), start=len(self._base)))
        clients = dict.fromkeys(self._base._clients) | dict.fromkeys(rule.client_id for rule in self._changed.values())
        # One assignment is the swap: a reader has either the old view or the new one.
        self._view = View(rules, clients, version)

    def match(
        self, severity: str, source: str, name: str, *, limit: int | None = None, clients: Collection[str] | None = None
    ) -> Matches:
        """See `View.match`."""
        return self._view.match(severity, source, name, limit=limit, clients=clients)

    def count(self, severity: str, source: str, name: str, *, clients: Collection[str] | None = None) -> int:
        """See `View.count`."""
        return self._view.count(severity, source, name, clients=clients)

    def any(self, severity: str, source: str, name: str, *, clients: Collection[str] | None = None) -> bool:
        """See `View.any`."""
        return self._view.any(severity, source, name, clients=clients)

    def match_ordinals(
        self, severity: str, source: str, name: str, *, limit: int | None = None, clients: Collection[str] | None = None
    ) -> tuple[int, ...]:
        """See `View.match_ordinals`."""
        return self._view.match_ordinals(severity, source, name, limit=limit, clients=clients)

    def match_batch(self, severities: Column, sources: Column, names: Column) -> MatchBatch:
        """See `View.match_batch`."""
        return self._view.match_batch(severities, sources, names)

    def explain(self, severity: str, source: str, name: str) -> list[Explanation]:
        """See `View.explain`."""
        return self._view.explain(severity, source, name)

    def rule_id(self, ordinal: int, /) -> str:
        """See `View.rule_id`."""
        return self._view.rule_id(ordinal)

    def client_id(self, ordinal: int, /) -> str:
        """See `View.client_id`."""
        return self._view.client_id(ordinal)

    def rules(self) -> Iterator[Rule]:
        """See `View.rules`."""
        return self._view.rules()

    def __len__(self) -> int:
        return len(self._view)

    def __contains__(self, rule_id: object, /) -> bool:
        return rule_id in self._view

    def __iter__(self) -> Iterator[str]:
        return iter(self._view)

    def __repr__(self) -> str:
        return f"<matchcore.LiveIndex {len(self)} rules, version {self.version}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("cannot pickle a LiveIndex; pickle what compact() returns")
