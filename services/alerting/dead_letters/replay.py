"""Sends dead letters where they came from, or drops them, and writes down which.

A letter is sent first and written down after its acknowledgement. The other way round, a crash in between would lose
it; this way, it is sent once more, which is harmless: a notification is one for each client and alert however many
matches there are, a change of a rule is only a sign to look, and a notification that is ready is planned once.
Two that replay at once take turns, so that without a crash each letter is sent once.
"""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from math import inf
from typing import NamedTuple

from alerting.dead_letters.actions import Actions, Verb
from alerting.dead_letters.letter import Letter, Place
from alerting.dead_letters.reader import Reader, Span
from alerting.dead_letters.selection import Selection
from alerting.dead_letters.waiting import Waiting
from alerting.runtime.broker import AsyncProducer
from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncConnection, postgres_errors
from alerting.runtime.telemetry import DEAD_LETTERS_HANDLED


class Handled(NamedTuple):
    """What was done."""

    number: int
    more: bool
    """The limit was reached, or the time was over."""


class Replay:
    """Handles letters that wait. For one order at a time."""

    def __init__(
        self, reader: Reader, waiting: Waiting, actions: Actions, producer: AsyncProducer, clock: Clock
    ) -> None:
        self._reader = reader
        self._waiting = waiting
        self._actions = actions
        self._producer = producer
        self._clock = clock

    async def all(
        self,
        connection: AsyncConnection,
        selection: Selection,
        verb: Verb,
        actor: str,
        *,
        limit: int,
        seconds: float = inf,
    ) -> Handled:
        """Handle the letters of a selection that wait when this begins, at most `limit` of them.

        Raises
        ------
        Unavailable
            The broker or the database does not answer; what was handled before is written down.
        """
        number = 0
        deadline = self._clock.monotonic() + seconds
        for span in await self._waiting.spans(selection):
            async for letters in self._waiting.letters(connection, span, selection):
                number += await self.these(connection, letters[: limit - number], verb, actor)
                if number >= limit or self._clock.monotonic() > deadline:
                    return Handled(number, True)
        return Handled(number, False)

    async def at(
        self, connection: AsyncConnection, places: Sequence[Place], verb: Verb, actor: str, *, seconds: float = inf
    ) -> Handled:
        """Handle the letters at some places that are there and wait.

        Raises
        ------
        Unavailable
            The broker or the database does not answer; what was handled before is written down.
        """
        number = 0
        deadline = self._clock.monotonic() + seconds
        for partition, group in groupby(sorted(set(places)), key=lambda place: place[:2]):
            wanted = list(group)
            spans = await asyncio.to_thread(self._reader.spans, partition[0])
            span = next((each for each in spans if each[:2] == partition and each.begin < each.end), None)
            if span is None:
                continue
            chunks = self._reader.read(_around(span, wanted[0].offset, wanted[-1].offset))
            while (letters := await asyncio.to_thread(next, chunks, None)) is not None:
                meant = [letter for letter in letters if letter.place in wanted]
                number += await self.these(connection, meant, verb, actor)
                if self._clock.monotonic() > deadline:
                    return Handled(number, True)
                if letters and letters[-1].place >= wanted[-1]:
                    break
        return Handled(number, False)

    async def these(self, connection: AsyncConnection, letters: Sequence[Letter], verb: Verb, actor: str) -> int:
        """Handle letters of one partition; return how many, which are those that nobody was faster with.

        Raises
        ------
        Unavailable
            The broker or the database does not answer; some may have been sent.
        """
        if not letters:
            return 0
        topic = letters[0].place.topic
        with postgres_errors():
            async with connection.transaction():
                await self._actions.lock(connection, topic)
                left = await self._left(connection, letters)
                if left and verb == "REPLAYED":
                    await self._producer.send(topic, [letter.as_before() for letter in left])
                if left:
                    await self._actions.record(connection, left, verb, actor)
        DEAD_LETTERS_HANDLED.labels(topic, verb.lower()).inc(len(left))
        return len(left)

    async def _left(self, connection: AsyncConnection, letters: Sequence[Letter]) -> list[Letter]:
        """Return those without a row that were not cut off, with their rows, since they were read."""
        topic, partition, _ = letters[0].place
        spans = await asyncio.to_thread(self._reader.spans, topic)
        begin = next((span.begin for span in spans if span.partition == partition), None)
        done = await self._actions.find(connection, letters)
        return [
            letter
            for letter in letters
            if begin is not None and letter.place.offset >= begin and letter.place not in done
        ]


def _around(span: Span, first: int, last: int) -> Span:
    """Return the part of a span that has these offsets; the embedded broker tells its end too low."""
    return span._replace(begin=max(span.begin, min(first, span.end - 1)), end=last + 1)
