"""How many alerts are due, and when it is over."""

from dataclasses import dataclass
from typing import Final

MOST_AT_ONCE: Final = 10_000
"""Alerts sent between two acknowledgements; also how fast a pace that fell behind is caught up with."""


@dataclass(frozen=True, slots=True)
class Pace:
    """So many alerts in all, or so many a second for so many seconds; None is without a limit."""

    count: int | None = None
    rps: float | None = None
    duration: float | None = None

    @property
    def total(self) -> int | None:
        """Return how many alerts there will be, if that is known."""
        if self.count is not None:
            return self.count
        if self.rps is not None and self.duration is not None:
            return max(1, int(self.rps * self.duration))
        return None

    def due(self, elapsed: float, sent: int) -> int:
        """Return how many alerts are to be sent now, after `elapsed` seconds and `sent` alerts."""
        wanted = MOST_AT_ONCE + sent if self.rps is None else int(self.rps * elapsed) + 1
        if self.total is not None:
            wanted = min(wanted, self.total)
        return max(0, min(wanted - sent, MOST_AT_ONCE))

    def over(self, elapsed: float, sent: int) -> bool:
        """Tell whether it is over: everything is sent, or the time is up, even when the broker was too slow."""
        if self.total is not None and sent >= self.total:
            return True
        return self.duration is not None and elapsed >= self.duration
