"""Whether a process's memory grows: samples, and what they say."""

import statistics
from dataclasses import dataclass, field
from typing import Final, NamedTuple

_MIB: Final = 1 << 20
LEAST_SAMPLES: Final = 20
MOST_GROWTH: Final = 0.2
"""Of the median of a run's last quarter over that of its second one, and at least so many bytes:"""
LEAST_GROWTH: Final = 30 * _MIB


class Growth(NamedTuple):
    """How one process's memory went."""

    name: str
    pid: int
    samples: int
    early: float
    """MiB, median of the second quarter of its life."""
    late: float
    """MiB, median of the last quarter."""

    @property
    def leaks(self) -> bool:
        """Tell whether it grew more than caches do."""
        grown = self.late - self.early
        return grown > MOST_GROWTH * self.early and grown * _MIB > LEAST_GROWTH


@dataclass
class Memory:
    """Samples of processes, each of which is known by its name and its id."""

    samples: dict[tuple[str, int], list[int]] = field(default_factory=dict)

    def add(self, name: str, pid: int, resident: int) -> None:
        """Note how many bytes a process has."""
        if resident:
            self.samples.setdefault((name, pid), []).append(resident)

    def growth(self) -> list[Growth]:
        """Return how those went that lived long enough to tell."""
        found = []
        for (name, pid), sizes in self.samples.items():
            if len(sizes) < LEAST_SAMPLES:
                continue
            quarter = len(sizes) // 4
            early, late = sizes[quarter : 2 * quarter], sizes[-quarter:]
            medians = (statistics.median(part) / _MIB for part in (early, late))
            found.append(Growth(name, pid, len(sizes), *medians))
        return found
