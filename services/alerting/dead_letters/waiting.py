"""The dead letters that nothing was done with yet."""

import asyncio
import heapq
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final, NamedTuple

from alerting.dead_letters.actions import Actions
from alerting.dead_letters.letter import Letter
from alerting.dead_letters.reader import Reader, Span
from alerting.dead_letters.selection import Selection
from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncConnection

MOST_SECONDS: Final = 60.0
_MOST_BYTES: Final = 64 << 20

Begins = Mapping[tuple[str, int], int]
"""Offsets, by topic and partition: what is before them was looked at."""


class Page(NamedTuple):
    """Letters, those first that have waited for longest; of each partition, in its order."""

    letters: Sequence[Letter]
    more: bool
    """There are more of them, or memory or time did not suffice to know."""
    rest: Begins
    """Where the next page begins."""


class Summary(NamedTuple):
    """How many letters wait, by the topic that they were refused from and the reason."""

    counts: Mapping[tuple[str, str], int]
    complete: bool
    """All could be counted in time."""


class _Found(NamedTuple):
    """Letters of one span."""

    letters: list[Letter]
    reached: int
    """The offset behind what was looked at."""
    rest: bool
    """There may be more behind it."""


class Waiting:
    """Looks for letters, for so many seconds at most. For one question at a time."""

    def __init__(self, reader: Reader, actions: Actions, clock: Clock, *, seconds: float = MOST_SECONDS) -> None:
        self._reader = reader
        self._actions = actions
        self._clock = clock
        self._seconds = seconds

    async def spans(self, selection: Selection) -> list[Span]:
        """Return where there may be letters, as it is now."""
        return [span for topic in selection.topics for span in await asyncio.to_thread(self._reader.spans, topic)]

    async def letters(
        self, connection: AsyncConnection, span: Span, selection: Selection
    ) -> AsyncIterator[list[Letter]]:
        """Yield the letters of a span that wait, in order and in small lists; such a list may be empty."""
        async for letters, _ in self._looked_at(connection, span, selection):
            yield letters

    async def page(
        self, connection: AsyncConnection, selection: Selection, limit: int, begins: Begins | None = None
    ) -> Page:
        """Return at most so many letters, which are those behind some places if these are given.

        Raises
        ------
        Unavailable
            The broker does not answer.
        """
        begins = begins or {}
        deadline = self._clock.monotonic() + self._seconds
        # The oldest of all are among the first of each.
        founds = {
            span[:2]: await self._first(connection, span, selection, limit, deadline, begins.get(span[:2], span.begin))
            for span in await self.spans(selection)
        }
        sources = [found.letters for found in founds.values()]
        oldest = list(heapq.merge(*sources, key=lambda letter: (letter.written_at, letter.place)))
        left = {letter.place[:2]: letter.place.offset for letter in reversed(oldest[limit:])}
        rest = {place: left.get(place, found.reached) for place, found in founds.items()}
        return Page(oldest[:limit], bool(left) or any(found.rest for found in founds.values()), rest)

    async def summary(self, connection: AsyncConnection, selection: Selection) -> Summary:
        """Count the letters that wait.

        Raises
        ------
        Unavailable
            The broker does not answer.
        """
        counts: Counter[tuple[str, str]] = Counter()
        deadline = self._clock.monotonic() + self._seconds
        for span in await self.spans(selection):
            async for letters in self.letters(connection, span, selection):
                counts.update((span.topic, letter.reason) for letter in letters)
                if self._clock.monotonic() > deadline:
                    return Summary(counts, False)
        return Summary(counts, True)

    async def _first(
        self,
        connection: AsyncConnection,
        span: Span,
        selection: Selection,
        limit: int,
        deadline: float,
        begin: int,
    ) -> _Found:
        """Return the first letters of a span from an offset on."""
        found: list[Letter] = []
        size, reached = 0, begin
        # The embedded broker tells the end too low: the last one that it knows of is read once more, and then skipped.
        part = span._replace(begin=max(span.begin, min(begin, span.end - 1)))
        async for letters, behind in self._looked_at(connection, part, selection):
            found += (letter for letter in letters if letter.place.offset >= begin)
            size += sum(len(letter.value or b"") for letter in letters)
            reached = max(reached, behind)
            if len(found) > limit or size > _MOST_BYTES or self._clock.monotonic() > deadline:
                return _Found(found, reached, True)
        return _Found(found, reached, False)

    async def _looked_at(
        self, connection: AsyncConnection, span: Span, selection: Selection
    ) -> AsyncIterator[tuple[list[Letter], int]]:
        """Yield the letters of a span that wait, in small lists, each with the offset behind what was looked at."""
        chunks = self._reader.read(span)
        while (letters := await asyncio.to_thread(next, chunks, None)) is not None:
            wanted = [letter for letter in letters if selection.takes(letter)]
            done = await self._actions.find(connection, wanted)
            behind = letters[-1].place.offset + 1 if letters else span.begin
            yield [letter for letter in wanted if letter.place not in done], behind
