"""One event at a time, in batches, and on two threads, against the dict."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from benches import arrow, rounds
from benches.figures import Figure
from benches.settings import Settings
from benches.stock import Stock
from benches.workloads import Columns, Event, Events
from matchcore import Index

__all__ = ["BATCH", "call_each", "match_batches", "measure", "read_each"]

BATCH = 8_192
"""Events a call of `match_batch`."""


def measure(stock: Stock, settings: Settings) -> Iterator[Figure]:
    """Yield the table *match*."""
    dicts = list(stock.dicts)
    with ThreadPoolExecutor(2) as threads:
        times = rounds.interleave(_contenders(stock, threads), settings.rounds)
    figure = partial(Figure, "match", stock.workload.name, stock.size)
    yield figure("matches", stock.matches, "")
    for name in times:
        if not name.startswith("2 threads") and name not in _read(dicts):
            yield figure(name, rounds.typical(times, name) / len(stock.rows), "ns")
            if dicts and name not in dicts:
                basis = _read(dicts) if name == "match, read" else dicts
                yield figure(name, rounds.ratio(times, rounds.best(times, basis), name), "×")
    yield figure("2 threads", rounds.ratio(times, "batch", "2 threads"), "×")
    yield figure("2 threads, Arrow", rounds.ratio(times, "batch of Arrow", "2 threads of Arrow"), "×")


def _contenders(stock: Stock, threads: ThreadPoolExecutor) -> dict[str, Callable[[], object]]:
    index, rows = stock.index, stock.rows
    lists = [(batch.severities, batch.sources, batch.names) for batch in stock.events.batches(BATCH)]
    arrows = [_arrow(batch) for batch in stock.events.batches(BATCH)]
    return {
        **{name: partial(call_each, match, rows) for name, match in stock.dicts.items()},
        **{f"{name}, read": partial(read_each, match, rows) for name, match in stock.dicts.items()},
        "match": partial(call_each, index.match, rows),
        "match, read": partial(read_each, index.match, rows),
        "count": partial(call_each, index.count, rows),
        "batch": partial(match_batches, index, lists),
        "2 threads": partial(_on_two, threads, index, lists),
        "batch of Arrow": partial(match_batches, index, arrows),
        "2 threads of Arrow": partial(_on_two, threads, index, arrows),
    }


def _read(dicts: list[str]) -> list[str]:
    return [f"{name}, read" for name in dicts]


def _arrow(events: Events) -> tuple[Any, Any, Any]:
    columns = arrow.from_lists(Columns([], [], events.severities, events.sources, events.names))
    return columns[2], columns[3], columns[4]


def call_each(match: Callable[[str, str, str], object], events: Iterable[Event]) -> None:
    """Match the events one at a time, and throw the results away."""
    for severity, source, name in events:
        match(severity, source, name)


def read_each(match: Callable[[str, str, str], Mapping[str, Sequence[str]]], events: Iterable[Event]) -> None:
    """Match the events one at a time, and have every client id and every rule id as a Python string."""
    for severity, source, name in events:
        for _ in match(severity, source, name).items():
            pass


def match_batches(index: Index, batches: Iterable[tuple[Any, Any, Any]]) -> None:
    """Match the events a batch at a time, and throw the results away."""
    match_batch = index.match_batch
    for severities, sources, names in batches:
        match_batch(severities, sources, names)


def _on_two(threads: ThreadPoolExecutor, index: Index, batches: list[tuple[Any, Any, Any]]) -> None:
    middle = len(batches) // 2
    list(threads.map(partial(match_batches, index), (batches[:middle], batches[middle:])))
