"""Making the topics."""

import time
from pathlib import Path

import pytest
from confluent_kafka.admin import AdminClient

from alerting.local.kafka import KafkaServer
from alerting.runtime.errors import Unavailable
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import TOPICS, dead_letter_topic
from alerting.runtime.topics_admin import create_topics
from fix_process import stand_still
from fix_servers import Platform

BOUND = 30.0


def partitions(platform: Platform) -> dict[str, int]:
    admin = AdminClient({"bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"]})
    found = admin.list_topics(timeout=30).topics
    return {
        name.removeprefix(platform.prefix): len(topic.partitions)
        for name, topic in found.items()
        if name.startswith(platform.prefix)
    }


def test_what_is_there_stays_as_it_is(platform: Platform) -> None:
    wanted = dict.fromkeys(TOPICS, 3) | {dead_letter_topic(topic): 1 for topic in TOPICS}
    assert partitions(platform) == wanted
    assert create_topics(platform.settings(TopicSettings, topic_partitions=5)) == []
    assert partitions(platform) == wanted


def test_what_is_missing_is_made(platform: Platform) -> None:
    settings = platform.settings(TopicSettings, kafka_prefix=f"{platform.prefix}more.")
    made = create_topics(settings)
    assert set(made) == {f"{settings.kafka_prefix}{name}" for topic in TOPICS for name in (topic, f"{topic}.dlq")}
    assert create_topics(settings) == []
    # The broker tells of new topics a moment after it made them.
    deadline = time.monotonic() + BOUND
    while partitions(platform).get("more.alerts.new") != 9:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_broker_that_is_away_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        create_topics(TopicSettings(kafka_bootstrap_servers="127.0.0.1:1"), timeout=1)


def test_more_copies_than_there_are_brokers(platform: Platform) -> None:
    settings = platform.settings(TopicSettings, kafka_prefix=f"{platform.prefix}more.", topic_replication=3)
    with pytest.raises(Unavailable, match=r"INVALID_REPLICATION_FACTOR.*3 time"):
        create_topics(settings)


def test_a_broker_that_stood_still_makes_them_when_it_is_back(tmp_path: Path) -> None:
    with KafkaServer(tmp_path) as server:
        for number in range(3):
            stand_still(server.pid)
            until = time.monotonic() + 1
            while time.monotonic() < until:
                prefix = f"t{number}.{time.monotonic_ns()}."
                settings = TopicSettings(kafka_bootstrap_servers=server.bootstrap_servers, kafka_prefix=prefix)
                assert len(create_topics(settings)) == 2 * len(TOPICS)
