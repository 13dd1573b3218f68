"""Bytes a rule, beside the strings that cannot be left out."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from benches.figures import Figure
from benches.settings import Settings
from benches.stock import Stock
from benches.workloads import Coded, Rules, make
from matchcore import Index

__all__ = ["beside_ids", "measure", "sweep"]

_SIZES = (3_000, 10_000, 30_000, 100_000, 131_072, 163_000, 200_000, 262_145, 320_000, 410_000, 524_289, 740_000)
"""Between powers of two and just above them, where a table that doubles would be at its worst."""


def measure(stock: Stock, settings: Settings) -> Iterator[Figure]:
    """Yield the rows of *memory* for one index."""
    figure = partial(Figure, "memory", stock.workload.name, stock.size)
    yield figure("all", stock.index.nbytes / stock.size, "B")
    yield figure("beside ids", beside_ids(stock.index, stock.workload.rules), "B")
    yield figure("beside all strings", _beside_strings(stock.index, stock.workload.rules), "B")
    if stock.dict_bytes:
        yield figure("dict", stock.dict_bytes / stock.size, "B")


def sweep(settings: Settings) -> Iterator[Figure]:
    """Yield rows of *memory* for sizes that a table might dislike."""
    for name in ("x", "mix"):
        for size in (size for size in _SIZES if size not in settings.sizes):
            rules = make(name, size, 1, settings.seed).rules
            index = Index.from_columns(*rules.columns())
            figure = partial(Figure, "memory", name, size)
            yield figure("all", index.nbytes / size, "B")
            yield figure("beside ids", beside_ids(index, rules), "B")
            yield figure("beside all strings", _beside_strings(index, rules), "B")


def beside_ids(index: Index, rules: Rules) -> float:
    """Return the index's bytes a rule less those of rule ids and distinct client ids."""
    return (index.nbytes - 9 * len(rules) - _distinct_bytes(rules.clients)) / len(rules)


def _beside_strings(index: Index, rules: Rules) -> float:
    fields = (rules.severities, rules.sources, rules.names)
    return beside_ids(index, rules) - sum(map(_distinct_bytes, fields)) / len(rules)


def _distinct_bytes(column: Coded) -> int:
    """Return the UTF-8 bytes of the values that occur, each counted once."""
    words = column.vocabulary
    return sum(len(words[code].encode()) for code in np.flatnonzero(np.bincount(column.codes)))
