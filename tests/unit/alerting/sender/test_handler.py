from collections.abc import Sequence

import pytest

from alerting.events.v1 import NotificationReady
from alerting.runtime.broker.memory import MemoryBroker, MemoryConsumer, MemoryProducer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Unavailable
from alerting.runtime.ids import new_id
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import NOTIFICATIONS_READY, dead_letter_topic
from alerting.sender.handler import ReadyHandler
from fix_clock import FakeClock


class Bench:
    def __init__(self) -> None:
        clock = FakeClock()
        self.broker = MemoryBroker(clock)
        producer = MemoryProducer(self.broker)
        self.consumer = MemoryConsumer(self.broker, NOTIFICATIONS_READY, "sender-group")
        self.planned: list[str] = []
        self.unknown: set[str] = set()
        self.down = False
        dead_letters = DeadLetters(producer, "sender", NOTIFICATIONS_READY, clock)
        self.handler = ReadyHandler(self.plan, producer, dead_letters, Telemetry(clock))

    def plan(self, ids: Sequence[str]) -> set[str]:
        if self.down:
            raise Unavailable("postgres", "down")
        self.planned += ids
        return self.unknown & set(ids)

    def send(self, value: bytes) -> None:
        self.broker.append(NOTIFICATIONS_READY, b"acme", value, [])

    def handle(self) -> None:
        self.handler.handle(self.consumer.consume(1_000, 0))

    def refused(self) -> list[bytes | None]:
        return [message.value() for message in self.broker.messages(dead_letter_topic(NOTIFICATIONS_READY))]


def ready(notification_id: str) -> bytes:
    return NotificationReady(notification_id=notification_id).SerializeToString()


def test_notifications_are_planned_once_and_rubbish_is_refused() -> None:
    bench, known, unknown = Bench(), new_id(), new_id()
    bench.unknown = {unknown}
    for value in (ready(known), b"\xff", ready(unknown), ready(known)):
        bench.send(value)
    bench.handle()
    assert bench.planned == [known, unknown]
    assert sorted(bench.refused(), key=str) == sorted([b"\xff", ready(unknown)], key=str)


def test_nothing_is_refused_while_the_database_is_away() -> None:
    bench = Bench()
    bench.down = True
    bench.send(b"\xff")
    bench.send(ready(new_id()))
    with pytest.raises(Unavailable):
        bench.handle()
    assert bench.refused() == []


def test_rubbish_alone_asks_for_no_plan() -> None:
    bench = Bench()
    bench.down = True
    bench.send(b"\xff")
    bench.handle()
    assert bench.refused() == [b"\xff"]
