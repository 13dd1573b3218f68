"""A circuit breaker for one receiver: what fails again and again is left alone, and then asked once."""

from collections import deque
from dataclasses import dataclass
from typing import Final

WINDOW: Final = 300.0
"""Seconds that are looked back on."""

LEAST_ATTEMPTS: Final = 10
LEAST_SHARE: Final = 0.7
"""So many attempts within the window, of which so many failed, open it."""

MOST_IN_A_ROW: Final = 10

_SLICE: Final = WINDOW / 10
_PROBING: Final = 1.0
"""Seconds until somebody looks again whether the one attempt of an open breaker has ended."""


@dataclass(slots=True)
class _Slice:
    begun: float
    attempts: int = 0
    failures: int = 0


class Breaker:
    """Closed, attempts are made. Open, they wait; then one is made, and its end decides.

    Times are monotonic seconds.
    """

    __slots__ = ("_first_open", "_in_a_row", "_most_open", "_open_for", "_open_until", "_probing", "_slices")

    def __init__(self, first_open: float, most_open: float) -> None:
        """Begin closed; it opens for so many seconds at first, twice as many each time again, and at most so many."""
        self._first_open = first_open
        self._most_open = most_open
        self._slices: deque[_Slice] = deque(maxlen=int(WINDOW / _SLICE) + 1)
        self._in_a_row = 0
        self._open_for = 0.0
        self._open_until = 0.0
        self._probing = False

    @property
    def closed(self) -> bool:
        """Tell whether attempts are made."""
        return not self._open_for

    def wait(self, now: float) -> float:
        """Return the seconds until an attempt may be made."""
        if not self._open_for:
            return 0.0
        return _PROBING if self._probing else max(0.0, self._open_until - now)

    def admit(self, now: float) -> float:
        """Return 0 for an attempt that is made now and whose end is told; otherwise do as `wait`."""
        wait = self.wait(now)
        if not wait and self._open_for:
            self._probing = True
        return wait

    def abandon(self) -> None:
        """Note that an attempt that was admitted says nothing, or was not made."""
        self._probing = False

    def record(self, now: float, *, failed: bool) -> float:
        """Note how an attempt ended; return the seconds for which it is open from now on, if this opened it."""
        self._count(now, failed=failed)
        if not failed:
            self._close()
            return 0.0
        if self._open_for and not self._probing:
            # An attempt that began before it opened.
            return 0.0
        if not self._open_for and not self._is_broken(now):
            return 0.0
        self._open_for = min(self._open_for * 2 or self._first_open, self._most_open)
        self._open_until = now + self._open_for
        self._probing = False
        return self._open_for

    def is_idle(self, now: float) -> bool:
        """Tell whether it has nothing to remember."""
        return not self._open_for and (not self._slices or self._slices[-1].begun < now - WINDOW)

    def _close(self) -> None:
        if self._open_for:
            # It begins anew: what it failed at before is no reason to open again at the next failure.
            self._slices.clear()
        self._in_a_row = 0
        self._open_for = self._open_until = 0.0
        self._probing = False

    def _count(self, now: float, *, failed: bool) -> None:
        if not self._slices or now >= self._slices[-1].begun + _SLICE:
            self._slices.append(_Slice(now))
        latest = self._slices[-1]
        latest.attempts += 1
        if failed:
            latest.failures += 1
            self._in_a_row += 1

    def _is_broken(self, now: float) -> bool:
        recent = [each for each in self._slices if each.begun > now - WINDOW]
        attempts = sum(each.attempts for each in recent)
        failures = sum(each.failures for each in recent)
        return self._in_a_row >= MOST_IN_A_ROW or (attempts >= LEAST_ATTEMPTS and failures >= LEAST_SHARE * attempts)
