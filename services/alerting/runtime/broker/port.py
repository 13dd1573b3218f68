"""The port to the broker.

What a consumer may rely on:

- A message is *delivered* when `BatchConsumer.consume` returns it, and *committed* when `commit` was called with it or
  with a later one of its partition. After `close` or a rebalance, delivery starts again behind the last committed one,
  after a crash behind the last that the broker confirmed: at least once, in order within a partition.
- `rewind` makes `consume` return the given messages again.
- A commit after the partition went to another member of the group changes nothing and is not an error: the other
  member gets those messages again.

And a producer:

- A message is *acknowledged* when every in-sync replica has it. `Producer.flush` and `AsyncProducer.send` return only
  when all that was sent is acknowledged, and raise otherwise. What was not acknowledged may still arrive, once.
- The order of messages with the same key is kept.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

Headers = list[tuple[str, str | bytes | None]]

HEADERS: Final[Headers] = [("content-type", b"application/x-protobuf"), ("schema_version", b"1")]
"""What every message of the platform carries. No reader needs it."""


class Outgoing(NamedTuple):
    """A message to be sent."""

    key: bytes | None
    value: bytes | None
    headers: Headers = HEADERS


class Message(Protocol):
    """One message as it was received. The names are confluent_kafka's, whose messages are passed on unwrapped."""

    def topic(self) -> str:
        """Return the topic's whole name, with the deployment's prefix."""

    def partition(self) -> int:
        """Return the partition's number."""

    def offset(self) -> int:
        """Return the place in the partition."""

    def key(self) -> bytes | None:
        """Return the key's bytes, whatever they are."""

    def value(self) -> bytes | None:
        """Return the value's bytes; None is a tombstone."""

    def headers(self) -> Headers | None:
        """Return the headers in their order, or None when there are none."""

    def timestamp(self) -> tuple[int, int]:
        """Return the kind of timestamp and its Unix milliseconds."""


class BatchConsumer(Protocol):
    """A member of a consumer group. For one thread."""

    def consume(self, limit: int, timeout: float) -> Sequence[Message]:
        """Return what there is, at most `limit` messages; wait up to `timeout` seconds for the first.

        Raises
        ------
        Unavailable
            The broker cannot be reached, or the topic is not there.
        PlaceLost
            What this consumer knows of its place is of no use any more: it must not go on.
        """

    def commit(self, messages: Sequence[Message]) -> None:
        """Commit these messages and all before them in their partitions.

        The broker need not have confirmed it yet: `close` and a rebalance wait for that, and what it does not confirm
        is sent again, as long as `consume` is called, which raises what was wrong.

        Raises
        ------
        Unavailable
            It cannot even be sent; the messages may come again.
        """

    def rewind(self, messages: Sequence[Message]) -> None:
        """Let the next `consume` return these messages again.

        Raises
        ------
        PlaceLost
            That is impossible: this consumer must not go on.
        """

    def close(self) -> None:
        """Leave the group."""


class Producer(Protocol):
    """Where batches are sent from. For one thread. Topics are named without the deployment's prefix."""

    def send(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = HEADERS) -> None:
        """Send a message without waiting for it; wait for room when the queue is full.

        Raises
        ------
        Unavailable
            There was no room within the time-out.
        """

    def flush(self) -> None:
        """Wait until all that was sent is acknowledged.

        Raises
        ------
        Unavailable
            Something was not acknowledged in time; some of it may have arrived.
        """

    def close(self) -> None:
        """Flush what is left, for a bounded time, and let go."""


class AsyncProducer(Protocol):
    """Where the requests of an event loop send from, each waiting for its own messages only."""

    async def send(self, topic: str, records: Sequence[Outgoing]) -> None:
        """Send the messages and wait until all of them are acknowledged.

        Raises
        ------
        Unavailable
            Something was not acknowledged in time; some of it may have arrived.
        """

    def close(self) -> None:
        """Flush what is left, for a bounded time, and let go."""
