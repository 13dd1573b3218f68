"""Print the benchmarks as one table: ``python -m benches.table``.

Every figure stands beside that of a dict measured in the same run, and beside its goal where it has one. The defaults
take about a quarter of an hour on two cores, and 9 GB of memory for ten million rules; ``--sizes 1k,100k,1M`` takes a
few minutes, and ``--sizes 100M --workloads x,mix --no-peers`` needs more memory still.
"""

import argparse
import json
import os
import platform
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path
from time import perf_counter

import matchcore

from . import rounds
from .figures import Figure
from .goals import goal_of
from .measures import building, living, matching, memory, opening, peers, routing
from .report import render
from .settings import Settings
from .stock import build
from .workloads import WORKLOADS

__all__ = ["main", "measure"]

_SIZES = "1k,100k,1M,10M"
_WORKLOADS = "x,mix,uniform,skewed,miss,catalog"
_FIXED = {"uniform": (450_000,), "catalog": (1_000, 100_000)}
"""Workloads that have sizes of their own: 1,500 clients of 300 rules; a catalog that a million rules would crowd."""

_LARGE = ("x", "mix")
"""Workloads that are measured with more than a million rules too."""

_BUILT = 1_000_000
"""The size at which building is timed, and from which on opening and changing are."""


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print."""
    options = _options(arguments)
    settings = Settings(
        sizes=tuple(map(_size, options.sizes.split(","))),
        workloads=tuple(options.workloads.split(",")),
        peers=options.peers,
        peer_sizes=tuple(map(_size, options.peer_sizes.split(","))),
        quamina=options.quamina,
        rounds=options.rounds,
        events=_size(options.events),
        seed=options.seed,
    )
    figures = list(measure(settings))
    worst = _worst(figures)
    print(_machine(settings), render(figures + worst), sep="\n\n")
    if options.json:
        options.json.write_text(json.dumps([_described(figure) for figure in figures + worst], indent=1), "utf-8")


def measure(settings: Settings) -> Iterator[Figure]:
    """Yield all figures, telling on standard error how far it is."""
    for name in settings.workloads:
        for size in _sizes(name, settings):
            yield from _one(name, size, settings)
    _tell("routing")
    yield from routing.measure(settings)
    _tell("memory at odd sizes")
    yield from memory.sweep(settings)
    if settings.peers:
        _tell("peers")
        yield from peers.measure(settings)


def _one(name: str, size: int, settings: Settings) -> Iterator[Figure]:
    _tell(f"{name}, {size:,} rules")
    stock = build(name, size, settings)
    yield from matching.measure(stock, settings)
    yield from memory.measure(stock, settings)
    if name in ("x", "mix") and size == _BUILT:
        yield from building.measure(stock, settings)
    if name == "mix" and size >= _BUILT:
        yield from opening.measure(stock, settings)
        yield from living.measure(stock, settings)


def _sizes(name: str, settings: Settings) -> tuple[int, ...]:
    if fixed := _FIXED.get(name):
        return tuple(size for size in fixed if size <= max(settings.sizes))
    return tuple(size for size in settings.sizes if name in _LARGE or size <= _BUILT)


def _worst(figures: list[Figure]) -> list[Figure]:
    beside = [f for f in figures if f.table == "memory" and f.column == "beside ids"]
    if not beside:
        return []
    worst = max(beside, key=lambda figure: figure.value)
    _tell(f"most memory beside ids: {worst.workload}, {worst.size:,} rules")
    return [Figure("memory", "worst", 0, "beside ids", worst.value, "B")]


def _described(figure: Figure) -> dict[str, object]:
    goal = goal_of(figure)
    return asdict(figure) | ({"goal": goal.limit, "reached": goal.reached(figure.value)} if goal else {})


def _machine(settings: Settings) -> str:
    return (
        f"# matchcore {matchcore.__version__} ({matchcore.__impl__}), Python {platform.python_version()}, "
        f"{platform.machine()}, {os.cpu_count()} CPUs\n"
        f"Seed {settings.seed}; medians of {settings.rounds} rounds, in each of which all contenders take their turn.\n"
        f"How free the CPUs were at the end: two threads of sha256 were {_free_cores():.2f} times as fast as one."
    )


def _free_cores() -> float:
    """Tell how much a second thread can gain on this machine now: others may be using it."""
    block = bytes(1 << 25)
    with ThreadPoolExecutor(2) as threads:
        contenders = {
            "one": lambda: [sha256(block), sha256(block)],
            "two": lambda: list(threads.map(sha256, (block, block))),
        }
        return rounds.ratio(rounds.interleave(contenders, 5), "one", "two")


_start = perf_counter()


def _tell(what: str) -> None:
    print(f"{perf_counter() - _start:6.0f} s  {what}", file=sys.stderr, flush=True)


def _size(text: str) -> int:
    """Read 1000, 1k or 1M."""
    unit = {"k": 1_000, "M": 1_000_000}.get(text[-1:], 0)
    return int(text[:-1]) * unit if unit else int(text)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benches.table", description=__doc__)
    parser.add_argument("--sizes", default=_SIZES, help="numbers of rules (default: %(default)s)")
    parser.add_argument("--workloads", default=_WORKLOADS, help=f"of {', '.join(WORKLOADS)} (default: %(default)s)")
    parser.add_argument("--events", default="100k", help="events a round, at most (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--peers", action=argparse.BooleanOptionalAction, default=True, help="run the other engines")
    parser.add_argument("--peer-sizes", default="1k,100k", help="numbers of rules for them (default: %(default)s)")
    parser.add_argument("--quamina", default="", metavar="FOLDER", help="build Quamina from this checkout of it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there as well")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
