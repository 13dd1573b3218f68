"""Hold the index against the dict for as many events as asked: ``python -m benches.differential 100M``.

Each turn takes a workload, a size and a seed of its own, and compares for every event the rules and clients of
`match_batch` and the number of `count` with those of the dict, and for one event in sixteen the strings of `match`. It
stops at the first difference. 10⁸ events take about half an hour.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

from matchcore import Index

from . import baseline
from .workloads import Columns, Event, Events, make

__all__ = ["main"]

_WORKLOADS = ("x", "mix", "routed", "skewed", "miss", "catalog")
_SIZES = (1_000, 100_000, 10_000, 1_000_000, 30_000)
_EVENTS = 500_000
_MOST_MATCHES = 5_000_000


def main(arguments: list[str] | None = None) -> None:
    """Compare until the events asked for are spent."""
    parser = argparse.ArgumentParser(prog="python -m benches.differential", description=__doc__)
    parser.add_argument("events", help="how many, such as 100M")
    parser.add_argument("--seed", type=int, default=0, help="of the first turn; each turn adds one")
    options = parser.parse_args(arguments)
    left = int(options.events.replace("k", "000").replace("M", "000000"))
    for seed, (name, size) in zip(count(options.seed), _turns(), strict=False):
        left -= _turn(name, size, min(left, _EVENTS), seed)
        _tell(f"{name}, {size:,} rules, seed {seed}: equal; {left:,} events left")
        if left <= 0:
            break
    print("no difference")


def _turns() -> Iterator[tuple[str, int]]:
    """Yield every workload at every size, again and again; as many rules on so few alerts match too much."""
    while True:
        yield from ((name, size) for size in _SIZES for name in _WORKLOADS if name != "catalog" or size <= 100_000)


def _turn(name: str, size: int, events: int, seed: int) -> int:
    workload = make(name, size, events, seed)
    columns = workload.rules.columns()
    index = Index.from_columns(*columns)
    oracle = _Oracle(columns)
    done = 0
    for batch in _short(workload.events, index).batches(4096):
        _compare(index, oracle, batch)
        done += len(batch)
    return done


def _short(events: Events, index: Index) -> Events:
    """Cut the events when each matches many rules."""
    sample = events.first(500)
    matches = sum(index.count(*event) for event in sample.rows()) / len(sample)
    return events.first(max(10_000, int(_MOST_MATCHES / max(matches, 1))))


class _Answer(NamedTuple):
    """The ordinals of an event's clients and rules, in the order of the results."""

    clients: list[int]
    rules: list[int]


class _Oracle:
    """The dict, with ordinals in the place of ids."""

    def __init__(self, columns: Columns) -> None:
        self.rule_ids = columns.rule_ids
        self.client_ids = list(dict.fromkeys(columns.client_ids))
        places = {client_id: place for place, client_id in enumerate(self.client_ids)}
        rows: Any = zip(count(), map(places.__getitem__, columns.client_ids), *columns[2:], strict=False)
        self._match: Any = baseline.flat_matcher(baseline.build_flat(rows))

    def answer(self, event: Event) -> _Answer:
        """Return what matches, by client ordinal, then by rule ordinal."""
        answer = _Answer([], [])
        for client, rules in sorted(self._match(*event).items()):
            answer.clients.extend([client] * len(rules))
            answer.rules.extend(sorted(rules))
        return answer

    def strings(self, answer: _Answer) -> dict[str, tuple[str, ...]]:
        """Return the same as `Index.match` does; a rule's id sorts as its ordinal does."""
        found: dict[str, tuple[str, ...]] = {}
        for client, rule in zip(*answer, strict=True):
            found[self.client_ids[client]] = (*found.get(self.client_ids[client], ()), self.rule_ids[rule])
        return found


def _compare(index: Index, oracle: _Oracle, events: Events) -> None:
    batch = index.match_batch(events.severities, events.sources, events.names)
    bounds, clients, rules = batch.offsets.tolist(), batch.client_ordinals.tolist(), batch.rule_ordinals.tolist()
    for place, event in enumerate(events.rows()):
        expected = oracle.answer(event)
        span = slice(bounds[place], bounds[place + 1])
        _same("match_batch", event, _Answer(clients[span], rules[span]), expected)
        _same("count", event, index.count(*event), len(expected.rules))
        if place % 16 == 0:
            _same("match", event, dict(index.match(*event)), oracle.strings(expected))


def _same(what: str, event: Event, found: object, expected: object) -> None:
    if found != expected:
        raise SystemExit(f"{what}{event} differs\n  index: {found!r}\n  dict:  {expected!r}")


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
