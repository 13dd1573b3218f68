"""Refused messages, as large as a broker takes them."""

import os
import time

from confluent_kafka import Producer

from alerting.runtime.broker import Message
from alerting.runtime.broker.kafka import KafkaConsumer, KafkaProducer
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Malformed
from fix_servers import Platform

BOUND = 40.0


def first(settings: Settings, topic: str) -> Message:
    consumer = KafkaConsumer(settings, topic, "reader")
    deadline = time.monotonic() + BOUND
    try:
        while not (messages := consumer.consume(1, 0.5)):
            assert time.monotonic() < deadline
    finally:
        consumer.close()
    return messages[0]


def test_the_largest_message_that_the_broker_takes_can_be_refused(platform: Platform) -> None:
    # What the broker's default leaves for the value, of bytes that no compression makes fewer.
    value = os.urandom(1_048_588 - 200)
    stranger = Producer(
        {"bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"], "message.max.bytes": 2_000_000}
    )
    stranger.produce(platform.prefix + "alerts.new", value, b"key", headers=[("a", b"b")])
    assert stranger.flush(BOUND) == 0
    settings = platform.settings(Settings)
    producer = KafkaProducer(settings)
    letters = DeadLetters(producer, "tester", "alerts.new", SystemClock())
    letters.send(first(settings, "alerts.new"), Malformed("too_long", "x" * 5_000))
    producer.flush()
    assert first(settings, "alerts.new.dlq").value() == value
