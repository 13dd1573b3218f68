import pytest

from alerting.evaluator import handler as module
from alerting.evaluator.handler import Evaluator
from alerting.evaluator.rules import Rules
from alerting.events.v1 import AlertMatched, AlertNew, Severity
from alerting.runtime.broker import HEADERS, Headers
from alerting.runtime.broker.memory import MemoryBroker, MemoryConsumer, MemoryMessage, MemoryProducer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import ALERTS_MATCHED, ALERTS_NEW, dead_letter_topic
from alerting.runtime.tracing.spans import Tracing
from fix_clock import FakeClock
from fix_tracing import SAMPLED, UNSAMPLED, Kept, parent_of, traceparent_of
from matchcore import Index

RULES = [
    ("r1", "acme", "HIGH", "api", "*"),
    ("r2", "acme", "*", "api", "Timeout"),
    ("r3", "zeta", "*", "*", "Timeout"),
    ("r4", "all", "*", "*", "*"),
]


def alert(alert_id: str = "a1", **fields: object) -> bytes:
    given = {"severity": Severity.HIGH, "source": "api", "name": "Timeout", **fields}
    return AlertNew(alert_id=alert_id, schema_version=1, event_ts=1, **given).SerializeToString()  # type: ignore[arg-type]


class Bench:
    """An evaluator with everything around it in memory."""

    def __init__(self, tracing: Tracing | None = None) -> None:
        clock = FakeClock()
        self.broker = MemoryBroker(clock)
        self.producer = MemoryProducer(self.broker)
        self.consumer = MemoryConsumer(self.broker, ALERTS_NEW, "evaluator-group")
        self.telemetry = Telemetry(clock)
        self.rules = Rules(self.telemetry)
        dead_letters = DeadLetters(self.producer, "evaluator", ALERTS_NEW, clock)
        self.evaluator = Evaluator(self.rules, self.producer, dead_letters, self.telemetry, tracing)

    def handle(self, *values: bytes | None, key: bytes = b"a1", headers: Headers | None = None) -> None:
        for value in values:
            self.broker.append(ALERTS_NEW, key, value, headers or [])
        self.evaluator.handle(self.consumer.consume(1_000_000, 0))

    def matched(self) -> list[tuple[bytes | None, AlertMatched]]:
        messages = self.broker.messages(ALERTS_MATCHED)
        return sorted(
            ((message.key(), AlertMatched.FromString(message.value() or b"")) for message in messages),
            key=lambda pair: (pair[1].alert_id, pair[0]),
        )

    def refused(self) -> list[MemoryMessage]:
        return self.broker.messages(dead_letter_topic(ALERTS_NEW))

    def reasons(self) -> list[object]:
        return [dict(message.headers() or [])["dlq-reason"] for message in self.refused()]


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.rules.replace(Index.build(RULES, version=9), "h")
    return bench


def test_sends_one_message_for_each_client(bench: Bench) -> None:
    bench.handle(alert(context={"region": "eu"}))
    assert [
        (key, match.alert_id, match.client_id, list(match.rule_ids), match.rules_version, dict(match.context))
        for key, match in bench.matched()
    ] == [
        (b"acme", "a1", "acme", ["r1", "r2"], 9, {"region": "eu"}),
        (b"all", "a1", "all", ["r4"], 9, {"region": "eu"}),
        (b"zeta", "a1", "zeta", ["r3"], 9, {"region": "eu"}),
    ]
    assert all(message.headers() == HEADERS for message in bench.broker.messages(ALERTS_MATCHED))


def test_an_alert_that_nobody_wants_leaves_no_trace(bench: Bench) -> None:
    bench.rules.replace(Index.build(RULES[:1], version=9), "h")
    bench.handle(alert(source="db"))
    assert bench.matched() == []
    assert bench.refused() == []


def test_takes_seven_fields_and_any_key(bench: Bench) -> None:
    bench.handle(alert(), key=b"\xff\x00\xfe")
    assert len(bench.matched()) == 3


def test_an_alert_without_an_id_is_routed_for_the_aggregator_to_refuse(bench: Bench) -> None:
    bench.handle(alert(""), alert("x" * 300))
    assert len(bench.matched()) == 6


def test_nobody_chooses_the_client_of_a_match(bench: Bench) -> None:
    smuggled = AlertMatched(alert_id="a1", client_id="victim", rule_ids=["x"], rules_version=1, source="nobody")
    bench.handle(smuggled.SerializeToString())
    assert [(key, match.client_id, list(match.rule_ids)) for key, match in bench.matched()] == [(b"all", "all", ["r4"])]


@pytest.mark.parametrize(
    ("value", "reason"),
    [(None, b"empty"), (b"", b"empty"), (b"\xff\xff\xff", b"undecodable"), (b"\x0a\x7fshort", b"undecodable")],
)
def test_what_is_no_alert_is_refused_and_the_others_go_on(bench: Bench, value: bytes | None, reason: bytes) -> None:
    bench.handle(alert("a1"), value, alert("a2"))
    assert {match.alert_id for _, match in bench.matched()} == {"a1", "a2"}
    [message] = bench.refused()
    assert message.value() == value
    assert message.key() == b"a1"
    assert bench.reasons() == [reason]


def test_text_that_is_not_utf_8_is_refused(bench: Bench) -> None:
    bench.handle(b"\x0a\x02a1\x2a\x02\xff\xfe")
    assert bench.reasons() == [b"undecodable"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_slices_lose_and_reorder_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(module, "_SLICE", size)
    bench.handle(*(alert(f"a{number}", name="Up") if number % 3 else b"\xff" for number in range(7)))
    sent = [AlertMatched.FromString(message.value() or b"") for message in bench.broker.messages(ALERTS_MATCHED)]
    for client in ("acme", "all"):
        assert [match.alert_id for match in sent if match.client_id == client] == ["a1", "a2", "a4", "a5"]
    assert bench.reasons() == [b"undecodable"] * 3


def test_passes_the_trace_on(bench: Bench) -> None:
    trace: Headers = [("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    bench.handle(alert(), headers=[("content-type", b"x"), *trace, ("other", None)])
    assert all(message.headers() == HEADERS + trace for message in bench.broker.messages(ALERTS_MATCHED))


@pytest.mark.parametrize("header", [("traceparent", b"x" * 300), ("traceparent-2", b"x"), ("other", None)])
def test_passes_nothing_else_on(bench: Bench, header: tuple[str, bytes | None]) -> None:
    bench.handle(alert(), headers=[header])
    assert all(message.headers() == HEADERS for message in bench.broker.messages(ALERTS_MATCHED))


def traced(kept: Kept) -> Bench:
    bench = Bench(kept.tracing)
    bench.rules.replace(Index.build(RULES, version=9), "h")
    return bench


def test_an_alert_whose_trace_is_recorded_has_one_span_which_its_matches_go_on_from() -> None:
    kept = Kept()
    bench = traced(kept)
    bench.handle(alert(), headers=[("traceparent", SAMPLED.encode())])
    span = kept.span()
    assert parent_of(span) == SAMPLED
    assert (span.attributes or {})["alerting.clients"] == 3
    wanted = [*HEADERS, ("traceparent", traceparent_of(span).encode())]
    assert [message.headers() for message in bench.broker.messages(ALERTS_MATCHED)] == [wanted] * 3


def test_of_other_alerts_there_are_no_spans() -> None:
    kept = Kept()
    bench = traced(kept)
    unsampled: Headers = [("traceparent", UNSAMPLED.encode())]
    bench.handle(alert(), headers=unsampled)
    assert all(message.headers() == HEADERS + unsampled for message in bench.broker.messages(ALERTS_MATCHED))
    bench.handle(alert())
    bench.handle(b"\xff", headers=[("traceparent", SAMPLED.encode())])
    bench.rules.replace(Index.build(RULES[:1], version=10), "h")
    bench.handle(alert(source="db"), headers=[("traceparent", SAMPLED.encode())])
    assert kept.spans() == []


def test_what_the_broker_did_not_take_has_a_span_for_each_time() -> None:
    kept = Kept()
    bench = traced(kept)
    bench.broker.append(ALERTS_NEW, b"a1", alert(), [("traceparent", SAMPLED.encode())])
    messages = bench.consumer.consume(1, 0)
    bench.broker.down = True
    with pytest.raises(Unavailable):
        bench.evaluator.handle(messages)
    bench.broker.down = False
    bench.evaluator.handle(messages)
    assert [span.status.is_ok for span in kept.spans()] == [False, True]
    assert [parent_of(span) for span in kept.spans()] == [SAMPLED] * 2


def test_a_match_that_kafka_would_not_take_is_refused_for_its_client_only(bench: Bench) -> None:
    many = [(f"{number:0250d}", "huge", "*", "*", "*") for number in range(4_000)]
    bench.rules.replace(Index.build([*RULES, *many], version=9), "h")
    bench.handle(alert())
    assert [key for key, _ in bench.matched()] == [b"acme", b"all", b"zeta"]
    assert bench.reasons() == [b"too_long"]
    assert b"huge" in str(dict(bench.refused()[0].headers() or [])["dlq-error"]).encode()


def test_without_rules_nothing_is_handled() -> None:
    bench = Bench()
    with pytest.raises(Unavailable):
        bench.handle(alert(), b"\xff")
    assert bench.refused() == []


def test_what_the_broker_did_not_take_comes_again(bench: Bench) -> None:
    bench.broker.append(ALERTS_NEW, b"a1", alert(), [])
    messages = bench.consumer.consume(10, 0)
    bench.broker.down = True
    with pytest.raises(Unavailable):
        bench.evaluator.handle(messages)
    bench.broker.down = False
    bench.evaluator.handle(messages)
    assert len(bench.matched()) == 3


def test_counts_what_it_did(bench: Bench) -> None:
    bench.handle(alert(), b"\xff", alert("a2"))
    counters = bench.telemetry.figures()["counters"]
    assert isinstance(counters, dict)
    assert (counters["produced"], counters["dead_letters"]) == (6, 1)
