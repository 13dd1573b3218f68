"""What a missing leader means. A real one that goes and comes: tests/integration/runtime/test_partition_offsets.py."""

from collections.abc import Mapping
from concurrent.futures import Future
from types import SimpleNamespace
from typing import cast

import pytest
from confluent_kafka import KafkaError, KafkaException, TopicPartition

from alerting.runtime.broker.admin import Admin
from alerting.runtime.errors import Unavailable
from alerting.runtime.partition_offsets import Offsets, find_offsets

NO_LEADER = [
    KafkaError.NOT_LEADER_FOR_PARTITION,
    KafkaError.FENCED_LEADER_EPOCH,
    KafkaError._NOENT,
]


class Client:
    """Has one topic with one partition, and answers so many questions for its offsets with an error, or not at all."""

    def __init__(self, error: int | None, times: int) -> None:
        self.error = error
        self.times = times
        self.asked = 0

    def list_topics(self, timeout: float) -> object:
        assert timeout > 0
        return SimpleNamespace(topics={"t": SimpleNamespace(partitions={0: None})})

    def list_offsets(
        self, places: Mapping[TopicPartition, object], request_timeout: float
    ) -> Mapping[TopicPartition, Future[object]]:
        assert request_timeout > 0
        self.asked += 1
        answer: Future[object] = Future()
        if self.asked > self.times:
            answer.set_result(SimpleNamespace(offset=7))
        elif self.error is not None:
            answer.set_exception(KafkaException(KafkaError(self.error)))
        return dict.fromkeys(places, answer)


def ask(client: Client, timeout: float) -> Mapping[tuple[str, int], Offsets]:
    admin = SimpleNamespace(ask=lambda question: question(client))
    return find_offsets(cast("Admin", admin), ["t"], timeout=timeout)


@pytest.mark.parametrize("error", NO_LEADER)
@pytest.mark.parametrize("times", [1, 3])
def test_a_leader_that_is_missing_is_waited_for(error: int, times: int) -> None:
    client = Client(error, times)
    assert ask(client, 20.0) == {("t", 0): Offsets(7, 7)}
    assert client.asked == times + 2


@pytest.mark.parametrize("error", NO_LEADER)
def test_but_not_for_ever(error: int) -> None:
    client = Client(error, 1_000)
    with pytest.raises(Unavailable, match=r"^kafka: .*KafkaError"):
        ask(client, 0.5)
    assert 1 < client.asked < 10


def test_what_waiting_does_not_mend_is_said_at_once() -> None:
    client = Client(KafkaError.TOPIC_AUTHORIZATION_FAILED, 1)
    with pytest.raises(Unavailable, match="TOPIC_AUTHORIZATION_FAILED"):
        ask(client, 20.0)
    assert client.asked == 1


def test_an_answer_that_does_not_come() -> None:
    with pytest.raises(Unavailable, match=r"^kafka: no answer within 0\.1 s$"):
        ask(Client(None, 1), 0.1)
