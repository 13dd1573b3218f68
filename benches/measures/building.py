"""How many rules a second an index takes, against the dict."""

from collections.abc import Iterator
from functools import partial

from benches import arrow, baseline, rounds
from benches.figures import Figure
from benches.settings import Settings
from benches.stock import Stock
from matchcore import Index, Rule

__all__ = ["measure"]

_ROUNDS = 3


def measure(stock: Stock, settings: Settings) -> Iterator[Figure]:
    """Yield the table *build*."""
    if stock.columns is None:
        return
    columns = stock.columns
    rules = [Rule(*row) for row in columns.rows()]
    arrays = arrow.from_lists(columns)
    contenders = {
        "grouped dict": lambda: baseline.build_grouped(columns.rows()),
        "flat dict": lambda: baseline.build_flat(columns.rows()),
        "build": lambda: Index.build(rules),
        "columns": lambda: Index.from_columns(*columns),
        "Arrow columns": lambda: Index.from_columns(*arrays),
    }
    times = rounds.interleave(contenders, min(settings.rounds, _ROUNDS))
    figure = partial(Figure, "build", stock.workload.name, stock.size)
    for name in contenders:
        yield figure(name, stock.size / rounds.typical(times, name) * 1e9, "rules/s")
        if "dict" not in name:
            yield figure(name, rounds.ratio(times, rounds.best(times, ["grouped dict", "flat dict"]), name), "×")
