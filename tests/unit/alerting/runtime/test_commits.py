"""What is sent to be committed, and sent again. Against real brokers: tests/contract/test_broker.py."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from confluent_kafka import KafkaError, TopicPartition

from alerting.runtime.broker import Message
from alerting.runtime.broker import kafka as module
from alerting.runtime.broker.kafka import KafkaConsumer
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable

Positions = dict[int, int]


class Client:
    """librdkafka's consumer, of partitions 0 and 1, which has no messages; answers come when the test says so."""

    def __init__(self, properties: dict[str, Any]) -> None:
        self._on_commit: Callable[[KafkaError | None, list[TopicPartition]], None] = properties["on_commit"]
        self.sent: list[Positions] = []

    def subscribe(self, _topics: list[str], **callbacks: Any) -> None:
        self.revoke: Callable[[object, list[TopicPartition]], None] = callbacks["on_revoke"]

    def poll(self, _timeout: float) -> None:
        return None

    def list_topics(self, _topic: str, _timeout: float) -> object:
        return SimpleNamespace(cluster_id="one")

    def assignment(self) -> list[TopicPartition]:
        return [TopicPartition("t", 0), TopicPartition("t", 1)]

    def commit(self, *, offsets: list[TopicPartition], asynchronous: bool) -> None:
        assert asynchronous
        self.sent.append({place.partition: place.offset for place in offsets})

    def answer(self, positions: Positions, error: int | None = None) -> None:
        failure = None if error is None else KafkaError(error)
        self._on_commit(failure, [TopicPartition("t", number, offset) for number, offset in positions.items()])


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> KafkaConsumer:
    monkeypatch.setattr(module, "Consumer", Client)
    return KafkaConsumer(Settings(), "t", "group")


@pytest.fixture
def client(consumer: KafkaConsumer) -> Client:
    return cast("Client", consumer._consumer)


def handle(consumer: KafkaConsumer, positions: Positions) -> None:
    """Commit, of each partition, the message before a position."""
    messages = [
        SimpleNamespace(partition=lambda number=number: number, offset=lambda offset=offset: offset - 1)
        for number, offset in positions.items()
    ]
    consumer.commit(cast("list[Message]", messages))


def test_what_was_confirmed_is_not_sent_again(consumer: KafkaConsumer, client: Client) -> None:
    handle(consumer, {0: 5, 1: 3})
    client.answer({0: 5, 1: 3})
    assert consumer.consume(1, 0) == []
    handle(consumer, {0: 6})
    assert client.sent == [{0: 5, 1: 3}, {0: 6}]


def test_what_was_not_answered_is_sent_again_when_there_is_nothing_else(
    consumer: KafkaConsumer, client: Client
) -> None:
    handle(consumer, {0: 5})
    assert consumer.consume(1, 0) == []
    assert client.sent == [{0: 5}, {0: 5}]


def test_the_next_batch_takes_along_what_was_refused(consumer: KafkaConsumer, client: Client) -> None:
    handle(consumer, {0: 5})
    client.answer({0: 5}, KafkaError.NOT_COORDINATOR)
    handle(consumer, {1: 3})
    assert client.sent == [{0: 5}, {0: 5, 1: 3}]


def test_a_refusal_is_told_and_mended(consumer: KafkaConsumer, client: Client) -> None:
    handle(consumer, {0: 5})
    client.answer({0: 5}, KafkaError.NOT_COORDINATOR)
    with pytest.raises(Unavailable, match="NOT_COORDINATOR"):
        consumer.consume(1, 0)
    assert consumer.consume(1, 0) == []
    client.answer({0: 5})
    assert consumer.consume(1, 0) == []
    assert client.sent == [{0: 5}, {0: 5}]


def test_an_older_commit_that_overtook_a_newer_one_does_not_stand(consumer: KafkaConsumer, client: Client) -> None:
    handle(consumer, {0: 5})
    handle(consumer, {0: 9})
    client.answer({0: 9})
    client.answer({0: 5})
    consumer.consume(1, 0)
    assert client.sent == [{0: 5}, {0: 9}, {0: 9}]


def test_what_the_group_gave_to_another_member_is_left_to_it(consumer: KafkaConsumer, client: Client) -> None:
    handle(consumer, {0: 5})
    client.answer({0: 5}, KafkaError.ILLEGAL_GENERATION)
    assert consumer.consume(1, 0) == []
    handle(consumer, {0: 6, 1: 3})
    client.revoke(None, [TopicPartition("t", 0)])
    assert consumer.consume(1, 0) == []
    assert client.sent == [{0: 5}, {0: 6, 1: 3}, {1: 3}]
