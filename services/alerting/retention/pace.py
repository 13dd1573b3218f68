"""How much is removed at a time, and how long nothing is, so that others notice little of it."""

from typing import Final

_SHARE: Final = 0.2
"""Of the time, so much is work: that of one connection, whatever the machine can do."""
_MOST_PAUSE: Final = 60.0


def pause_after(seconds: float) -> float:
    """Return how long to rest after work of so many seconds."""
    return min(seconds * (1 / _SHARE - 1), _MOST_PAUSE)


def next_batch(size: int, most: int, *, failed: bool) -> int:
    """Return the size of the next batch: less after one that was too slow, and slowly more again after others."""
    return max(size // 4, 1) if failed else min(size * 2, most)
