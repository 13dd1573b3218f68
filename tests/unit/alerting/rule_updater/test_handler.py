from collections.abc import Callable

import pytest

from alerting.events.v1 import RuleAction, RuleChanged
from alerting.rule_updater.handler import RuleChangedHandler, check_message
from alerting.runtime.broker.memory import MemoryBroker, MemoryConsumer, MemoryProducer
from alerting.runtime.dead_letter import DeadLetters
from alerting.runtime.errors import Malformed, Unavailable
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import RULE_CHANGED, dead_letter_topic
from fix_clock import FakeClock


def changed(**fields: object) -> bytes:
    return RuleChanged(**{"rule_id": "r1", "client_id": "acme", **fields}).SerializeToString()  # type: ignore[arg-type]


class Bench:
    def __init__(self, look: Callable[[], object]) -> None:
        clock = FakeClock()
        self.broker = MemoryBroker(clock)
        producer = MemoryProducer(self.broker)
        self.consumer = MemoryConsumer(self.broker, RULE_CHANGED, "rule-updater-group")
        dead_letters = DeadLetters(producer, "rule-updater", RULE_CHANGED, clock)
        self.handler = RuleChangedHandler(look, producer, dead_letters, Telemetry(clock))

    def handle(self, *values: bytes | None) -> None:
        for value in values:
            self.broker.append(RULE_CHANGED, b"r1", value, [])
        self.handler.handle(self.consumer.consume(100, 0))

    def refused(self) -> list[tuple[bytes | None, object]]:
        return [
            (message.value(), dict(message.headers() or [])["dlq-reason"])
            for message in self.broker.messages(dead_letter_topic(RULE_CHANGED))
        ]


def test_a_batch_is_one_look() -> None:
    looks: list[int] = []
    bench = Bench(lambda: looks.append(1))
    bench.handle(changed(), changed(rule_id="r2"), changed(action=99))
    assert looks == [1]
    assert bench.refused() == []


def test_refuses_what_no_rule_service_sends_and_looks_all_the_same() -> None:
    looks: list[int] = []
    bench = Bench(lambda: looks.append(1))
    bench.handle(b"\xff\xff", None, changed(client_id=""))
    assert looks == [1]
    assert bench.refused() == [(b"\xff\xff", b"undecodable"), (None, b"empty"), (b"\x0a\x02r1", b"missing_field")]


def test_a_batch_that_comes_again_has_refused_nothing() -> None:
    def down() -> None:
        raise Unavailable("redis", "down")

    bench = Bench(down)
    with pytest.raises(Unavailable):
        bench.handle(b"\xff\xff")
    assert bench.refused() == []


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (None, "empty"),
        (b"", "empty"),
        (b"\x0a\x05r", "undecodable"),
        (changed(rule_id=""), "missing_field"),
        (changed(client_id=""), "missing_field"),
        (changed(rule_id="r" * 256), "too_long"),
        (changed(client_id="c" * 256), "too_long"),
    ],
)
def test_says_why(value: bytes | None, reason: str) -> None:
    with pytest.raises(Malformed) as refused:
        check_message(value)
    assert refused.value.reason == reason


def test_takes_the_contract_s_golden_bytes_and_unknown_fields() -> None:
    golden = bytes.fromhex("0a027231120461636d65180420022880e2cfaa063001")
    assert RuleChanged.FromString(golden).action == RuleAction.RULE_ACTION_DISABLED
    check_message(golden)
    check_message(golden + b"\x7a\x03new")
