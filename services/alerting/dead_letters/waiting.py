"""The dead letters that nothing was done with yet."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final, NamedTuple

from alerting.dead_letters.actions import Actions
from alerting.dead_letters.letter import Letter
from alerting.dead_letters.reader import Reader, Span
from alerting.dead_letters.selection import Selection
from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncConnection

_MOST_SECONDS: Final = 60.0
_MOST_BYTES: Final = 64 << 20


class Page(NamedTuple):
    """Letters, those first that have waited for longest."""

    letters: Sequence[Letter]
    more: bool
    """There are more of them, or memory or time did not suffice to know."""


class Summary(NamedTuple):
    """How many letters wait, by the topic that they were refused from and the reason."""

    counts: Mapping[tuple[str, str], int]
    complete: bool
    """All could be counted in time."""


class Waiting:
    """Looks for letters. For one question at a time."""

    def __init__(self, reader: Reader, actions: Actions, clock: Clock) -> None:
        self._reader = reader
        self._actions = actions
        self._clock = clock

    async def spans(self, selection: Selection) -> list[Span]:
        """Return where there may be letters, as it is now."""
        return [span for topic in selection.topics for span in await asyncio.to_thread(self._reader.spans, topic)]

    async def letters(
        self, connection: AsyncConnection, span: Span, selection: Selection
    ) -> AsyncIterator[list[Letter]]:
        """Yield the letters of a span that wait, in order and in small lists; such a list may be empty."""
        chunks = self._reader.read(span)
        while (letters := await asyncio.to_thread(next, chunks, None)) is not None:
            wanted = [letter for letter in letters if selection.takes(letter)]
            done = await self._actions.find(connection, wanted)
            yield [letter for letter in wanted if letter.place not in done]

    async def page(self, connection: AsyncConnection, selection: Selection, limit: int) -> Page:
        """Return at most so many letters.

        Raises
        ------
        Unavailable
            The broker does not answer.
        """
        found: list[Letter] = []
        more = False
        deadline = self._clock.monotonic() + _MOST_SECONDS
        for span in await self.spans(selection):
            # The oldest of all are among the first of each.
            first, rest = await self._first(connection, span, selection, limit, deadline)
            found += first
            more = more or rest
        found.sort(key=lambda letter: (letter.written_at, letter.place))
        return Page(found[:limit], more or len(found) > limit)

    async def summary(self, connection: AsyncConnection, selection: Selection) -> Summary:
        """Count the letters that wait.

        Raises
        ------
        Unavailable
            The broker does not answer.
        """
        counts: Counter[tuple[str, str]] = Counter()
        deadline = self._clock.monotonic() + _MOST_SECONDS
        for span in await self.spans(selection):
            async for letters in self.letters(connection, span, selection):
                counts.update((span.topic, letter.reason) for letter in letters)
                if self._clock.monotonic() > deadline:
                    return Summary(counts, False)
        return Summary(counts, True)

    async def _first(
        self, connection: AsyncConnection, span: Span, selection: Selection, limit: int, deadline: float
    ) -> tuple[list[Letter], bool]:
        """Return the first letters of a span, and whether there may be more."""
        found: list[Letter] = []
        size = 0
        async for letters in self.letters(connection, span, selection):
            found += letters
            size += sum(len(letter.value or b"") for letter in letters)
            if len(found) > limit or size > _MOST_BYTES or self._clock.monotonic() > deadline:
                return found[:limit], True
        return found, False
