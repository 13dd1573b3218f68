"""What the platform itself knows at the end: its tables, and its dead letters."""

import time
from collections.abc import Mapping, Sequence
from typing import Final

import psycopg
from confluent_kafka import Consumer, TopicPartition

from alerting.runtime.config import Settings
from alerting.runtime.topics import TOPICS, dead_letter_topic
from benches.reliability.verdict import Notification

_READ_SECONDS: Final = 60.0


def notifications(settings: Settings) -> list[Notification]:
    """Return every notification."""
    with psycopg.connect(settings.postgres_dsn.get_secret_value(), connect_timeout=10) as connection:
        rows = connection.execute("SELECT client_id, alert_id, status FROM notifications").fetchall()
    return [Notification(*row) for row in rows]


def pending(settings: Settings) -> int:
    """Return how many deliveries have not ended."""
    with psycopg.connect(settings.postgres_dsn.get_secret_value(), connect_timeout=10) as connection:
        row = connection.execute("SELECT count(*) FROM deliveries WHERE status = 'PENDING'").fetchone()
    return int(row[0]) if row else 0


def statuses(settings: Settings) -> Mapping[str, int]:
    """Return how many deliveries ended how."""
    with psycopg.connect(settings.postgres_dsn.get_secret_value(), connect_timeout=10) as connection:
        return dict(connection.execute("SELECT status, count(*) FROM deliveries GROUP BY status").fetchall())


def dead_letters(settings: Settings) -> dict[str, Sequence[bytes]]:
    """Return the values of all dead letters, by the topic that they were in before."""
    consumer = Consumer(
        {"bootstrap.servers": settings.kafka_bootstrap_servers, "group.id": "chaos", "enable.auto.commit": False}
    )
    try:
        return {topic: _values(consumer, dead_letter_topic(topic)) for topic in TOPICS}
    finally:
        consumer.close()


def _values(consumer: Consumer, topic: str) -> list[bytes]:
    begin, end = consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=_READ_SECONDS)
    consumer.assign([TopicPartition(topic, 0, begin)])
    values: list[bytes] = []
    deadline = time.monotonic() + _READ_SECONDS
    while len(values) < end - begin:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{topic} could not be read to its end")
        values += [message.value() or b"" for message in consumer.consume(1_000, 1.0) if message.error() is None]
    return values
