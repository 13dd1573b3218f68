"""How time is taken: contenders take turns, and medians are kept.

Every round runs every contender once, in the same order (A B C, A B C, ...), so that a machine that slows down slows
all of them; a ratio is the median of the ratios of the rounds.
"""

import gc
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from statistics import median
from time import perf_counter_ns
from typing import TypeAlias

__all__ = ["Times", "best", "calm", "interleave", "ratio", "typical"]

Times: TypeAlias = dict[str, list[int]]


@contextmanager
def calm() -> Iterator[None]:
    """Keep the cycle collector out, and what lives already out of its sight."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def interleave(contenders: Mapping[str, Callable[[], object]], rounds: int) -> Times:
    """Return the nanoseconds of every contender in every round, after one round that does not count."""
    times: Times = {name: [] for name in contenders}
    with calm():
        for number in range(rounds + 1):
            for name, run in contenders.items():
                start = perf_counter_ns()
                kept = run()
                elapsed = perf_counter_ns() - start
                del kept  # after the clock has stopped: what is thrown away is not what is measured
                if number:
                    times[name].append(elapsed)
    return times


def typical(times: Times, name: str) -> float:
    """Return the median of a contender's rounds, in nanoseconds."""
    return float(median(times[name]))


def ratio(times: Times, slow: str, fast: str) -> float:
    """Return how many times faster `fast` was than `slow`, the median over the rounds."""
    return float(median(a / b for a, b in zip(times[slow], times[fast], strict=True)))


def best(times: Times, names: list[str]) -> str:
    """Return the contender of `names` with the least median."""
    return min(names, key=lambda name: typical(times, name))
