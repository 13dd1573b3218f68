"""Making the topics."""

import time

import pytest
from confluent_kafka.admin import AdminClient

from alerting.runtime.errors import Unavailable
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import TOPICS, dead_letter_topic
from alerting.runtime.topics_admin import create_topics
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
