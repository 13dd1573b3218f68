"""The broker port in memory: for tests of what decides, without a broker. Kafka's adapter passes the same suite."""

import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from alerting.runtime.broker.port import HEADERS, Headers, Message, Outgoing
from alerting.runtime.clock import Clock, SystemClock
from alerting.runtime.errors import Unavailable
from alerting.runtime.topics import PARTITIONS


@dataclass(frozen=True, slots=True)
class MemoryMessage:
    """A `Message`."""

    _topic: str
    _partition: int
    _offset: int
    _key: bytes | None
    _value: bytes | None
    _headers: Headers | None
    _timestamp: int = 0

    def topic(self) -> str:
        """Return the topic's name."""
        return self._topic

    def partition(self) -> int:
        """Return the partition's number."""
        return self._partition

    def offset(self) -> int:
        """Return the place in the partition."""
        return self._offset

    def key(self) -> bytes | None:
        """Return the key's bytes."""
        return self._key

    def value(self) -> bytes | None:
        """Return the value's bytes."""
        return self._value

    def headers(self) -> Headers | None:
        """Return the headers."""
        return self._headers

    def timestamp(self) -> tuple[int, int]:
        """Return the kind of timestamp, "create time", and its Unix milliseconds."""
        return 1, self._timestamp


@dataclass
class _Group:
    members: list["MemoryConsumer"] = field(default_factory=list)
    committed: dict[int, int] = field(default_factory=dict)


class MemoryBroker:
    """Topics, partitions and groups of one process."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self.lock = threading.RLock()
        self.arrived = threading.Condition(self.lock)
        self.topics: dict[str, list[list[MemoryMessage]]] = {}
        self.groups: dict[tuple[str, str], _Group] = {}
        self.down = False

    def append(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> None:
        """Append a message to the partition of its key."""
        with self.arrived:
            if self.down:
                raise Unavailable("memory", "the broker is down")
            partitions = self.topics.setdefault(topic, [[] for _ in range(PARTITIONS)])
            number = zlib.crc32(key or b"") % PARTITIONS
            place, written = len(partitions[number]), int(self._clock.now() * 1_000)
            partitions[number].append(MemoryMessage(topic, number, place, key, value, _as_bytes(headers), written))
            self.arrived.notify_all()

    def messages(self, topic: str) -> list[MemoryMessage]:
        """Return everything that was sent to a topic, partition after partition."""
        with self.lock:
            return [message for partition in self.topics.get(topic, ()) for message in partition]


def _as_bytes(headers: Headers) -> Headers | None:
    # What text becomes on the wire, and nothing when there is nothing.
    return [(name, value.encode() if isinstance(value, str) else value) for name, value in headers] or None


class MemoryConsumer:
    """A `BatchConsumer`. Members of a group share the partitions; whoever joins or leaves starts all of them anew."""

    def __init__(self, broker: MemoryBroker, topic: str, group: str) -> None:
        self._broker = broker
        self._topic = topic
        self._positions: dict[int, int] = {}
        with broker.lock:
            self._group = broker.groups.setdefault((topic, group), _Group())
            self._group.members.append(self)
            self._rebalance()

    def _rebalance(self) -> None:
        for place, member in enumerate(self._group.members):
            mine = range(place, PARTITIONS, len(self._group.members))
            member._positions = {number: self._group.committed.get(number, 0) for number in mine}

    def consume(self, limit: int, timeout: float) -> Sequence[Message]:
        """Return what there is, at most `limit` messages; wait up to `timeout` seconds for the first."""
        with self._broker.arrived:
            if self._broker.down:
                raise Unavailable("memory", "the broker is down")
            self._broker.arrived.wait_for(self._has_any, timeout)
            return self._take(limit)

    def _has_any(self) -> bool:
        partitions = self._broker.topics.get(self._topic, [[]] * PARTITIONS)
        return any(len(partitions[number]) > position for number, position in self._positions.items())

    def _take(self, limit: int) -> list[MemoryMessage]:
        found: list[MemoryMessage] = []
        partitions = self._broker.topics.get(self._topic, [[]] * PARTITIONS)
        for number, position in self._positions.items():
            taken = partitions[number][position : position + limit - len(found)]
            self._positions[number] += len(taken)
            found += taken
        return found

    def commit(self, messages: Sequence[Message]) -> None:
        """Commit these messages and all before them in their partitions."""
        with self._broker.lock:
            if self._broker.down:
                raise Unavailable("memory", "the broker is down")
            for message in messages:
                if message.partition() in self._positions:
                    self._group.committed[message.partition()] = message.offset() + 1

    def rewind(self, messages: Sequence[Message]) -> None:
        """Let the next `consume` return these messages again."""
        with self._broker.lock:
            for message in reversed(messages):
                if message.partition() in self._positions:
                    self._positions[message.partition()] = message.offset()

    def close(self) -> None:
        """Leave the group."""
        with self._broker.lock:
            if self in self._group.members:
                self._group.members.remove(self)
                self._positions = {}
                self._rebalance()


class MemoryProducer:
    """A `Producer`: what is sent is there at once."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker
        self._failure: Unavailable | None = None

    def send(self, topic: str, key: bytes | None, value: bytes | None, headers: Headers = HEADERS) -> None:
        """Send a message."""
        try:
            self._broker.append(topic, key, value, headers)
        except Unavailable as failure:
            self._failure = failure

    def flush(self) -> None:
        """Raise when something could not be sent."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Do nothing: nothing is on its way."""


class AsyncMemoryProducer:
    """An `AsyncProducer`."""

    def __init__(self, broker: MemoryBroker) -> None:
        self._broker = broker

    async def send(self, topic: str, records: Sequence[Outgoing]) -> None:
        """Send the messages."""
        for key, value, headers in records:
            self._broker.append(topic, key, value, headers)

    def close(self) -> None:
        """Do nothing: nothing is on its way."""
