"""Sends dead letters where they came from, or drops them, and writes down which.

A letter is sent first and written down after its acknowledgement. The other way round, a crash in between would lose
it; this way, it is sent once more, which is harmless: a notification is one for each client and alert however many
matches there are, a change of a rule is only a sign to look, and a notification that is ready is planned once.
Two that replay at once take turns, so that without a crash each letter is sent once.
"""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from alerting.dead_letters.actions import Actions, Verb
from alerting.dead_letters.letter import Letter
from alerting.dead_letters.reader import Reader
from alerting.dead_letters.selection import Selection
from alerting.dead_letters.waiting import Waiting
from alerting.runtime.broker import AsyncProducer
from alerting.runtime.database import AsyncConnection, postgres_errors
from alerting.runtime.telemetry import DEAD_LETTERS_HANDLED


class Handled(NamedTuple):
    """What was done."""

    number: int
    more: bool
    """The limit was reached."""


class Replay:
    """Handles letters that wait. For one order at a time."""

    def __init__(self, reader: Reader, waiting: Waiting, actions: Actions, producer: AsyncProducer) -> None:
        self._reader = reader
        self._waiting = waiting
        self._actions = actions
        self._producer = producer

    async def all(
        self, connection: AsyncConnection, selection: Selection, verb: Verb, actor: str, *, limit: int
    ) -> Handled:
        """Handle the letters of a selection that wait when this begins, at most `limit` of them.

        Raises
        ------
        Unavailable
            The broker or the database does not answer; what was handled before is written down.
        """
        number = 0
        for span in await self._waiting.spans(selection):
            async for letters in self._waiting.letters(connection, span, selection):
                number += await self.these(connection, letters[: limit - number], verb, actor)
                if number >= limit:
                    return Handled(number, True)
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
