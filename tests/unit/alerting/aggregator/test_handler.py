from collections import Counter
from collections.abc import Sequence
from typing import cast

import pytest

from alerting.aggregator.handler import Aggregator
from alerting.aggregator.match import Match
from alerting.aggregator.store import NotificationStore, Recorded, Rejected
from alerting.events.v1 import AlertMatched, NotificationReady
from alerting.runtime.broker import Headers, Message
from alerting.runtime.broker.memory import MemoryBroker, MemoryConsumer, MemoryProducer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import ALERTS_MATCHED, NOTIFICATIONS_READY, dead_letter_topic
from alerting.runtime.tracing.spans import Tracing
from fix_clock import FakeClock
from fix_tracing import SAMPLED, UNSAMPLED, Kept, parent_of, traceparent_of


class FakeStore:
    """A table in memory that rejects matches from the source "bad"."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], Match] = {}
        self.finished: set[tuple[str, str]] = set()
        self.inserts: list[int] = []
        self.down = False

    def insert(self, matches: Sequence[Match]) -> list[Recorded]:
        self.inserts.append(len(matches))
        if self.down:
            raise Unavailable("postgres", "down")
        if any(match.source == "bad" for match in matches):
            raise Rejected("a value")
        assert len({match.key for match in matches}) == len(matches)
        new = [match for match in matches if match.key not in self.rows]
        self.rows |= {match.key: match for match in new}
        return [Recorded(f"id of {match.alert_id}", *match.key) for match in new]

    def find_received(self, keys: Sequence[tuple[str, str]]) -> list[Recorded]:
        return [Recorded(f"id of {key[1]}", *key) for key in keys if key not in self.finished]


class Bench:
    """An aggregator with everything around it in memory."""

    def __init__(self, tracing: Tracing | None = None) -> None:
        self.clock = FakeClock()
        self.broker = MemoryBroker(self.clock)
        self.producer = MemoryProducer(self.broker)
        self.consumer = MemoryConsumer(self.broker, ALERTS_MATCHED, "aggregator-group")
        self.store = FakeStore()
        self.telemetry = Telemetry(self.clock)
        dead_letters = DeadLetters(self.producer, "aggregator", ALERTS_MATCHED, self.clock)
        store = cast("NotificationStore", self.store)
        self.aggregator = Aggregator(store, self.producer, dead_letters, self.telemetry, tracing)

    def send(self, alert_id: str, client_id: str = "acme", *, headers: Headers | None = None, **fields: object) -> None:
        value = AlertMatched(alert_id=alert_id, client_id=client_id, **fields)  # type: ignore[arg-type]
        self.broker.append(ALERTS_MATCHED, client_id.encode(), value.SerializeToString(), headers or [])

    def handle(self) -> None:
        messages = self.consumer.consume(1_000, 0)
        try:
            self.aggregator.handle(messages)
        except Unavailable:
            self.consumer.rewind(messages)
            raise

    def published(self) -> list[NotificationReady]:
        return [NotificationReady.FromString(each.value() or b"") for each in self.broker.messages(NOTIFICATIONS_READY)]

    def refused(self) -> list[tuple[bytes | None, str]]:
        found: list[Message] = list(self.broker.messages(dead_letter_topic(ALERTS_MATCHED)))
        reasons = [dict(message.headers() or ())["dlq-reason"] for message in found]
        return [
            (message.value(), reason.decode() if isinstance(reason, bytes) else str(reason))
            for message, reason in zip(found, reasons, strict=True)
        ]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_match_is_recorded_and_published_with_its_clients_key(bench: Bench) -> None:
    bench.send("a1", headers=[("traceparent", b"00-1-2-01"), ("other", b"x")])
    bench.handle()
    (ready,) = bench.published()
    assert ready == NotificationReady(notification_id="id of a1", client_id="acme", alert_id="a1", schema_version=1)
    (message,) = bench.broker.messages(NOTIFICATIONS_READY)
    assert message.key() == b"acme"
    assert dict(message.headers() or ()) == {
        "content-type": b"application/x-protobuf",
        "schema_version": b"1",
        "traceparent": b"00-1-2-01",
    }
    assert +Counter(bench.telemetry.totals()) == {"produced": 1}


def test_duplicates_within_a_batch_are_one_and_the_first_wins(bench: Bench) -> None:
    bench.send("a1", rule_ids=["r1"])
    bench.send("a1", rule_ids=["r2"])
    bench.send("a1", "globex", rule_ids=["r3"])
    bench.handle()
    assert [match.rule_ids for _, match in sorted(bench.store.rows.items())] == [["r1"], ["r3"]]
    assert len(bench.published()) == 2


def test_a_match_that_comes_again_is_published_again_only_while_nobody_has_finished_it(bench: Bench) -> None:
    bench.send("a1")
    bench.send("a2")
    bench.handle()
    bench.store.finished.add(("acme", "a2"))
    bench.send("a1")
    bench.send("a2")
    bench.send("a3")
    bench.handle()
    assert [ready.alert_id for ready in bench.published()] == ["a1", "a2", "a3", "a1"]


def test_hostile_rows_are_refused_alone(bench: Bench) -> None:
    bench.send("a0")
    bench.broker.append(ALERTS_MATCHED, b"\xff\xfe", b"not protobuf", [])
    bench.send("nul\0")
    for number in range(20):
        bench.send(f"good {number}", source="bad" if number in {3, 4, 17} else "api")
    bench.send("x" * 256)
    bench.send("absurd", event_ts=2**62)
    bench.handle()
    assert len(bench.store.rows) == 18
    assert len(bench.published()) == 18
    assert sorted(reason for _, reason in bench.refused()) == [
        "invalid_field",
        "invalid_field",
        *["rejected_by_database"] * 3,
        "too_long",
        "undecodable",
    ]
    assert (b"not protobuf", "undecodable") in bench.refused()
    # Halves, not one by one.
    assert len(bench.store.inserts) < 25


def test_what_the_database_takes_of_two_with_one_key_is_recorded(bench: Bench) -> None:
    bench.send("a1", source="bad")
    bench.send("a1", source="good")
    bench.send("a2", source="bad")
    bench.handle()
    assert [match.source for match in bench.store.rows.values()] == ["good"]
    assert [reason for _, reason in bench.refused()] == ["rejected_by_database"] * 2


def test_a_batch_that_waits_for_the_database_refuses_nothing_twice(bench: Bench) -> None:
    bench.send("a1")
    bench.broker.append(ALERTS_MATCHED, None, b"not protobuf", [])
    bench.store.down = True
    for _ in range(3):
        with pytest.raises(Unavailable):
            bench.handle()
    assert bench.refused() == []
    bench.store.down = False
    bench.handle()
    assert len(bench.refused()) == 1
    assert len(bench.published()) == 1


def test_a_crash_between_insert_and_publish_is_healed_by_the_message_that_comes_again(bench: Bench) -> None:
    bench.send("a1")
    bench.aggregator.handle(bench.consumer.consume(10, 0))
    bench.broker.topics.pop(NOTIFICATIONS_READY)
    bench.send("a1")
    bench.handle()
    assert [ready.alert_id for ready in bench.published()] == ["a1"]


def test_a_batch_of_nothing_but_rubbish_asks_the_database_nothing(bench: Bench) -> None:
    bench.broker.append(ALERTS_MATCHED, None, None, [])
    bench.handle()
    assert bench.store.inserts == []
    assert bench.refused() == [(None, "empty")]


def traces(bench: Bench) -> list[object]:
    """Return the traces of what is recorded, and of what is published."""
    published = bench.broker.messages(NOTIFICATIONS_READY)
    return [match.traceparent for match in bench.store.rows.values()] + [
        dict(message.headers() or ()).get("traceparent") for message in published
    ]


def test_a_notification_is_recorded_under_the_span_that_recorded_it() -> None:
    kept = Kept()
    bench = Bench(kept.tracing)
    bench.send("a1", headers=[("traceparent", SAMPLED.encode())])
    bench.handle()
    span = kept.span()
    assert parent_of(span) == SAMPLED
    assert traces(bench) == [traceparent_of(span), traceparent_of(span).encode()]
    about = span.attributes or {}
    assert [about[f"alerting.{name}.id"] for name in ("client", "alert", "notification")] == ["acme", "a1", "id of a1"]


def test_without_spans_of_its_own_a_trace_is_recorded_as_it_came(bench: Bench) -> None:
    bench.send("a1", headers=[("traceparent", SAMPLED.encode())])
    bench.handle()
    assert traces(bench) == [SAMPLED, SAMPLED.encode()]


@pytest.mark.parametrize("tracing", [None, Kept().tracing])
@pytest.mark.parametrize("value", [UNSAMPLED, "00-1-2-01"])
def test_a_trace_that_nobody_records_is_only_passed_on(value: str, tracing: Tracing | None) -> None:
    bench = Bench(tracing)
    bench.send("a1", headers=[("traceparent", value.encode())])
    bench.handle()
    assert traces(bench) == [None, value.encode()]


def test_a_match_that_comes_again_has_a_span_of_its_own() -> None:
    kept = Kept()
    bench = Bench(kept.tracing)
    for _ in range(2):
        bench.send("a1", headers=[("traceparent", SAMPLED.encode())])
    bench.handle()
    assert ["alerting.notification.id" in (span.attributes or {}) for span in kept.spans()] == [True, False]
