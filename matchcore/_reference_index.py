"""`Index` and what it answers, as a linear scan."""

from __future__ import annotations

import operator
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pickle import PickleBuffer
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsIndex, overload

import numpy as np

from . import _reference_checks as checks
from ._reference_reader import read
from ._reference_writer import write
from .rule import WILDCARD, Rule
from .snapshot import map_file, replace_file

if TYPE_CHECKING:
    from os import PathLike

    from numpy.typing import NDArray
    from typing_extensions import Buffer

    from ._types import Column

__all__ = ["Explanation", "Index", "MatchBatch", "Matches", "View"]

_PATTERN = ("severity", "source", "name")
_REPR_CLIENTS = 10


class Explanation(NamedTuple):
    """Why a rule matched.

    Parameters
    ----------
    rule
        The rule.
    wildcards
        Which of its fields severity, source and name, in this order, are `WILDCARD`.
    """

    rule: Rule
    wildcards: tuple[str, ...]


class Matches(Mapping[str, tuple[str, ...]]):
    """The rules that match one event: a read-only mapping from client id to rule ids.

    Clients stand in the order of their ordinals; the rule ids of each ascend by code point.

    Examples
    --------
    >>> matches = Matches([Rule("r2", "acme", "*", "*", "*"), Rule("r1", "acme", "HIGH", "*", "*")])
    >>> matches
    Matches({'acme': ('r1', 'r2')})
    >>> matches["acme"], len(matches), matches.count(), matches.rules()
    (('r1', 'r2'), 1, 2, ['r1', 'r2'])
    """

    __slots__ = ("_groups",)

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Group `rules`, which come in the order of their clients."""
        groups: dict[str, list[str]] = {}
        for rule in rules:
            groups.setdefault(rule.client_id, []).append(rule.rule_id)
        self._groups = {client_id: tuple(sorted(rule_ids)) for client_id, rule_ids in groups.items()}

    def count(self) -> int:
        """Return how many rules match."""
        return len(self.rules())

    def rules(self) -> list[str]:
        """Return the matching rules' ids, client after client."""
        return [rule_id for rule_ids in self._groups.values() for rule_id in rule_ids]

    def __getitem__(self, client_id: str, /) -> tuple[str, ...]:
        return self._groups[client_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._groups)

    def __len__(self) -> int:
        return len(self._groups)

    def __repr__(self) -> str:
        shown = [f"{client_id!r}: {rule_ids!r}" for client_id, rule_ids in self.items()][:_REPR_CLIENTS]
        more = ", ..." if len(self) > _REPR_CLIENTS else ""
        return f"Matches({{{', '.join(shown)}{more}}})"

    def __reduce__(self) -> tuple[Any, ...]:
        return (dict, (dict(self),))


class MatchBatch(Sequence[Matches]):
    """The rules that match each event of a batch, in columns.

    The matches of event ``i`` are ``rule_ordinals[offsets[i]:offsets[i + 1]]``, ordered by
    (client ordinal, rule ordinal); `client_ordinals` stands beside `rule_ordinals`.
    """

    def __init__(self, view: View, events: Sequence[Sequence[tuple[int, int]]]) -> None:
        """Take the sorted (client ordinal, rule ordinal) pairs of each event."""
        found = [pair for pairs in events for pair in pairs]
        self._view = view
        self._offsets = np.cumsum([0, *map(len, events)], dtype=np.uint64)
        self._clients = np.array([client for client, _ in found], dtype=np.uint32)
        self._rules = np.array([rule for _, rule in found], dtype=np.uint32)

    @property
    def offsets(self) -> NDArray[np.uint64]:
        """Where each event's matches begin, and after the last where they end; shape ``(len + 1,)``."""
        return self._offsets

    @property
    def rule_ordinals(self) -> NDArray[np.uint32]:
        """The matching rules; shape ``(offsets[-1],)``."""
        return self._rules

    @property
    def client_ordinals(self) -> NDArray[np.uint32]:
        """Their clients; shape ``(offsets[-1],)``."""
        return self._clients

    def __len__(self) -> int:
        return len(self._offsets) - 1

    @overload
    def __getitem__(self, index: int, /) -> Matches: ...
    @overload
    def __getitem__(self, index: slice, /) -> list[Matches]: ...
    def __getitem__(self, index: int | slice, /) -> Matches | list[Matches]:
        if isinstance(index, slice):
            return [self[place] for place in range(*index.indices(len(self)))]
        place = range(len(self))[index]
        start, stop = self._offsets[place : place + 2].tolist()
        return self._view._matches(self._rules[start:stop].tolist())

    def __repr__(self) -> str:
        return f"<matchcore.MatchBatch {len(self)} events, {len(self._rules)} matches>"


class View:
    """Rules at one version, and the questions they answer.

    A rule's ordinal is its place in the input; a client's, the order of its first appearance there.

    Examples
    --------
    >>> view = Index.build([("r1", "acme", "HIGH", "*", "*"), ("r2", "acme", "*", "api", "*")], version=7)
    >>> view.match("HIGH", "api", "timeout")
    Matches({'acme': ('r1', 'r2')})
    >>> view.match_ordinals("LOW", "api", "timeout"), view.count("LOW", "db", ""), view.version
    ((1,), 0, 7)
    >>> view.explain("LOW", "api", "timeout")[0].wildcards
    ('severity', 'name')
    """

    def __init__(self, rules: Mapping[int, Rule], clients: Iterable[str], version: int) -> None:
        """Take rules by ordinal, ascending, and client ids in the order of their ordinals."""
        self._rules = dict(rules)
        self._clients = tuple(clients)
        self._client_ordinals = {client_id: ordinal for ordinal, client_id in enumerate(self._clients)}
        self._version = version

    @property
    def version(self) -> int:
        """The version of the rules."""
        return self._version

    @property
    def client_count(self) -> int:
        """How many clients have an ordinal."""
        return len(self._clients)

    def match(
        self, severity: str, source: str, name: str, *, limit: int | None = None, clients: Collection[str] | None = None
    ) -> Matches:
        """Return the rules that match an event, grouped by client.

        Parameters
        ----------
        severity, source, name
            The event. ``*`` is a value like any other here, which only wildcards match.
        limit
            At most so many rules: the first by (client ordinal, rule ordinal).
        clients
            Only the rules of these clients; unknown ones are ignored.

        Raises
        ------
        TypeError
            A field that is not a str; `clients` that is one.
        ValueError
            A field with a lone surrogate; a negative limit.
        """
        return self._matches(self.match_ordinals(severity, source, name, limit=limit, clients=clients))

    def count(self, severity: str, source: str, name: str, *, clients: Collection[str] | None = None) -> int:
        """Return how many rules match an event."""
        return len(self.match_ordinals(severity, source, name, clients=clients))

    def any(self, severity: str, source: str, name: str, *, clients: Collection[str] | None = None) -> bool:
        """Return whether a rule matches an event."""
        return self.count(severity, source, name, clients=clients) > 0

    def match_ordinals(
        self, severity: str, source: str, name: str, *, limit: int | None = None, clients: Collection[str] | None = None
    ) -> tuple[int, ...]:
        """Return the ordinals of the rules that match an event, by (client ordinal, rule ordinal)."""
        event = checks.as_event(severity, source, name)
        most, wanted = checks.as_limit(limit), checks.as_clients(clients)
        found = [ordinal for client, ordinal in self._find(event) if wanted is None or self._clients[client] in wanted]
        return tuple(found[:most])

    def match_batch(self, severities: Column, sources: Column, names: Column) -> MatchBatch:
        """Match many events, given in three columns of one length."""
        return MatchBatch(self, [self._find(event) for event in checks.as_events(severities, sources, names)])

    def explain(self, severity: str, source: str, name: str) -> list[Explanation]:
        """Return each matching rule with its wildcards, by (client ordinal, rule id)."""
        rules = [self._rules[ordinal] for ordinal in self.match_ordinals(severity, source, name)]
        rules.sort(key=lambda rule: (self._client_ordinals[rule.client_id], rule.rule_id))
        return [
            Explanation(rule, tuple(field for field in _PATTERN if getattr(rule, field) == WILDCARD)) for rule in rules
        ]

    def rule_id(self, ordinal: int, /) -> str:
        """Return the id of a rule by its ordinal; IndexError when there is none."""
        if operator.index(ordinal) not in self._rules:
            raise IndexError(f"no rule has ordinal {ordinal}")
        return self._rules[ordinal].rule_id

    def client_id(self, ordinal: int, /) -> str:
        """Return a client's id by its ordinal; IndexError when there is none."""
        if not 0 <= operator.index(ordinal) < len(self._clients):
            raise IndexError(f"no client has ordinal {ordinal}")
        return self._clients[ordinal]

    def rules(self) -> Iterator[Rule]:
        """Iterate over the rules by ordinal."""
        return iter(self._rules.values())

    def __len__(self) -> int:
        return len(self._rules)

    def __contains__(self, rule_id: object, /) -> bool:
        return rule_id in list(self)

    def __iter__(self) -> Iterator[str]:
        return (rule.rule_id for rule in self._rules.values())

    def __repr__(self) -> str:
        return f"<matchcore.View {len(self)} rules, {self.client_count} clients, version {self.version}>"

    def _find(self, event: checks.Event) -> list[tuple[int, int]]:
        """Return the sorted (client ordinal, rule ordinal) of the rules that match."""
        return sorted(
            (self._client_ordinals[rule.client_id], ordinal)
            for ordinal, rule in self._rules.items()
            if all(pattern in (WILDCARD, value) for pattern, value in zip(rule[2:], event, strict=True))
        )

    def _matches(self, ordinals: Iterable[int]) -> Matches:
        return Matches(self._rules[ordinal] for ordinal in ordinals)


class Index(View):
    """Immutable rules, built in one go.

    Examples
    --------
    >>> index = Index.from_columns(["r1", "r2"], ["acme", "zeta"], ["*", "LOW"], ["api", "api"], ["*", "*"])
    >>> index.match("LOW", "api", "timeout")
    Matches({'acme': ('r1',), 'zeta': ('r2',)})
    >>> index == Index.build(reversed(list(index.rules())))
    True
    >>> Index.build([("r1", "", "*", "*", "*")])
    Traceback (most recent call last):
    matchcore.errors.RuleError: rule 0, client_id: must not be empty
    """

    @classmethod
    def build(cls, rules: Iterable[tuple[str, str, str, str, str]], *, version: int = 0) -> Index:
        """Compile rules.

        Raises
        ------
        RuleError
            A rule that is at fault, with its position in the input and its field.
        """
        checked = checks.as_rules(rules)
        checks.refuse_duplicates(checked)
        clients = dict.fromkeys(rule.client_id for rule in checked)
        return cls(dict(enumerate(checked)), clients, checks.as_version(version))

    @classmethod
    def from_columns(
        cls,
        rule_ids: Column,
        client_ids: Column,
        severities: Column,
        sources: Column,
        names: Column,
        *,
        version: int = 0,
    ) -> Index:
        """Compile rules that are given in five columns of one length."""
        columns = checks.as_columns(
            rule_ids=rule_ids, client_ids=client_ids, severities=severities, sources=sources, names=names
        )
        return cls.build(zip(*columns, strict=True), version=version)

    @classmethod
    def from_buffer(cls, buffer: Buffer, verify: bool = True) -> Index:
        """Read a snapshot; `verify` checks also what the rules are not read from.

        Raises
        ------
        SnapshotError
            Bytes that are not a snapshot, or a damaged one.
        """
        with memoryview(buffer) as view:
            snapshot = view.tobytes()
        rules, version = read(snapshot, verify)
        index = cls(dict(enumerate(rules)), dict.fromkeys(rule.client_id for rule in rules), version)
        index._snapshot = snapshot
        return index

    @classmethod
    def open(cls, path: str | PathLike[str], verify: bool = True) -> Index:
        """Read a snapshot file."""
        with map_file(path) as buffer:
            return cls.from_buffer(buffer, verify)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the snapshot to a file, replacing a former one as a whole."""
        replace_file(path, self.to_bytes())

    def to_bytes(self) -> bytes:
        """Return the rules as a snapshot."""
        return self._snapshot

    @property
    def nbytes(self) -> int:
        """The size of the snapshot."""
        return len(self._snapshot)

    @cached_property
    def _snapshot(self) -> bytes:
        # Written once: the seed is another every time.
        return write(list(self.rules()), self.version)

    if sys.version_info >= (3, 12):

        def __buffer__(self, flags: int, /) -> memoryview:
            return memoryview(self._snapshot)

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> tuple[Any, ...]:
        snapshot = self.to_bytes()
        return type(self).from_buffer, (PickleBuffer(snapshot) if operator.index(protocol) >= 5 else snapshot,)

    def __eq__(self, other: object, /) -> bool:
        if not isinstance(other, Index):
            return NotImplemented
        return set(self.rules()) == set(other.rules())

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return (
            f"<matchcore.Index {len(self)} rules, {self.client_count} clients, "
            f"{self.nbytes} bytes, version {self.version}>"
        )

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + self.nbytes
