"""What one change costs, and what readers notice of it."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from threading import Event as Flag
from threading import Thread
from time import perf_counter_ns, sleep
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benches import rounds
from benches.figures import Figure
from benches.settings import Settings
from benches.stock import Stock
from benches.workloads import Event
from matchcore import LiveIndex, Rule

__all__ = ["changes", "measure"]

_CHANGES = 300
_PAUSE = 0.001
_TURNS = 4


def measure(stock: Stock, settings: Settings) -> Iterator[Figure]:
    """Yield the table *live*."""
    live = LiveIndex(stock.index)
    writes = changes(live, stock.rows)
    figure = partial(Figure, "live", stock.workload.name, stock.size)
    with rounds.calm():
        applied = np.array([_timed(next(writes)) for _ in range(_CHANGES)])
        quiet, busy, rate = _readers(live, writes, stock.rows)
    yield figure("apply", float(np.median(applied)) / 1e3, "us")
    yield figure("apply, p99", float(np.quantile(applied, 0.99)) / 1e3, "us")
    for name, share in (("p50", 0.5), ("p99.9", 0.999)):
        calm, storm = float(np.quantile(quiet, share)), float(np.quantile(busy, share))
        yield figure(f"{name}, quiet", calm, "ns")
        yield figure(f"{name}, swaps", storm, "ns")
        yield figure(f"{name}, swaps", storm / calm, "×")
    yield figure("swaps", rate, "/s")


def changes(live: LiveIndex, events: list[Event]) -> Iterator[Callable[[], None]]:
    """Yield single changes without end: a new rule, then its replacement, then its removal."""
    for number in count():
        rule = Rule(f"live-{number}", "client-live", *events[number % len(events)])
        yield partial(live.apply, [rule])
        yield partial(live.apply, [rule._replace(severity="*")])
        yield partial(live.apply, (), [rule.rule_id])


def _timed(run: Callable[[], object]) -> int:
    start = perf_counter_ns()
    run()
    return perf_counter_ns() - start


def _readers(
    live: LiveIndex, writes: Iterator[Callable[[], None]], events: list[Event]
) -> tuple[NDArray[Any], NDArray[Any], float]:
    """Return the latencies without and with a writer, taken in turns, and the writer's changes a second."""
    quiet, busy, written, spent = [], [], 0, 0
    _latencies(live, events)
    for _ in range(_TURNS):
        quiet.append(_latencies(live, events))
        stop, tally = Flag(), [0]
        writer = Thread(target=_write, args=(writes, stop, tally))
        start = perf_counter_ns()
        writer.start()
        busy.append(_latencies(live, events))
        stop.set()
        writer.join()
        spent += perf_counter_ns() - start
        written += tally[0]
    return np.concatenate(quiet), np.concatenate(busy), written / spent * 1e9


def _latencies(live: LiveIndex, events: list[Event]) -> NDArray[Any]:
    match, clock = live.match, perf_counter_ns
    taken: NDArray[Any] = np.empty(len(events), dtype=np.int64)
    for place, (severity, source, name) in enumerate(events):
        start = clock()
        match(severity, source, name)
        taken[place] = clock() - start
    return taken


def _write(writes: Iterator[Callable[[], None]], stop: Flag, tally: list[int]) -> None:
    while not stop.is_set():
        next(writes)()
        tally[0] += 1
        sleep(_PAUSE)
