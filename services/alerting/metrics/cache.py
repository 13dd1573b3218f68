"""Keeps answers for a moment, so that many who look cost as much as one."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Final, Generic, TypeVar

from alerting.runtime.clock import Clock
from alerting.runtime.errors import Unavailable

Key = TypeVar("Key", bound=Hashable)
Answer = TypeVar("Answer")

_TIMES: Final = 10
_MOST_SECONDS: Final = 60.0
_FAILURE_SECONDS: Final = 1.5


class _Entry(Generic[Answer]):
    __slots__ = ("lock", "outcome", "until")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.outcome: Answer | Unavailable | None = None
        self.until = float("-inf")


class Cache(Generic[Key, Answer]):
    """Answers by key, the least recently asked for forgotten first. For one event loop.

    Only one of those who ask at the same time works out the answer. It is kept for `seconds`, and for longer when it
    was hard to get, so that at most a tenth of the time goes into it. "Unavailable" is an answer, too, but a short one:
    at most half of the time goes into it, so that what is back is seen again soon, and what stays away is not asked
    without a pause.
    """

    def __init__(self, clock: Clock, *, seconds: float, most: int = 1_000) -> None:
        self._clock = clock
        self._seconds = seconds
        self._most = most
        self._entries: OrderedDict[Key, _Entry[Answer]] = OrderedDict()

    async def get(self, key: Key, work_out: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the kept answer, or work it out.

        Raises
        ------
        Unavailable
            It could not be worked out, now or a moment ago.
        """
        entry = self._entries.setdefault(key, _Entry())
        self._entries.move_to_end(key)
        if len(self._entries) > self._most:
            self._entries.popitem(last=False)
        async with entry.lock:
            started = self._clock.monotonic()
            if entry.outcome is None or entry.until <= started:
                try:
                    entry.outcome, seconds, times = await work_out(), self._seconds, _TIMES
                except Unavailable as failure:
                    entry.outcome, seconds, times = failure, min(self._seconds, _FAILURE_SECONDS), 1
                now = self._clock.monotonic()
                entry.until = now + max(seconds, min((now - started) * times, _MOST_SECONDS))
            if isinstance(entry.outcome, Unavailable):
                raise entry.outcome.with_traceback(None)
            return entry.outcome
