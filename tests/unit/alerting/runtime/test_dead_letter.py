"""Messages that are refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerting.runtime.broker import Headers
from alerting.runtime.broker.memory import MemoryBroker, MemoryMessage, MemoryProducer
from alerting.runtime.dead_letter import REASONS, DeadLetters
from alerting.runtime.errors import Malformed
from alerting.runtime.telemetry import DEAD_LETTERS
from fix_clock import FakeClock

HEADERS: Headers = [("traceparent", b"00-1"), ("a", None), ("a", b"\xff")]


def message(
    key: bytes | None = b"k", value: bytes | None = b"\xff\x00", headers: Headers | None = None
) -> MemoryMessage:
    return MemoryMessage("p.alerts.new", 3, 17, key, value, headers)


def refuse(refused: MemoryMessage, error: Malformed) -> MemoryMessage:
    broker = MemoryBroker()
    DeadLetters(MemoryProducer(broker), "evaluator", "alerts.new", FakeClock()).send(refused, error)
    (letter,) = broker.messages("alerts.new.dlq")
    return letter


def about(letter: MemoryMessage) -> dict[str, bytes | str | None]:
    return {name: value for name, value in letter.headers() or () if name.startswith("dlq-")}


@pytest.mark.parametrize(("key", "value"), [(b"k", b"v"), (None, None), (b"", b""), (b"\xff", b"\x00\xff" * 1_000)])
def test_key_and_value_are_kept_byte_for_byte(key: bytes | None, value: bytes | None) -> None:
    letter = refuse(message(key, value), Malformed("undecodable", "x"))
    assert (letter.key(), letter.value()) == (key, value)


def test_the_headers_that_it_came_with_are_kept_in_order() -> None:
    letter = refuse(message(headers=HEADERS), Malformed("undecodable", "x"))
    assert (letter.headers() or [])[:3] == HEADERS


def test_it_says_why_where_and_when() -> None:
    assert about(refuse(message(), Malformed("missing_field", "source"))) == {
        "dlq-reason": b"missing_field",
        "dlq-error": b"source",
        "dlq-service": b"evaluator",
        "dlq-topic": b"p.alerts.new",
        "dlq-partition": b"3",
        "dlq-offset": b"17",
        "dlq-at": b"2023-11-14T22:13:20+00:00",
    }


def test_what_was_replayed_and_refused_again_tells_of_the_last_time_only() -> None:
    once = refuse(message(headers=HEADERS), Malformed("undecodable", "first"))
    again = refuse(
        MemoryMessage("p.alerts.new", 1, 99, once.key(), once.value(), once.headers()), Malformed("too_long", "second")
    )
    headers = again.headers() or []
    assert headers[:3] == HEADERS
    assert len(headers) == len(once.headers() or [])
    assert about(again)["dlq-reason"] == b"too_long"
    assert about(again)["dlq-offset"] == b"99"


def test_the_list_of_reasons_is_closed() -> None:
    broker = MemoryBroker()
    letters = DeadLetters(MemoryProducer(broker), "evaluator", "alerts.new", FakeClock())
    with pytest.raises(ValueError, match="whatever"):
        letters.send(message(), Malformed("whatever", "x"))
    assert broker.messages("alerts.new.dlq") == []


@pytest.mark.parametrize("reason", sorted(REASONS))
def test_every_reason_is_counted(reason: str) -> None:
    before = DEAD_LETTERS.labels("alerts.new", reason)._value.get()
    refuse(message(), Malformed(reason, "x"))
    assert DEAD_LETTERS.labels("alerts.new", reason)._value.get() == before + 1


@given(st.text(st.characters(), max_size=3_000))
def test_any_detail_becomes_a_short_header_of_text(detail: str) -> None:
    error = about(refuse(message(), Malformed("invalid_field", detail)))["dlq-error"]
    assert isinstance(error, bytes)
    assert len(error) <= 1_024
    error.decode()


@pytest.mark.parametrize("detail", ["\ud800", "ü" * 1_000, "a" + "€" * 1_000, "\0"])
def test_details_that_are_hard_to_write(detail: str) -> None:
    error = about(refuse(message(), Malformed("invalid_field", detail)))["dlq-error"]
    assert isinstance(error, bytes)
    assert 1 <= len(error) <= 1_024
    error.decode()
