import re

import pytest
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF
from opentelemetry.trace import SpanKind, StatusCode

from alerting.runtime.broker.memory import MemoryMessage
from alerting.runtime.errors import Unavailable
from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.tracing import followed
from fix_tracing import SAMPLED, TRACE_ID, Kept, parent_of, traceparent_of


def message(offset: int = 7, key: bytes | None = b"a1") -> MemoryMessage:
    return MemoryMessage(f"p.{ALERTS_NEW}", 3, offset, key, b"", None)


def test_a_message_whose_trace_is_recorded_has_a_span_that_ends_with_the_batch() -> None:
    kept = Kept()
    with followed(kept.tracing, ALERTS_NEW) as batch:
        assert batch is not None
        passed_on = batch.follow(message(), SAMPLED, {"alerting.clients": 2})
        batch.note(message(), "later", "x")
        assert kept.spans() == []
    span = kept.span()
    assert (span.name, span.kind, span.status.status_code) == (
        "process p.alerts.new",
        SpanKind.CONSUMER,
        StatusCode.UNSET,
    )
    assert parent_of(span) == SAMPLED
    assert [link.context.span_id for link in span.links] == [span.parent.span_id if span.parent else 0]
    assert passed_on == ("traceparent", traceparent_of(span).encode())
    assert span.attributes == {
        "messaging.system": "kafka",
        "messaging.client.id": "i-1",
        "messaging.operation.name": "process",
        "messaging.operation.type": "process",
        "messaging.destination.name": "p.alerts.new",
        "messaging.destination.partition.id": "3",
        "messaging.consumer.group.name": "p.evaluator-group",
        "messaging.kafka.offset": 7,
        "messaging.kafka.message.key": "a1",
        "alerting.clients": 2,
        "later": "x",
    }


def test_what_the_sampler_leaves_out_goes_on_as_that() -> None:
    kept = Kept(ALWAYS_OFF)
    with kept.tracing.batch(ALERTS_NEW) as batch:
        passed_on = batch.follow(message(), SAMPLED, {})
        batch.note(message(), "later", "x")
    name, value = passed_on
    assert name == "traceparent"
    assert isinstance(value, bytes)
    assert re.fullmatch(rf"00-{TRACE_ID}-[0-9a-f]{{16}}-00", value.decode())
    assert kept.spans() == []


def test_a_message_without_a_span_has_nothing_noted() -> None:
    kept = Kept()
    with kept.tracing.batch(ALERTS_NEW) as batch:
        batch.note(message(), "later", "x")
    assert kept.spans() == []


def test_a_batch_that_has_to_come_again_failed_for_each_of_its_messages() -> None:
    kept = Kept()
    batch = kept.tracing.batch(ALERTS_NEW)
    batch.follow(message(1), SAMPLED, {})
    batch.follow(message(2), SAMPLED, {})
    with pytest.raises(Unavailable), batch:
        raise Unavailable("kafka", "down")
    assert [(span.status.status_code, (span.attributes or {})["error.type"]) for span in kept.spans()] == [
        (StatusCode.ERROR, "Unavailable")
    ] * 2


@pytest.mark.parametrize("key", [None, b"\xff\x00", b"x" * 256])
def test_a_key_that_is_no_short_text_is_left_out(key: bytes | None) -> None:
    kept = Kept()
    with kept.tracing.batch(ALERTS_NEW) as batch:
        batch.follow(message(key=key), SAMPLED, {})
    assert "messaging.kafka.message.key" not in (kept.span().attributes or {})


def test_where_traces_are_off_there_is_no_batch() -> None:
    with followed(None, ALERTS_NEW) as batch:
        assert batch is None
