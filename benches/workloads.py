"""The rules and the alerts that every benchmark measures with.

    x        only exact rules, 0.5 matches an event
    mix      exact rules and every kind of wildcard, 6.7 matches an event
    routed   mix with fewer wildcards and protobuf's four severities, about 4 clients an event
    uniform  every client has the same 300 rules: an event matches all clients or none
    skewed   Zipf's law over sources, names and clients: few hot keys with long lists
    miss     no event matches any rule, though half of them use sources and names that rules use
    catalog  tenants' rules over a real catalog of Prometheus alerts

A workload is made of a seed and a size alone. The keys are spread at random over their range, the worst case for
caches. Rules are kept as codes into vocabularies, so that ten million of them fit while they are being made.
"""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from . import vocabulary

__all__ = ["WORKLOADS", "Columns", "Event", "Events", "Rules", "Workload", "make"]

Codes: TypeAlias = NDArray[np.uint32]
Event: TypeAlias = tuple[str, str, str]

WILDCARD: Final = 0
"""The code of ``*`` in every vocabulary of patterns."""

_CATALOG: Final = Path(__file__).parent / "data" / "prometheus_alert_catalog.csv"


class Columns(NamedTuple):
    """Rules as five lists, in the order that `Index.from_columns` takes them."""

    rule_ids: list[str]
    client_ids: list[str]
    severities: list[str]
    sources: list[str]
    names: list[str]

    def rows(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Yield the rules as tuples of five."""
        return zip(*self, strict=True)


@dataclass(frozen=True)
class Coded:
    """One column: a code a row into a vocabulary."""

    vocabulary: list[str]
    codes: Codes

    def strings(self) -> list[str]:
        """Return the column as a list; equal values are the same object."""
        words = np.array(self.vocabulary, dtype=object)
        found: list[str] = words[self.codes].tolist()
        return found


@dataclass(frozen=True)
class Rules:
    """Rules as coded columns; the id of a rule is made of its position."""

    clients: Coded
    severities: Coded
    sources: Coded
    names: Coded

    def __len__(self) -> int:
        return len(self.clients.codes)

    def columns(self) -> Columns:
        """Return the rules as lists of Python strings."""
        ids = vocabulary.rule_ids(len(self))
        return Columns(ids, *(column.strings() for column in (self.clients, self.severities, self.sources, self.names)))


@dataclass(frozen=True)
class Events:
    """Alerts as three columns.

    Sources and names are fresh strings laid out one after the other, as a parser leaves them: no string of an event
    is the very object that a rule holds.
    """

    severities: list[str]
    sources: list[str]
    names: list[str]

    def __len__(self) -> int:
        return len(self.severities)

    def rows(self) -> list[Event]:
        """Return the alerts as tuples."""
        return list(zip(self.severities, self.sources, self.names, strict=True))

    def first(self, count: int) -> "Events":
        """Return the first `count` alerts."""
        return Events(self.severities[:count], self.sources[:count], self.names[:count])

    def batches(self, size: int) -> list["Events"]:
        """Return the alerts cut into runs of `size`, the last one shorter."""
        return [
            Events(self.severities[i : i + size], self.sources[i : i + size], self.names[i : i + size])
            for i in range(0, len(self), size)
        ]


@dataclass(frozen=True)
class Workload:
    """Rules, and events to match against them."""

    name: str
    rules: Rules
    events: Events


class Mask(NamedTuple):
    """A share of the rules, and which of their fields are wildcards."""

    share: float
    severity: bool
    source: bool
    name: bool


_MIX: Final = (
    Mask(0.60, False, False, False),
    Mask(0.15, True, False, False),
    Mask(0.08, False, True, False),
    Mask(0.08, False, False, True),
    Mask(0.045, True, True, False),
    Mask(0.045, True, False, True),
)
_EXACT: Final = (Mask(1.0, False, False, False),)
_ROUTED: Final = (
    Mask(0.70, False, False, False),
    Mask(0.15, True, False, False),
    Mask(0.05, False, True, False),
    Mask(0.04, False, False, True),
    Mask(0.035, True, True, False),
    Mask(0.025, True, False, True),
)
_SKEWED: Final = (
    Mask(0.80, False, False, False),
    Mask(0.16, True, False, False),
    Mask(0.02, False, True, False),
    Mask(0.02, False, False, True),
)
_CATALOG_MASKS: Final = (
    Mask(0.60, False, False, False),
    Mask(0.25, True, False, False),
    Mask(0.10, False, False, True),
    Mask(0.05, True, False, True),
)


def _x(size: int, events: int, seed: int) -> Workload:
    return _drawn("x", _EXACT, size, events, seed)


def _mix(size: int, events: int, seed: int) -> Workload:
    return _drawn("mix", _MIX, size, events, seed, severity_rules=5, catch_all=True)


def _routed(size: int, events: int, seed: int) -> Workload:
    return _drawn("routed", _ROUTED, size, events, seed, severities=4, severity_rules=4)


def _drawn(
    name: str,
    masks: tuple[Mask, ...],
    size: int,
    events: int,
    seed: int,
    *,
    severities: int = 5,
    severity_rules: int = 0,
    catch_all: bool = False,
) -> Workload:
    """Spread the rules evenly; draw half of the events from a rule, the others evenly."""
    rng = np.random.default_rng([seed, size])
    widths = (severities, max(size // 50, 1), max(size // 20, 1))
    fields = [rng.integers(1, width + 1, size, dtype=np.uint32) for width in widths]
    _mask(fields, masks, rng)
    for severity in range(min(severity_rules, size)):
        _write(fields, severity, (severity + 1, WILDCARD, WILDCARD))
    if catch_all:
        _write(fields, size - 1, (WILDCARD, WILDCARD, WILDCARD))
    clients = rng.integers(0, max(size // 1000, 1), size, dtype=np.uint32)
    rules = _rules(clients, fields, widths)
    return Workload(name, rules, _events(rules, _half_from_rules(fields, widths, events, rng)))


def _mask(fields: list[Codes], masks: tuple[Mask, ...], rng: np.random.Generator) -> None:
    """Turn the shares of the rules that `masks` asks for into wildcards; what the shares leave over stays exact."""
    dice = rng.random(len(fields[0]), dtype=np.float32)
    low = 0.0
    for mask in masks:
        chosen = (dice >= low) & (dice < low + mask.share)
        for codes, wild in zip(fields, mask[1:], strict=True):
            if wild:
                codes[chosen] = WILDCARD
        low += mask.share


def _write(fields: list[Codes], row: int, pattern: tuple[int, int, int]) -> None:
    for codes, code in zip(fields, pattern, strict=True):
        codes[row] = code


def _half_from_rules(fields: list[Codes], widths: tuple[int, ...], count: int, rng: np.random.Generator) -> list[Codes]:
    """Draw events evenly, and let a rule's exact fields replace half of them."""
    drawn = [rng.integers(1, width + 1, count, dtype=np.uint32) for width in widths]
    rows = rng.integers(0, len(fields[0]), count)
    from_rule = rng.random(count) < 0.5
    for event, codes in zip(drawn, fields, strict=True):
        chosen = from_rule & (codes[rows] != WILDCARD)
        event[chosen] = codes[rows][chosen]
    return drawn


def _rules(clients: Codes, fields: list[Codes], widths: tuple[int, ...]) -> Rules:
    severities, sources, names = fields
    return Rules(
        Coded(vocabulary.client_ids(int(clients.max()) + 1), clients),
        Coded(["*", *vocabulary.SEVERITIES[: widths[0]]], severities),
        Coded(["*", *vocabulary.sources(widths[1])], sources),
        Coded(["*", *vocabulary.names(widths[2])], names),
    )


def _events(rules: Rules, drawn: list[Codes]) -> Events:
    columns = (rules.severities, rules.sources, rules.names)
    severities, sources, names = (
        Coded(column.vocabulary, codes).strings() for column, codes in zip(columns, drawn, strict=True)
    )
    return _fresh(severities, sources, names)


def _fresh(severities: list[str], sources: list[str], names: list[str]) -> Events:
    """Copy every source and name, a pair at a time, so that an event's strings lie side by side."""
    pairs = [(_copy(source), _copy(name)) for source, name in zip(sources, names, strict=True)]
    return Events(severities, [source for source, _ in pairs], [name for _, name in pairs])


def _copy(text: str) -> str:
    return text.encode().decode()


def _uniform(size: int, events: int, seed: int) -> Workload:
    """Give every client the same 300 exact rules; half of the events match all of them."""
    rng = np.random.default_rng([seed, size])
    patterns, clients = 300, max(size // 300, 1)
    widths = (5, 60, 600)
    fields = [rng.integers(1, width + 1, patterns, dtype=np.uint32) for width in widths]
    fields[2] = rng.permutation(np.arange(1, patterns + 1, dtype=np.uint32))
    owners = np.repeat(np.arange(clients, dtype=np.uint32), patterns)
    rules = _rules(owners, [np.tile(codes, clients) for codes in fields], widths)
    rows = rng.integers(0, patterns, events)
    drawn = [codes[rows] for codes in fields]
    drawn[2][rng.random(events) < 0.5] += patterns
    return Workload("uniform", rules, _events(rules, drawn))


def _skewed(size: int, events: int, seed: int) -> Workload:
    """Draw sources, names and clients of rules and events alike by Zipf's law, exponent 1."""
    rng = np.random.default_rng([seed, size])
    widths = (5, max(size // 50, 1), max(size // 20, 1))
    ranked = [rng.permutation(np.arange(1, width + 1, dtype=np.uint32)) for width in widths]
    fields = [codes[_zipf(len(codes), size, rng)] for codes in ranked]
    _mask(fields, _SKEWED, rng)
    rules = _rules(_zipf(max(size // 1000, 1), size, rng), fields, widths)
    return Workload("skewed", rules, _events(rules, [codes[_zipf(len(codes), events, rng)] for codes in ranked]))


def _zipf(width: int, count: int, rng: np.random.Generator) -> Codes:
    """Draw ranks from 0 whose frequency falls as 1 / (rank + 1)."""
    shares = np.cumsum(1.0 / np.arange(1, width + 1))
    ranks: Codes = np.searchsorted(shares, rng.random(count) * shares[-1], side="right").astype(np.uint32)
    return ranks


def _miss(size: int, events: int, seed: int) -> Workload:
    """Match nothing.

    Half of the events have a source and a name that rules use, yet never together: both have an odd code, and no rule
    has two odd ones, or one odd one beside a wildcard. The others have a source and a name that no rule uses.
    """
    rng = np.random.default_rng([seed, size])
    widths = (5, max(size // 50, 2), max(size // 20, 2))
    fields = [rng.integers(1, width + 1, size, dtype=np.uint32) for width in widths]
    _, sources, names = fields
    even_source = rng.random(size) < 0.5
    _mask(fields, _MIX[:4], rng)
    _round_to_even(sources, even_source | (names == WILDCARD), widths[1])
    _round_to_even(names, ~even_source | (sources == WILDCARD), widths[2])
    rules = _rules(rng.integers(0, max(size // 1000, 1), size, dtype=np.uint32), fields, widths)
    drawn = [rng.integers(1, width + 1, events, dtype=np.uint32) for width in widths]
    drawn[1:] = [(codes - np.uint32(1)) | np.uint32(1) for codes in drawn[1:]]
    known = _events(rules, drawn)
    unknown = rng.random(events) < 0.5
    return Workload("miss", rules, _fresh(known.severities, *_strange(known, unknown)))


def _round_to_even(codes: Codes, chosen: NDArray[np.bool_], width: int) -> None:
    """Move the odd ones of the chosen exact codes to their even neighbour."""
    odd = chosen & (codes % 2 == 1)
    codes[odd] = np.maximum(np.minimum(codes[odd] + 1, width - width % 2), 2)


def _strange(events: Events, unknown: NDArray[np.bool_]) -> tuple[list[str], list[str]]:
    """Change one letter of the sources and the names of the unknown events."""
    return (
        ["~" + text[1:] if strange else text for text, strange in zip(events.sources, unknown, strict=True)],
        ["~" + text[1:] if strange else text for text, strange in zip(events.names, unknown, strict=True)],
    )


def _catalog(size: int, events: int, seed: int) -> Workload:
    """Give tenants 200 rules each over the catalog's alerts, and fire its alerts evenly."""
    rng = np.random.default_rng([seed, size])
    alerts = _alerts()
    vocabularies = [["*", *dict.fromkeys(column)] for column in zip(*alerts, strict=True)]
    codes = _encode(alerts, vocabularies)
    chosen = rng.integers(0, len(alerts), size)
    fields = [column[chosen] for column in codes]
    _mask(fields, _CATALOG_MASKS, rng)
    owners = np.arange(size, dtype=np.uint32) // np.uint32(200)
    clients = Coded(vocabulary.client_ids(int(owners[-1]) + 1), owners)
    rules = Rules(clients, *(Coded(words, column) for words, column in zip(vocabularies, fields, strict=True)))
    fired = rng.integers(0, len(alerts), events)
    return Workload("catalog", rules, _events(rules, [column[fired] for column in codes]))


def _alerts() -> list[Event]:
    with _CATALOG.open(encoding="utf-8", newline="") as file:
        return [(row["severity"], row["source"], row["name"]) for row in csv.DictReader(file)]


def _encode(alerts: list[Event], vocabularies: list[list[str]]) -> list[Codes]:
    places = [{word: code for code, word in enumerate(words)} for words in vocabularies]
    return [
        np.array([place[value] for value in column], dtype=np.uint32)
        for place, column in zip(places, zip(*alerts, strict=True), strict=True)
    ]


WORKLOADS: Final[dict[str, Callable[[int, int, int], Workload]]] = {
    "x": _x,
    "mix": _mix,
    "routed": _routed,
    "uniform": _uniform,
    "skewed": _skewed,
    "miss": _miss,
    "catalog": _catalog,
}


def make(name: str, size: int, events: int, seed: int = 0) -> Workload:
    """Make the workload `name` with about `size` rules and with `events` events, the same for the same seed."""
    return WORKLOADS[name](size, events, seed)
