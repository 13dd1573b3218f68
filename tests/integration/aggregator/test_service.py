"""The aggregator as a process, on a real broker and a real database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import psycopg
from confluent_kafka import Consumer, Message

from alerting.events.v1 import AlertMatched, NotificationReady
from alerting.local.ports import free_port
from alerting.runtime.broker import HEADERS
from alerting.runtime.broker.kafka import KafkaProducer
from alerting.runtime.config import Settings
from alerting.runtime.topics import ALERTS_MATCHED, NOTIFICATIONS_READY, dead_letter_topic
from fix_servers import Platform


def eventually(condition: Callable[[], bool], seconds: float = 40.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.05)


class Reader:
    """Reads all of a topic, from its beginning."""

    def __init__(self, platform: Platform, topic: str) -> None:
        self.messages: list[Message] = []
        self._consumer = Consumer(
            {
                "bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"],
                "group.id": f"{platform.prefix}reader",
                "auto.offset.reset": "earliest",
            }
        )
        self._consumer.subscribe([platform.prefix + topic])

    def has(self, number: int) -> bool:
        self.messages += [message for message in self._consumer.consume(1_000, 0.2) if message.error() is None]
        return len(self.messages) >= number

    def close(self) -> None:
        self._consumer.close()


@contextmanager
def reading(platform: Platform, topic: str) -> Iterator[Reader]:
    reader = Reader(platform, topic)
    try:
        yield reader
    finally:
        reader.close()


@contextmanager
def aggregator(platform: Platform, port: int) -> Iterator[subprocess.Popen[bytes]]:
    env = {**os.environ, **platform.env, "ALERTING_PORT": str(port)}
    process = subprocess.Popen([sys.executable, "-m", "alerting", "aggregator"], env=env)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def send(platform: Platform, values: list[bytes]) -> None:
    producer = KafkaProducer(platform.settings(Settings))
    for value in values:
        producer.send(ALERTS_MATCHED, b"acme", value, HEADERS)
    producer.flush()


def matched(alert_id: str, **fields: object) -> bytes:
    value = AlertMatched(alert_id=alert_id, client_id="acme", rule_ids=["r1"], **fields)  # type: ignore[arg-type]
    return value.SerializeToString()


def count(platform: Platform) -> int:
    with psycopg.connect(platform.dsn) as connection:
        row = connection.execute("SELECT count(*) FROM notifications").fetchone()
    assert row is not None
    return int(row[0])


def is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=10).status_code == 200
    except httpx.TransportError:
        return False


def test_matches_become_notifications_and_hostile_ones_dead_letters(platform: Platform) -> None:
    hostile = [b"\xff\xff", b"", matched("nul\0"), matched("x" * 256), matched("absurd", event_ts=2**62)]
    port = free_port()
    with (
        aggregator(platform, port) as process,
        reading(platform, NOTIFICATIONS_READY) as ready,
        reading(platform, dead_letter_topic(ALERTS_MATCHED)) as dead,
    ):
        send(platform, [matched("a1"), hostile[0], matched("a2"), *hostile[1:], matched("a1"), matched("a3")])
        eventually(lambda: ready.has(3) and dead.has(5))
        eventually(lambda: is_ready(port))
        read = [NotificationReady.FromString(message.value() or b"") for message in ready.messages]
        assert sorted(each.alert_id for each in read) == ["a1", "a2", "a3"]
        assert {message.key() for message in ready.messages} == {b"acme"}
        assert sorted(message.value() or b"" for message in dead.messages) == sorted(hostile)
        assert count(platform) == 3
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").text
        assert 'alerting_notifications_total{outcome="recorded"} 3.0' in text
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


def test_killed_between_its_steps_it_loses_and_doubles_nothing(platform: Platform) -> None:
    wanted = {f"a{number}" for number in range(3_000)}
    send(platform, [matched(alert_id) for alert_id in sorted(wanted)])
    with reading(platform, NOTIFICATIONS_READY) as ready:
        with aggregator(platform, free_port()):
            # What is recorded may not be published yet, or not committed.
            eventually(lambda: count(platform) > 0)
        with aggregator(platform, free_port()):
            eventually(
                lambda: (
                    ready.has(len(wanted))
                    and {NotificationReady.FromString(each.value() or b"").alert_id for each in ready.messages}
                    == wanted
                )
            )
    assert count(platform) == len(wanted)
