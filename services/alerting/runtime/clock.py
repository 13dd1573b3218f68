"""Time as a parameter, so that tests decide what time it is."""

import time
from typing import Protocol


class Clock(Protocol):
    """Where a part gets the time from."""

    def now(self) -> float:
        """Return the time in Unix seconds."""

    def monotonic(self) -> float:
        """Return seconds that never go back, from an arbitrary origin."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> float:
        """Return the time in Unix seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that never go back, from an arbitrary origin."""
        return time.monotonic()
