"""Everything that handles dead letters, wired: for the command line and for the API."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from alerting.dead_letters.actions import Actions
from alerting.dead_letters.reader import Reader
from alerting.dead_letters.replay import Replay
from alerting.dead_letters.truncation import Truncation
from alerting.dead_letters.waiting import Waiting
from alerting.runtime.broker import AsyncProducer
from alerting.runtime.clock import Clock
from alerting.runtime.config import Settings


@dataclass(frozen=True, slots=True)
class Desk:
    """The parts. For one question or order at a time: each is given the connection that it works on."""

    reader: Reader
    actions: Actions
    waiting: Waiting
    replay: Replay
    truncation: Truncation


@contextmanager
def open_desk(settings: Settings, clock: Clock, producer: AsyncProducer, *, timeout: float = 10.0) -> Iterator[Desk]:
    """Make a desk; each question to the broker waits for so many seconds at most."""
    reader, actions = Reader(settings, clock, timeout=timeout), Actions(settings.kafka_prefix)
    waiting = Waiting(reader, actions, clock)
    try:
        yield Desk(
            reader,
            actions,
            waiting,
            Replay(reader, waiting, actions, producer),
            Truncation(settings, reader, actions),
        )
    finally:
        reader.close()
