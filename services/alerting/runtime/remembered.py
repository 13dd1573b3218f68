"""What was looked up in the last seconds, so that a burst of requests asks the database once."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from alerting.runtime.clock import Clock

_SECONDS: Final = 5.0
_MOST: Final = 10_000

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """Answers by digest, each for five seconds or until it ends by itself; ten thousand of them at most."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # By a digest: a dump of this process's memory has no keys to give.
        self._kept: OrderedDict[bytes, tuple[float, Found]] = OrderedDict()

    def get(self, digest: bytes) -> Found | None:
        """Return what was found a moment ago."""
        kept = self._kept.get(digest)
        return kept[1] if kept is not None and kept[0] > self._clock.now() else None

    def put(self, digest: bytes, found: Found, ends_at: float | None) -> None:
        """Keep what was found, no longer than until it ends."""
        until = self._clock.now() + _SECONDS
        self._kept[digest] = (until if ends_at is None else min(until, ends_at), found)
        if len(self._kept) > _MOST:
            self._kept.popitem(last=False)

    def forget(self, unwanted: Callable[[Found], bool]) -> None:
        """Forget all that is unwanted."""
        for digest in [digest for digest, kept in self._kept.items() if unwanted(kept[1])]:
            del self._kept[digest]

    def drop(self, digest: bytes) -> None:
        """Forget one."""
        self._kept.pop(digest, None)
