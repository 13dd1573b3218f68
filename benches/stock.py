"""What is built once and measured many times: an index, and the dicts beside it."""

import gc
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from matchcore import Index

from . import arrow, baseline
from .settings import Settings
from .workloads import Columns, Event, Events, Workload, make

__all__ = ["MOST_FOR_LISTS", "Stock", "build"]

MOST_FOR_LISTS = 20_000_000
"""More rules than this are built from Arrow columns, and without a dict: its memory would not fit."""

_MOST_MATCHES = 1_000_000
_T = TypeVar("_T")


@dataclass(frozen=True)
class Stock:
    """A workload, compiled.

    Parameters
    ----------
    workload, columns
        The rules as codes and as lists of strings; `columns` is None when there are too many of them.
    events, rows
        The events to match, no more than keep a round short, as columns and as tuples.
    matches
        Matching rules an event.
    index, dicts
        The contenders; `dicts` holds the dict's match functions by name.
    dict_bytes
        Bytes by which the process grew while the flat dict was built; 0 when it is not known.
    """

    workload: Workload
    columns: Columns | None
    events: Events
    rows: list[Event]
    matches: float
    index: Index
    dicts: dict[str, baseline.Match]
    dict_bytes: int

    @property
    def size(self) -> int:
        """The number of rules."""
        return len(self.workload.rules)


def build(name: str, size: int, settings: Settings) -> Stock:
    """Make the workload and build the index, and the dicts when they fit into memory."""
    workload = make(name, size, settings.events, settings.seed)
    lists = workload.rules.columns() if size <= MOST_FOR_LISTS else None
    index = Index.from_columns(*(lists or arrow.from_rules(workload.rules)))
    events, matches = _short(workload.events, index)
    dicts, grown = _dicts(lists) if lists else ({}, 0)
    stock = Stock(workload, lists, events, events.rows(), matches, index, dicts, grown)
    _compare(stock)
    return stock


def _short(events: Events, index: Index) -> tuple[Events, float]:
    """Cut the events so that a round sees about a million matches at most."""
    sample = events.first(500)
    matches = sum(index.count(*event) for event in sample.rows()) / len(sample)
    kept = events.first(max(1000, int(_MOST_MATCHES / max(matches, 1))))
    return kept, sum(index.count(*event) for event in kept.rows()) / len(kept)


def _dicts(columns: Columns) -> tuple[dict[str, baseline.Match], int]:
    grouped = _uncollected(lambda: baseline.build_grouped(columns.rows()))
    before = _resident_bytes()
    flat = _uncollected(lambda: baseline.build_flat(columns.rows()))
    grown = _resident_bytes() - before
    return {"grouped dict": baseline.grouped_matcher(grouped), "flat dict": baseline.flat_matcher(flat)}, max(grown, 0)


def _uncollected(run: Callable[[], _T]) -> _T:
    """Run without the cycle collector, which would walk millions of new containers again and again."""
    gc.disable()
    try:
        return run()
    finally:
        gc.enable()


def _resident_bytes() -> int:
    """Return the process's resident memory; 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * 4096
    except OSError:
        return 0


def _compare(stock: Stock) -> None:
    """Refuse to measure an index that answers otherwise than the dicts."""
    for match in stock.dicts.values():
        for event in stock.rows[:1000]:
            expected = {client_id: tuple(sorted(rule_ids)) for client_id, rule_ids in match(*event).items()}
            if stock.index.match(*event) != expected:
                raise AssertionError(f"the index and the dict differ on {event}")
