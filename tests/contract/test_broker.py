"""What `alerting.runtime.broker.port` says, of every adapter: in memory, Apache Kafka, and the embedded broker."""

import asyncio
import secrets
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from typing import Literal

import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from alerting.local.tansu import TansuServer
from alerting.runtime.broker import HEADERS, AsyncProducer, BatchConsumer, Headers, Message, Outgoing, Producer
from alerting.runtime.broker.kafka import KafkaConsumer, KafkaProducer
from alerting.runtime.broker.kafka_async import AsyncKafkaProducer
from alerting.runtime.broker.memory import AsyncMemoryProducer, MemoryBroker, MemoryConsumer, MemoryProducer
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from fix_process import eventually

TOPIC = "contract"
BOUND = 40.0
"""Seconds that anything may take before it counts as never."""

NOBODY = "127.0.0.1:1"
"""An address on which nobody listens."""


class Broker(ABC):
    """One adapter, with a topic of its own, and whatever was made of it closed at the end."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack

    def consumer(self, group: str = "group") -> BatchConsumer:
        return self._stack.enter_context(closing(self._consumer(group)))

    def producer(self, *, broken: bool = False) -> Producer:
        return self._stack.enter_context(closing(self._producer(broken)))

    def async_producer(self, *, broken: bool = False) -> AsyncProducer:
        return self._stack.enter_context(closing(self._async_producer(broken)))

    @abstractmethod
    def _consumer(self, group: str) -> BatchConsumer: ...

    @abstractmethod
    def _producer(self, broken: bool) -> Producer: ...

    @abstractmethod
    def _async_producer(self, broken: bool) -> AsyncProducer: ...

    @abstractmethod
    def broken_consumer(self) -> BatchConsumer: ...


class InMemory(Broker):
    def __init__(self, stack: ExitStack) -> None:
        super().__init__(stack)
        self._broker = MemoryBroker()
        self._broken = MemoryBroker()
        self._broken.down = True

    def _consumer(self, group: str) -> BatchConsumer:
        return MemoryConsumer(self._broker, TOPIC, group)

    def _producer(self, broken: bool) -> Producer:
        return MemoryProducer(self._broken if broken else self._broker)

    def _async_producer(self, broken: bool) -> AsyncProducer:
        return AsyncMemoryProducer(self._broken if broken else self._broker)

    def broken_consumer(self) -> BatchConsumer:
        return MemoryConsumer(self._broken, TOPIC, "group")


class OverTheWire(Broker):
    def __init__(self, stack: ExitStack, bootstrap: str, session_timeout: float) -> None:
        super().__init__(stack)
        settings = Settings(kafka_bootstrap_servers=bootstrap, kafka_prefix=f"t{secrets.token_hex(6)}.")
        # Unchecked: no deployment should have less than the settings allow.
        self._settings = settings.model_copy(update={"kafka_session_timeout": session_timeout})
        self._broken = Settings(kafka_bootstrap_servers=NOBODY, produce_timeout=0.5)
        admin = AdminClient({"bootstrap.servers": bootstrap})
        for made in admin.create_topics([NewTopic(self._settings.kafka_prefix + TOPIC, 3, 1)]).values():
            made.result(BOUND)
        # The broker tells of a new topic a moment after it made it.
        name = self._settings.kafka_prefix + TOPIC
        eventually(lambda: name in admin.list_topics(timeout=BOUND).topics, "the topic")

    def _consumer(self, group: str) -> BatchConsumer:
        return KafkaConsumer(self._settings, TOPIC, group)

    def _producer(self, broken: bool) -> Producer:
        return KafkaProducer(self._broken if broken else self._settings)

    def _async_producer(self, broken: bool) -> AsyncProducer:
        return AsyncKafkaProducer(self._broken if broken else self._settings)

    def broken_consumer(self) -> BatchConsumer:
        return self._stack.enter_context(closing(KafkaConsumer(self._broken, TOPIC, "group")))


@pytest.fixture(scope="session")
def tansu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The bootstrap address of the embedded broker."""
    with TansuServer(tmp_path_factory.mktemp("tansu")) as server:
        yield server.bootstrap_servers


@pytest.fixture(params=["memory", "kafka", "tansu"])
def broker(request: pytest.FixtureRequest) -> Iterator[Broker]:
    kind: Literal["memory", "kafka", "tansu"] = request.param
    with ExitStack() as stack:
        if kind == "memory":
            yield InMemory(stack)
        else:
            # In the embedded broker every join of a group takes half of it.
            timeout = 6 if kind == "kafka" else 2
            yield OverTheWire(stack, request.getfixturevalue(kind), timeout)


def place(message: Message) -> tuple[int, int]:
    return message.partition(), message.offset()


def places(messages: Iterable[Message]) -> set[tuple[int, int]]:
    return {place(message) for message in messages}


def by_key(messages: Iterable[Message]) -> dict[bytes | None, list[bytes | None]]:
    found: dict[bytes | None, list[bytes | None]] = defaultdict(list)
    for message in messages:
        found[message.key()].append(message.value())
    return found


def read(consumer: BatchConsumer, count: int) -> list[Message]:
    """Consume until `count` messages are there."""
    messages: list[Message] = []
    deadline = time.monotonic() + BOUND
    while len(messages) < count:
        assert time.monotonic() < deadline, f"only {len(messages)} of {count} messages came"
        messages += consumer.consume(count - len(messages), 0.5)
    return messages


def nothing_more(consumer: BatchConsumer) -> bool:
    return not consumer.consume(100, 0.5)


def write(broker: Broker, count: int, *, keys: int = 10, first: int = 0) -> None:
    producer = broker.producer()
    for number in range(first, first + count):
        producer.send(TOPIC, b"key-%d" % (number % keys), b"%d" % number)
    producer.flush()


def test_messages_of_one_key_come_in_the_order_in_which_they_were_sent(broker: Broker) -> None:
    write(broker, 300, keys=10)
    found = by_key(read(broker.consumer(), 300))
    assert found == {b"key-%d" % key: [b"%d" % number for number in range(key, 300, 10)] for key in range(10)}


def test_a_batch_is_no_larger_than_asked_for(broker: Broker) -> None:
    write(broker, 20)
    consumer = broker.consumer()
    sizes: list[int] = []
    deadline = time.monotonic() + BOUND
    while sum(sizes) < 20:
        assert time.monotonic() < deadline
        sizes.append(len(consumer.consume(3, 0.5)))
    assert max(sizes) <= 3


def test_a_batch_of_one(broker: Broker) -> None:
    write(broker, 2, keys=1)
    consumer = broker.consumer()
    assert [message.value() for message in read_singly(consumer, 2)] == [b"0", b"1"]


def read_singly(consumer: BatchConsumer, count: int) -> list[Message]:
    messages: list[Message] = []
    deadline = time.monotonic() + BOUND
    while len(messages) < count:
        assert time.monotonic() < deadline
        batch = consumer.consume(1, 0.5)
        assert len(batch) <= 1
        messages += batch
    return messages


def test_an_empty_topic_gives_nothing_within_the_time_out(broker: Broker) -> None:
    consumer = broker.consumer()
    started = time.monotonic()
    assert consumer.consume(10, 0.3) == []
    assert 0.2 < time.monotonic() - started < BOUND


def test_what_was_not_committed_comes_again_after_close(broker: Broker) -> None:
    write(broker, 30)
    consumer = broker.consumer()
    before = places(read(consumer, 30))
    consumer.close()
    assert places(read(broker.consumer(), 30)) == before


def test_what_was_committed_does_not_come_again(broker: Broker) -> None:
    write(broker, 30)
    consumer = broker.consumer()
    consumer.commit(read(consumer, 30))
    consumer.close()
    write(broker, 5, first=30)
    after = broker.consumer()
    assert {message.value() for message in read(after, 5)} == {b"30", b"31", b"32", b"33", b"34"}
    assert nothing_more(after)


def test_a_commit_counts_for_all_before_it_in_its_partition_and_for_nothing_behind_it(broker: Broker) -> None:
    write(broker, 30, keys=1)
    consumer = broker.consumer()
    messages = read(consumer, 30)
    consumer.commit([messages[9]])
    consumer.close()
    assert [message.value() for message in read(broker.consumer(), 20)] == [b"%d" % number for number in range(10, 30)]


def test_a_commit_of_one_partition_leaves_the_others(broker: Broker) -> None:
    write(broker, 60)
    consumer = broker.consumer()
    messages = read(consumer, 60)
    done = [message for message in messages if message.partition() == messages[0].partition()]
    left = places(messages) - places(done)
    assert left
    consumer.commit(done)
    consumer.close()
    again = broker.consumer()
    assert places(read(again, len(left))) == left
    assert nothing_more(again)


def test_groups_do_not_know_of_each_other(broker: Broker) -> None:
    write(broker, 10)
    one = broker.consumer("one")
    one.commit(read(one, 10))
    assert len(read(broker.consumer("other"), 10)) == 10


def test_rewound_messages_come_again_in_their_order(broker: Broker) -> None:
    write(broker, 60)
    consumer = broker.consumer()
    messages = read(consumer, 60)
    consumer.rewind(messages)
    again = read(consumer, 60)
    assert places(again) == places(messages)
    assert by_key(again) == by_key(messages)
    assert nothing_more(consumer)


def test_rewinding_gives_back_the_batch_and_nothing_before_it(broker: Broker) -> None:
    write(broker, 30, keys=1)
    consumer = broker.consumer()
    handled = read(consumer, 10)
    consumer.commit(handled)
    batch = read(consumer, 10)
    consumer.rewind(batch)
    assert [message.value() for message in read(consumer, 20)] == [b"%d" % number for number in range(10, 30)]


def test_a_batch_may_be_rewound_many_times(broker: Broker) -> None:
    write(broker, 12)
    consumer = broker.consumer()
    batch = read(consumer, 12)
    for _ in range(5):
        consumer.rewind(batch)
        again = read(consumer, 12)
        assert places(again) == places(batch)
        batch = again
    consumer.commit(batch)
    assert nothing_more(consumer)


def share_out(one: BatchConsumer, two: BatchConsumer, more: Callable[[], None]) -> tuple[set[int], set[int]]:
    """Consume with both until both have partitions; return the partitions that each is given messages of, last."""
    deadline = time.monotonic() + BOUND
    while True:
        assert time.monotonic() < deadline, "the second member never got a partition"
        more()
        mine = {message.partition() for _ in range(4) for message in one.consume(100, 0.2)}
        yours = {message.partition() for _ in range(4) for message in two.consume(100, 0.2)}
        if mine and yours and not mine & yours:
            return mine, yours


def test_two_members_share_the_partitions(broker: Broker) -> None:
    one = broker.consumer()
    write(broker, 30)
    read(one, 30)
    mine, yours = share_out(one, broker.consumer(), lambda: write(broker, 30))
    assert mine
    assert yours


def test_a_member_that_leaves_hands_on_what_it_had_not_committed(broker: Broker) -> None:
    one, two = broker.consumer(), broker.consumer()
    share_out(one, two, lambda: write(broker, 30))
    one.close()
    write(broker, 30, first=1_000)
    wanted = {b"%d" % number for number in range(1_000, 1_030)}
    found: set[bytes | None] = set()
    deadline = time.monotonic() + BOUND
    while not wanted <= found:
        assert time.monotonic() < deadline
        found |= {message.value() for message in two.consume(100, 0.5)}


def test_a_commit_after_the_partition_went_to_another_member_changes_nothing(broker: Broker) -> None:
    write(broker, 30)
    one = broker.consumer()
    held = read(one, 30)
    two = broker.consumer()
    _, yours = share_out(one, two, lambda: write(broker, 30, first=1_000))
    lost = [message for message in held if message.partition() in yours]
    assert lost
    one.commit(lost)
    one.close()
    two.close()
    # Nobody else has committed: all of it comes to whoever is next.
    missing, three = places(lost), broker.consumer()
    deadline = time.monotonic() + BOUND
    while missing:
        assert time.monotonic() < deadline, f"{missing} do not come again"
        missing -= places(three.consume(1_000, 0.5))


def test_a_rewind_after_the_partition_went_to_another_member_is_no_error(broker: Broker) -> None:
    write(broker, 30)
    one = broker.consumer()
    held = read(one, 30)
    two = broker.consumer()
    _, yours = share_out(one, two, lambda: write(broker, 30))
    one.rewind([message for message in held if message.partition() in yours])
    write(broker, 30)
    deadline = time.monotonic() + BOUND
    while not (batch := one.consume(100, 0.5)):
        assert time.monotonic() < deadline
    assert not {message.partition() for message in batch} & yours


@pytest.mark.parametrize(
    "key", [None, b"", b"\x00", b"\xff\xfe not utf-8", b"k" * 10_000], ids=["none", "empty", "nul", "binary", "long"]
)
def test_any_key_comes_back_as_it_was(broker: Broker, key: bytes | None) -> None:
    producer = broker.producer()
    producer.send(TOPIC, key, b"value")
    producer.flush()
    assert [message.key() for message in read(broker.consumer(), 1)] == [key]


@pytest.mark.parametrize("value", [None, b"", b"\x00", b"\xff" * 100_000], ids=["tombstone", "empty", "nul", "long"])
def test_any_value_comes_back_as_it_was(broker: Broker, value: bytes | None) -> None:
    producer = broker.producer()
    producer.send(TOPIC, b"key", value)
    producer.flush()
    assert [message.value() for message in read(broker.consumer(), 1)] == [value]


def test_headers_keep_their_order_their_repetitions_and_their_bytes(broker: Broker) -> None:
    headers: Headers = [("b", b"\xff\x00"), ("a", b""), ("b", b"again"), ("none", None), ("ü", b"name")]
    producer = broker.producer()
    producer.send(TOPIC, b"key", b"value", headers)
    producer.flush()
    assert [message.headers() for message in read(broker.consumer(), 1)] == [headers]


def test_text_in_a_header_arrives_as_utf_8(broker: Broker) -> None:
    producer = broker.producer()
    producer.send(TOPIC, b"key", b"value", [("a", "grün")])
    producer.flush()
    assert [message.headers() for message in read(broker.consumer(), 1)] == [[("a", "grün".encode())]]


def test_no_headers_are_none(broker: Broker) -> None:
    producer = broker.producer()
    producer.send(TOPIC, b"key", b"value", [])
    producer.flush()
    assert [message.headers() or None for message in read(broker.consumer(), 1)] == [None]


def test_headers_of_the_platform_are_the_default(broker: Broker) -> None:
    write(broker, 1)
    assert [message.headers() for message in read(broker.consumer(), 1)] == [HEADERS]


def test_a_message_tells_when_it_was_sent(broker: Broker) -> None:
    before = time.time()
    write(broker, 1)
    (message,) = read(broker.consumer(), 1)
    kind, milliseconds = message.timestamp()
    assert kind == 1  # "create time"
    assert before - 1 <= milliseconds / 1_000 <= time.time() + 1


def test_a_message_tells_its_topic(broker: Broker) -> None:
    write(broker, 1)
    assert [message.topic().endswith(TOPIC) for message in read(broker.consumer(), 1)] == [True]


def test_flush_raises_when_something_is_not_acknowledged(broker: Broker) -> None:
    producer = broker.producer(broken=True)
    producer.send(TOPIC, b"key", b"value")
    with pytest.raises(Unavailable):
        producer.flush()


def test_a_failure_is_told_once(broker: Broker) -> None:
    producer = broker.producer(broken=True)
    producer.send(TOPIC, b"key", b"value")
    with pytest.raises(Unavailable):
        producer.flush()
    producer.flush()


def test_flush_with_nothing_sent_returns(broker: Broker) -> None:
    broker.producer().flush()


def test_consuming_from_a_broker_that_is_away_raises(broker: Broker) -> None:
    consumer = broker.broken_consumer()

    def consume_until_it_raises() -> None:
        deadline = time.monotonic() + BOUND
        while time.monotonic() < deadline:
            consumer.consume(10, 0.2)

    with pytest.raises(Unavailable):
        consume_until_it_raises()


def outgoing(numbers: Iterable[int]) -> list[Outgoing]:
    return [Outgoing(b"key", b"%d" % number) for number in numbers]


async def test_async_messages_are_there_when_send_returns(broker: Broker) -> None:
    await broker.async_producer().send(TOPIC, outgoing(range(100)))
    assert values(read(broker.consumer(), 100)) == [b"%d" % number for number in range(100)]


def values(messages: Sequence[Message]) -> list[bytes | None]:
    return [message.value() for message in messages]


async def test_async_senders_each_wait_for_their_own(broker: Broker) -> None:
    producer = broker.async_producer()
    await asyncio.gather(*(producer.send(TOPIC, outgoing([number])) for number in range(50)))
    assert set(values(read(broker.consumer(), 50))) == {b"%d" % number for number in range(50)}


async def test_async_send_raises_when_something_is_not_acknowledged(broker: Broker) -> None:
    with pytest.raises(Unavailable):
        await broker.async_producer(broken=True).send(TOPIC, outgoing(range(3)))


async def test_async_send_of_nothing_returns_even_when_the_broker_is_away(broker: Broker) -> None:
    await broker.async_producer(broken=True).send(TOPIC, [])


async def test_an_async_sender_that_gave_up_disturbs_nobody(broker: Broker) -> None:
    producer = broker.async_producer()
    given_up = asyncio.create_task(producer.send(TOPIC, outgoing(range(10))))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    await producer.send(TOPIC, outgoing([100]))
    await producer.send(TOPIC, outgoing([101]))
