"""Where partitions begin and end, of a real Kafka."""

import time
from pathlib import Path

import pytest
from confluent_kafka import TopicPartition
from confluent_kafka.cimpl import NewTopic

from alerting.local.kafka import KafkaServer
from alerting.runtime.broker.admin import Admin
from alerting.runtime.config import Settings
from alerting.runtime.errors import Unavailable
from alerting.runtime.partition_offsets import Offsets, find_offsets
from fix_dead_letters import Refusals
from fix_process import eventually, stand_still
from fix_servers import Platform

SECONDS = 20.0


def admin_of(bootstrap: str) -> Admin:
    return Admin(Settings(kafka_bootstrap_servers=bootstrap))


def test_each_partition_of_the_topics_that_are_there(platform: Platform) -> None:
    Refusals(platform).write(b"a", b"b", b"c")
    admin = admin_of(platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"])
    letters, matched = f"{platform.prefix}alerts.matched.dlq", f"{platform.prefix}alerts.matched"
    (cut,) = admin.ask(lambda client: client.delete_records([TopicPartition(letters, 0, 2)])).values()
    cut.result(SECONDS)
    assert find_offsets(admin, [letters, f"{platform.prefix}nothing", matched], timeout=SECONDS) == {
        (letters, 0): Offsets(2, 3),
        (matched, 0): Offsets(0, 0),
        (matched, 1): Offsets(0, 0),
        (matched, 2): Offsets(0, 0),
    }
    assert find_offsets(admin, [f"{platform.prefix}nothing"], timeout=SECONDS) == {}


def test_a_node_that_stood_still_is_waited_for(tmp_path: Path) -> None:
    with KafkaServer(tmp_path) as server:
        admin = admin_of(server.bootstrap_servers)
        admin.ask(lambda client: client.create_topics([NewTopic("nine", 9, 1)]))["nine"].result(SECONDS)
        wanted = {("nine", number): Offsets(0, 0) for number in range(9)}
        # The broker tells of a new topic a moment after it made it.
        eventually(lambda: find_offsets(admin, ["nine"], timeout=SECONDS) == wanted, "the topic")
        stand_still(server.pid)
        until = time.monotonic() + 2
        while time.monotonic() < until:
            assert find_offsets(admin_of(server.bootstrap_servers), ["nine"], timeout=SECONDS) == wanted


def test_nobody_answers() -> None:
    with pytest.raises(Unavailable, match=r"^kafka: "):
        find_offsets(admin_of("127.0.0.1:1"), ["nine"], timeout=0.2)
