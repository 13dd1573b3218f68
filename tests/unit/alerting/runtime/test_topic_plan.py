"""Topics as planned beside topics as found."""

from dataclasses import replace

import pytest

from alerting.runtime.topic_plan import FoundTopic, PlannedTopic, differences, plan
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import TOPICS, dead_letter_topic

CONFIG = {"cleanup.policy": "delete", "min.insync.replicas": "2", "max.message.bytes": "1200000", "retention.ms": "1"}
FOUND = FoundTopic("t", 9, 3, 3, 0, CONFIG)
PLANNED = PlannedTopic("t", 9, 3, {"min.insync.replicas": "2", "max.message.bytes": "1200000"})


def test_every_topic_has_nine_partitions_and_its_dead_letters_one() -> None:
    planned = {topic.name: topic for topic in plan(TopicSettings(kafka_prefix="p."))}
    assert planned.keys() == {f"p.{name}" for topic in TOPICS for name in (topic, dead_letter_topic(topic))}
    assert {planned[f"p.{topic}"].partitions for topic in TOPICS} == {9}
    assert {planned[f"p.{topic}.dlq"].partitions for topic in TOPICS} == {1}
    assert planned["p.alerts.new"].config == {}
    assert planned["p.alerts.new.dlq"].config == {"max.message.bytes": "1200000"}


def test_what_is_asked_for_is_planned_for_all() -> None:
    for topic in plan(TopicSettings(topic_replication=3, topic_min_insync=2)):
        assert (topic.replication, topic.config["min.insync.replicas"]) == (3, "2")


def test_what_is_as_planned_is_not_told() -> None:
    assert differences([PLANNED], {"t": FOUND}) == []
    roomier = replace(FOUND, config=CONFIG | {"max.message.bytes": "2000000"})
    assert differences([PLANNED], {"t": roomier}) == []
    assert differences([replace(PLANNED, replication=-1)], {"t": replace(FOUND, replication=1)}) == []
    assert differences([PLANNED], {"t": replace(FOUND, config={})}) == []


@pytest.mark.parametrize(
    ("found", "line"),
    [
        (replace(FOUND, partitions=3), "t has 3 partitions, not 9"),
        (replace(FOUND, replication=1), "t has 1 copies of a partition, not 3"),
        (replace(FOUND, config=CONFIG | {"min.insync.replicas": "1"}), "t has min.insync.replicas=1, not 2"),
        (replace(FOUND, config=CONFIG | {"max.message.bytes": "10"}), "t has max.message.bytes=10, not 1200000"),
        (replace(FOUND, config=CONFIG | {"cleanup.policy": "compact"}), "t has cleanup.policy=compact, not delete"),
    ],
)
def test_each_difference_is_told(found: FoundTopic, line: str) -> None:
    assert differences([PLANNED], {"t": found}) == [line]


def test_a_topic_that_is_missing_is_told() -> None:
    assert differences([PLANNED], {}) == ["t is missing"]
