"""Messages of another implementation on the same topics, and garbage among them."""

import secrets
from functools import partial

from alerting.events.v1 import AlertNew, Severity
from alerting.runtime import topics
from alerting.runtime.broker import Message
from alerting.runtime.broker.kafka import KafkaConsumer, KafkaProducer
from alerting.runtime.config import Settings
from fix_tenant import Tenant, wait_until


def test_seven_fields_and_a_binary_key(tenant: Tenant) -> None:
    source = f"source-{tenant.id}"
    tenant.rule("CRITICAL", source, "DiskFull")
    tenant.settle()
    alert = AlertNew(
        alert_id=f"foreign-{tenant.id}",
        schema_version=1,
        event_ts=1_700_000_000,
        severity=Severity.CRITICAL,
        source=source,
        name="DiskFull",
        context={"region": "us-east-1"},
    )
    producer = KafkaProducer(tenant.stack.settings(Settings))
    producer.send(topics.ALERTS_NEW, b"\x00\xff\xfe\x80", alert.SerializeToString(), [])
    producer.close()
    wait_until(lambda: bool(tenant.received()), 20, "the delivery")
    body = tenant.received()[0].body
    assert body["alert"]["alert_id"] == alert.alert_id
    assert body["alert"]["context"] == {"region": "us-east-1"}


def _find(consumer: KafkaConsumer, value: bytes, found: list[Message]) -> bool:
    found.extend(message for message in consumer.consume(1_000, 0.5) if message.value() == value)
    return bool(found)


def test_garbage_goes_to_the_dead_letters_of_every_topic(tenant: Tenant) -> None:
    settings = tenant.stack.settings(Settings)
    garbage = b"\xff" + secrets.token_bytes(16)
    producer = KafkaProducer(settings)
    for topic in topics.TOPICS:
        producer.send(topic, b"\x00key", garbage)
    producer.close()
    for topic in topics.TOPICS:
        consumer = KafkaConsumer(settings, topics.dead_letter_topic(topic), f"test-{secrets.token_hex(4)}")
        found: list[Message] = []
        wait_until(partial(_find, consumer, garbage, found), 30, f"the dead letter of {topic}")
        consumer.close()
        (message,) = found
        headers = dict(message.headers() or [])
        assert message.key() == b"\x00key"
        assert headers["dlq-reason"] == b"undecodable"
        assert headers["dlq-topic"] == topic.encode()
    # The partitions go on.
    source = f"source-{tenant.id}"
    tenant.rule("*", source, "*")
    tenant.settle()
    tenant.send(*({"severity": "LOW", "source": source, "name": f"After{number}"} for number in range(50)))
    wait_until(lambda: len(tenant.received()) == 50, 20, "the deliveries after it")
