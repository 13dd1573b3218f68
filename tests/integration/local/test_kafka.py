"""Apache Kafka from Maven's jars: durable, on loopback only."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import OFFSET_BEGINNING, Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from alerting.local.kafka import KafkaServer
from alerting.local.server import ServerError
from integration.local.processes import gone, only_on_loopback

SECONDS = 20.0


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KafkaServer]:
    with KafkaServer(tmp_path_factory.mktemp("data")) as server:
        yield server


def client(server: KafkaServer, **more: str | bool) -> dict[str, str | int | float | bool]:
    # Level 2: these tests kill brokers, which the clients would tell.
    return {"bootstrap.servers": server.bootstrap_servers, "log_level": 2, **more}


def create_topic(server: KafkaServer, topic: str, partitions: int = 1) -> None:
    admin = AdminClient(client(server))
    admin.create_topics([NewTopic(topic, partitions, 1)])[topic].result(SECONDS)


def produce(server: KafkaServer, topic: str, *values: bytes) -> None:
    errors: list[object] = []
    producer = Producer(client(server, **{"enable.idempotence": True}))
    for value in values:
        producer.produce(topic, value, on_delivery=lambda error, _: errors.append(error))
    assert producer.flush(SECONDS) == 0
    assert errors == [None] * len(values)


def consume(server: KafkaServer, topic: str, count: int) -> list[bytes | None]:
    consumer = Consumer(client(server, **{"group.id": "reader"}))
    consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
    values = [message.value() for message in consumer.consume(count, SECONDS)]
    consumer.close()
    return values


def test_serves_topics_and_groups(server: KafkaServer) -> None:
    create_topic(server, "nine", partitions=9)
    produce(server, "nine", *(b"%d" % number for number in range(100)))
    consumer = Consumer(client(server, **{"group.id": "group", "auto.offset.reset": "earliest"}))
    consumer.subscribe(["nine"])
    values: set[bytes | None] = set()
    while len(values) < 100:
        messages = consumer.consume(100, SECONDS)
        assert messages
        values |= {message.value() for message in messages}
    consumer.commit(asynchronous=False)
    consumer.close()
    assert values == {b"%d" % number for number in range(100)}


def test_makes_no_topic_unasked(server: KafkaServer) -> None:
    admin = AdminClient(client(server))
    admin.list_topics("typo", SECONDS)  # would make it
    assert "typo" not in admin.list_topics(timeout=SECONDS).topics


def test_listens_on_loopback_only(server: KafkaServer) -> None:
    assert only_on_loopback(server.port)
    assert only_on_loopback(int((server.dir / "controller-port").read_text()))


def test_refuses_a_port_that_is_taken(server: KafkaServer, tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=f"kafka cannot listen on port {server.port}: it is taken"):
        KafkaServer(tmp_path, port=server.port).start()


def test_keeps_messages_and_port_over_stop_and_kill(tmp_path: Path, server: KafkaServer) -> None:
    with KafkaServer(tmp_path) as first:
        assert first.port != server.port  # two at once
        create_topic(first, "kept")
        produce(first, "kept", b"by stop")
        address, pid = first.bootstrap_servers, first.pid
    assert gone(pid)

    with KafkaServer(tmp_path) as second:
        assert second.bootstrap_servers == address
        produce(second, "kept", b"by kill")
        os.kill(second.pid, signal.SIGKILL)
        second.wait(10)
        second.start()
        assert consume(second, "kept", 2) == [b"by stop", b"by kill"]
    assert gone(second.pid)
    assert "Kafka Server started" in second.log.read_text()
