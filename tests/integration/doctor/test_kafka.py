"""A real Apache Kafka, with topics as they should not be."""

from datetime import UTC, datetime

import psycopg
import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource

from alerting.doctor import kafka_facts
from alerting.doctor.facts import Facts
from alerting.doctor.finding import Finding
from alerting.runtime.broker.kafka import KafkaConsumer, KafkaProducer
from alerting.runtime.errors import Unavailable
from alerting.runtime.topic_plan import plan
from alerting.runtime.topic_settings import TopicSettings
from alerting.runtime.topics import ALERTS_NEW, GROUPS, dead_letter_topic
from fix_doctor import found
from fix_process import eventually
from fix_servers import Platform


def looked_at(platform: Platform, **more: object) -> Facts:
    settings = platform.settings(TopicSettings, **{"topic_partitions": 3, **more})
    facts = Facts(now=datetime.now(UTC), planned_topics=plan(settings), retention_days=30)
    facts.kafka_servers = settings.kafka_bootstrap_servers
    kafka_facts.look(settings, facts.kafka)
    return facts


def look(platform: Platform, check: str, **more: object) -> Finding:

    return found(looked_at(platform, **more), check)


def set_config(platform: Platform, topic: str, name: str, value: str) -> None:
    admin = AdminClient({"bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"]})
    entry = ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ConfigResource.Type.TOPIC, platform.prefix + topic, incremental_configs=[entry])
    for future in admin.incremental_alter_configs([resource]).values():
        future.result(20)


def test_nothing_is_wrong_with_topics_that_were_made_a_moment_ago(platform: Platform) -> None:
    checks = [
        *("kafka.reachable", "kafka.tls", "kafka.topics", "kafka.replicas", "kafka.retention", "kafka.auto_create"),
        *("kafka.lag", "kafka.dead_letters"),
    ]

    def stand() -> dict[str, str]:
        facts = looked_at(platform)
        return {check: found(facts, check).status for check in checks}

    # A broker that has just made its first topics does not know at once who is to answer for groups.
    eventually(lambda: stand() == dict.fromkeys(checks, "ok"), "all is well")


def test_topics_that_are_missing_or_others(platform: Platform) -> None:
    assert "alerts.new has 3 partitions, not 9" in look(platform, "kafka.topics", topic_partitions=9).found
    facts = look(platform, "kafka.topics", kafka_prefix=f"{platform.prefix}none.")
    assert (facts.status, facts.found.count(" is missing")) == ("fail", 8)


@pytest.mark.parametrize(
    ("name", "value", "check", "status"),
    [
        ("retention.ms", "60000", "kafka.retention", "warn"),
        ("retention.ms", "-1", "kafka.retention", "warn"),
        ("cleanup.policy", "compact", "kafka.topics", "fail"),
    ],
)
def test_settings_that_lose_or_repeat(name: str, value: str, check: str, status: str, platform: Platform) -> None:
    set_config(platform, ALERTS_NEW, name, value)

    def told() -> bool:
        finding = look(platform, check)
        return (finding.status, ALERTS_NEW in finding.found) == (status, True)

    eventually(told, f"{name}={value} is told")


def test_topics_with_and_without_a_consumer(platform: Platform) -> None:
    consumer = KafkaConsumer(platform.settings(TopicSettings), ALERTS_NEW, GROUPS[ALERTS_NEW])
    try:
        eventually(lambda: bool(consumer.consume(1, 0.1)) or consumer.joined.is_set(), "the consumer is let in")
        finding = look(platform, "kafka.groups")
    finally:
        consumer.close()
    assert finding.status == "fail"
    assert "rule.changed (rule-updater)" in finding.found
    assert ALERTS_NEW not in finding.found


def test_dead_letters_wait_until_something_is_done_with_them(platform: Platform) -> None:
    topic = dead_letter_topic(ALERTS_NEW)
    producer = KafkaProducer(platform.settings(TopicSettings))
    producer.send(topic, b"k", b"v", [("dlq-reason", b"undecodable")])
    producer.flush()
    producer.close()
    finding = look(platform, "kafka.dead_letters")
    assert (finding.status, finding.found) == ("warn", "1 of alerts.new")
    with psycopg.connect(platform.dsn) as connection:
        connection.execute(
            """
            INSERT INTO dead_letter_actions (topic, partition, "offset", action, actor)
            VALUES (%s, 0, 0, 'DROPPED', 'cli')
            """,
            (platform.prefix + topic,),
        )
    assert look(platform, "kafka.dead_letters").status == "ok"


def test_letters_are_counted_although_the_database_is_away(platform: Platform) -> None:
    producer = KafkaProducer(platform.settings(TopicSettings))
    producer.send(dead_letter_topic(ALERTS_NEW), b"k", b"v")
    producer.flush()
    producer.close()
    finding = look(platform, "kafka.dead_letters", postgres_dsn="postgresql://u@127.0.0.1:1/db")
    assert finding.status == "warn"
    assert finding.found.startswith("1 of alerts.new (some may be done with: ")


def test_messages_that_wait(platform: Platform) -> None:
    producer = KafkaProducer(platform.settings(TopicSettings))
    for _ in range(10_001):
        producer.send(ALERTS_NEW, b"k", b"v")
    producer.flush()
    producer.close()
    finding = look(platform, "kafka.lag")
    assert (finding.status, "alerts.new 10,001" in finding.found) == ("warn", True)


def test_a_broker_that_is_away(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_facts, "_SECONDS", 0.5)
    with pytest.raises(Unavailable):
        looked_at(platform, kafka_bootstrap_servers="127.0.0.1:1")
