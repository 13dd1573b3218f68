from collections.abc import Sequence

import pytest

from alerting.events.v1 import NotificationReady
from alerting.runtime.broker import Headers
from alerting.runtime.broker.memory import MemoryBroker, MemoryConsumer, MemoryProducer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Unavailable
from alerting.runtime.ids import new_id
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import NOTIFICATIONS_READY, dead_letter_topic
from alerting.runtime.tracing.spans import Tracing
from alerting.sender.handler import ReadyHandler
from fix_clock import FakeClock
from fix_tracing import SAMPLED, UNSAMPLED, Kept, parent_of


class Bench:
    def __init__(self, tracing: Tracing | None = None) -> None:
        clock = FakeClock()
        self.broker = MemoryBroker(clock)
        producer = MemoryProducer(self.broker)
        self.consumer = MemoryConsumer(self.broker, NOTIFICATIONS_READY, "sender-group")
        self.planned: list[str] = []
        self.unknown: set[str] = set()
        self.down = False
        dead_letters = DeadLetters(producer, "sender", NOTIFICATIONS_READY, clock)
        self.handler = ReadyHandler(self.plan, producer, dead_letters, Telemetry(clock), tracing)

    def plan(self, ids: Sequence[str]) -> set[str]:
        if self.down:
            raise Unavailable("postgres", "down")
        self.planned += ids
        return self.unknown & set(ids)

    def send(self, value: bytes, headers: Headers | None = None) -> None:
        self.broker.append(NOTIFICATIONS_READY, b"acme", value, headers or [])

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


def test_a_plan_has_a_span_in_the_trace_of_each_alert_that_has_one() -> None:
    kept, ids = Kept(), [new_id() for _ in range(3)]
    bench = Bench(kept.tracing)
    bench.send(ready(ids[0]), [("traceparent", SAMPLED.encode())])
    bench.send(ready(ids[1]), [("traceparent", UNSAMPLED.encode())])
    bench.send(ready(ids[2]))
    bench.send(b"\xff", [("traceparent", SAMPLED.encode())])
    bench.handle()
    span = kept.span()
    assert parent_of(span) == SAMPLED
    assert (span.name, (span.attributes or {})["alerting.notification.id"]) == ("process p.notifications.ready", ids[0])
