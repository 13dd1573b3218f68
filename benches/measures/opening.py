"""How long a saved index takes to open."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from benches import rounds
from benches.figures import Figure
from benches.settings import Settings
from benches.stock import Stock
from matchcore import Index, Matches

__all__ = ["measure"]


def measure(stock: Stock, settings: Settings) -> Iterator[Figure]:
    """Yield the table *open*."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rules.matchcore"
        stock.index.save(path)
        contenders = {
            "mapped": lambda: Index.open(path, verify=False),
            "verified": lambda: Index.open(path),
            "first match": lambda: _first_match(path, stock),
        }
        times = rounds.interleave(contenders, settings.rounds)
        figure = partial(Figure, "open", stock.workload.name, stock.size)
        yield figure("file", path.stat().st_size, "B")
        for name in contenders:
            yield figure(name, rounds.typical(times, name) / 1e6, "ms")


def _first_match(path: Path, stock: Stock) -> Matches:
    return Index.open(path, verify=False).match(*stock.rows[0])
