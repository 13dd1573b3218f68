"""Reads the topics of dead letters from outside any consumer group."""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple, cast

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from alerting.dead_letters.letter import Letter, Place, read_letter
from alerting.runtime.broker import Message
from alerting.runtime.broker.admin import Admin
from alerting.runtime.broker.kafka import client_properties
from alerting.runtime.clock import Clock
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.partition_offsets import find_offsets
from alerting.runtime.topics import dead_letter_topic

# A letter may have more than a megabyte: so many fit into memory at once.
_CHUNK: Final = 100


class Span(NamedTuple):
    """Part of a partition of dead letters."""

    topic: str
    """The topic that they were refused from, without the deployment's prefix."""
    partition: int
    begin: int
    end: int
    """The offset behind the last one. The embedded broker tells it too low."""


class Reader:
    """Asks the broker. Its calls block, for `timeout` seconds at most. For one thread at a time."""

    def __init__(self, settings: Settings, clock: Clock, *, timeout: float = 30.0) -> None:
        self._prefix = settings.kafka_prefix
        self._timeout = timeout
        self._clock = clock
        self._admin = Admin(settings)
        self._consumer = Consumer(
            client_properties(settings)
            | {
                # Never joined: it subscribes to nothing.
                "group.id": settings.kafka_prefix + "dead-letters",
                "enable.auto.commit": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "earliest",
                # A partition's end is known when the broker has no more, which it would think over for longer.
                "fetch.wait.max.ms": 20,
                "queued.max.messages.kbytes": 16_384,
            }
        )

    def spans(self, topic: str) -> list[Span]:
        """Return what each partition of a topic's dead letters has; nothing when the topic is not there.

        Raises
        ------
        Unavailable
            The broker does not answer in time.
        """
        name = self._prefix + dead_letter_topic(topic)
        found = find_offsets(self._admin, [name], timeout=self._timeout)
        return [Span(topic, number, *offsets) for (_, number), offsets in found.items()]

    def read(self, span: Span) -> Iterator[list[Letter]]:
        """Yield what a span has, in order and in small lists. For one span at a time.

        Raises
        ------
        Unavailable
            The broker does not answer in time.
        """
        if span.begin >= span.end:
            return
        started = self._clock.now()
        for letters in self._chunks(Place(*span[:3])):
            # What comes in the meantime may be what was replayed a moment ago: to follow it need not end. The embedded
            # broker tells the end too low, so that the time has to tell what was there.
            old = [each for each in letters if each.place.offset < span.end or each.written_at.timestamp() < started]
            yield old
            if len(old) < len(letters):
                return

    def find(self, place: Place) -> Letter | None:
        """Return the letter at a place, or None when there is none, or none any more.

        Raises
        ------
        Unavailable
            The broker does not answer in time.
        """
        span = next((each for each in self.spans(place.topic) if each.partition == place.partition), None)
        if span is None or place.offset < span.begin:
            return None
        # From its end on, the embedded broker only knows that it is too low: asked for what is not there, it is silent.
        first = max(span.begin, min(place.offset, span.end - 1))
        for letters in self._chunks(place._replace(offset=first)):
            for letter in letters:
                if letter.place.offset >= place.offset:
                    return letter if letter.place == place else None
        return None

    def close(self) -> None:
        """Let go of the connections."""
        self._consumer.close()

    def _chunks(self, begin: Place) -> Iterator[list[Letter]]:
        """Yield what is there from a place to the end of its partition, which grows meanwhile."""
        name = self._prefix + dead_letter_topic(begin.topic)
        try:
            self._consumer.assign([TopicPartition(name, begin.partition, begin.offset)])
            while True:
                messages, at_end = self._consume()
                if messages:
                    yield [read_letter(begin.topic, message) for message in messages]
                if at_end:
                    return
        except KafkaException as failure:
            raise Unavailable("kafka", failure.args[0]) from failure

    def _consume(self) -> tuple[Sequence[Message], bool]:
        """Return messages, and whether the partition ends behind them."""
        first = self._consumer.poll(self._timeout)
        if first is None:
            raise Unavailable("kafka", f"no answer within {self._timeout:g} s")
        found = [first, *self._consumer.consume(_CHUNK - 1, 0)]
        errors = [error for message in found if (error := message.error()) is not None]
        for error in errors:
            if error.code() != KafkaError._PARTITION_EOF:
                raise KafkaException(error)
        return cast("Sequence[Message]", [message for message in found if message.error() is None]), bool(errors)
