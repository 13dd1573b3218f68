"""Tansu from the wheel: enough of Kafka for the services, in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from alerting.local.server import ServerError
from alerting.local.tansu import TansuServer
from integration.local.processes import gone, only_on_loopback

SECONDS = 20.0
SHORT_JOIN = {"session.timeout.ms": 2000, "heartbeat.interval.ms": 500}  # a group begins after half of it


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TansuServer]:
    with TansuServer(tmp_path_factory.mktemp("data")) as server:
        yield server


def test_serves_topics_idempotent_producers_and_groups(server: TansuServer) -> None:
    address: dict[str, str | int | float | bool] = {"bootstrap.servers": server.bootstrap_servers, "log_level": 2}
    admin = AdminClient(address)
    admin.create_topics([NewTopic("nine", 9, 1)])["nine"].result(SECONDS)

    errors: list[object] = []
    producer = Producer({**address, "enable.idempotence": True, "compression.type": "lz4"})
    for number in range(100):
        producer.produce("nine", b"%d" % number, b"%d" % number, on_delivery=lambda error, _: errors.append(error))
    assert producer.flush(SECONDS) == 0
    assert errors == [None] * 100

    group = {**address, **SHORT_JOIN, "group.id": "group", "auto.offset.reset": "earliest"}
    consumer = Consumer(group)
    consumer.subscribe(["nine"])
    values: set[bytes | None] = set()
    while len(values) < 100:
        messages = consumer.consume(100, SECONDS)
        assert messages
        values |= {message.value() for message in messages}
    consumer.commit(asynchronous=False)
    committed = consumer.committed([TopicPartition("nine", number) for number in range(9)], SECONDS)
    consumer.close()
    assert sum(partition.offset for partition in committed) == 100


def test_listens_on_loopback_only(server: TansuServer) -> None:
    assert only_on_loopback(server.port)


def test_two_run_at_once_and_stop(server: TansuServer, tmp_path: Path) -> None:
    with TansuServer(tmp_path) as other:
        assert other.port != server.port
        pid = other.pid
    assert gone(pid)
    assert server.alive()
    assert "listening on" in other.log.read_text()


def test_says_that_the_broker_named_by_hand_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALF_TANSU_BIN", str(tmp_path / "tansu"))
    with pytest.raises(ServerError, match="CALF_TANSU_BIN"):
        TansuServer(tmp_path).start()
