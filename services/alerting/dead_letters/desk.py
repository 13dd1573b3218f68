"""Everything that handles dead letters, wired: for the command line and for the API."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from alerting.dead_letters.actions import Action, Actions
from alerting.dead_letters.letter import Letter, Place
from alerting.dead_letters.reader import Reader
from alerting.dead_letters.replay import Replay
from alerting.dead_letters.truncation import Truncation
from alerting.dead_letters.waiting import MOST_SECONDS, Waiting
from alerting.runtime.broker import AsyncProducer
from alerting.runtime.clock import Clock
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncConnection


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts. For one question or order at a time: each is given the connection that it works on."""

    reader: Reader
    actions: Actions
    waiting: Waiting
    replay: Replay
    truncation: Truncation

    async def find(self, connection: AsyncConnection, place: Place) -> tuple[Letter | None, Action | None]:
        """Return the letter at a place, if there is one, and what was done with it.

        Raises
        ------
        Unavailable
            The broker or the database does not answer.
        """
        letter = await asyncio.to_thread(self.reader.find, place)
        if letter is None:
            return None, None
        return letter, (await self.actions.find(connection, [letter])).get(place)


@contextmanager
def open_desk(
    settings: Settings,
    clock: Clock,
    producer: AsyncProducer,
    *,
    timeout: float = 10.0,
    seconds: float = MOST_SECONDS,
) -> Iterator[Desk]:
    """Make a desk; each question to the broker waits for `timeout` at most, and each to the desk for `seconds`."""
    reader, actions = Reader(settings, clock, timeout=timeout), Actions(settings.kafka_prefix)
    waiting = Waiting(reader, actions, clock, seconds=seconds)
    try:
        yield Desk(
            reader,
            actions,
            waiting,
            Replay(reader, waiting, actions, producer, clock),
            Truncation(settings, reader, actions),
        )
    finally:
        reader.close()
