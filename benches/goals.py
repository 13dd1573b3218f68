"""The speeds and sizes to reach, and the stretch beyond them."""

from dataclasses import dataclass
from typing import Final

from .figures import Figure

__all__ = ["GOALS", "Goal", "goal_of"]


@dataclass(frozen=True)
class Goal:
    """A limit for a figure; `stretch` is the harder one."""

    limit: float
    stretch: float
    at_most: bool = True

    def reached(self, value: float) -> bool:
        """Tell whether `value` is within the limit."""
        return value <= self.limit if self.at_most else value >= self.limit

    def stretched(self, value: float) -> bool:
        """Tell whether `value` is within the stretch as well."""
        return value <= self.stretch if self.at_most else value >= self.stretch

    @property
    def sign(self) -> str:
        """The limit's direction."""
        return "≤" if self.at_most else "≥"


_100K: Final = 100_000
_1M: Final = 1_000_000
_10M: Final = 10_000_000
_READ: Final = Goal(3, 5, at_most=False)
_THREADS: Final = Goal(1.8, 1.8, at_most=False)
_BUILD: Final = Goal(2e6, 4e6, at_most=False)
_COLUMNS: Final = Goal(5e6, 10e6, at_most=False)
_APPLY: Final = Goal(1000, 100)
_SWAPS: Final = Goal(2, 2)

GOALS: Final[dict[tuple[str, str, int, str, str], Goal]] = {
    ("match", "x", _1M, "match", "ns"): Goal(200, 150),
    ("match", "x", _1M, "match", "×"): Goal(8, 8, at_most=False),
    ("match", "mix", _100K, "match", "ns"): Goal(200, 150),
    ("match", "mix", _1M, "match", "ns"): Goal(450, 350),
    ("match", "x", _1M, "match, read", "×"): _READ,
    ("match", "mix", _100K, "match, read", "×"): _READ,
    ("match", "mix", _1M, "match, read", "×"): _READ,
    ("match", "x", _1M, "batch", "ns"): Goal(80, 50),
    ("match", "mix", _1M, "batch", "ns"): Goal(250, 150),
    ("match", "x", _1M, "2 threads", "×"): _THREADS,
    ("match", "mix", _1M, "2 threads", "×"): _THREADS,
    ("route", "routed", _1M, "route_batch", "ns"): Goal(1000, 600),
    ("build", "x", _1M, "build", "rules/s"): _BUILD,
    ("build", "mix", _1M, "build", "rules/s"): _BUILD,
    ("build", "x", _1M, "columns", "rules/s"): _COLUMNS,
    ("build", "mix", _1M, "columns", "rules/s"): _COLUMNS,
    ("build", "x", _1M, "Arrow columns", "rules/s"): _COLUMNS,
    ("build", "mix", _1M, "Arrow columns", "rules/s"): _COLUMNS,
    ("open", "mix", _1M, "mapped", "ms"): Goal(1, 1),
    ("open", "mix", _1M, "verified", "ms"): Goal(50, 20),
    ("live", "mix", _1M, "apply", "us"): _APPLY,
    ("live", "mix", _10M, "apply", "us"): _APPLY,
    ("live", "mix", _1M, "p99.9, swaps", "×"): _SWAPS,
    ("live", "mix", _10M, "p99.9, swaps", "×"): _SWAPS,
    ("memory", "worst", 0, "beside ids", "B"): Goal(32, 20),
}
"""By table, workload, size, column and unit."""


def goal_of(figure: Figure) -> Goal | None:
    """Return the goal that the figure has, if it has one."""
    return GOALS.get((figure.table, figure.workload, figure.size, figure.column, figure.unit))
