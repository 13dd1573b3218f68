"""Where traces begin, or go on: at the request."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ParentBased, Sampler
from opentelemetry.trace import SpanKind, StatusCode
from structlog.testing import capture_logs

from alerting.runtime.topics import ALERTS_NEW
from alerting.runtime.tracing.log_ids import add_trace_id
from fix_ingest import Ingest, running_ingest
from fix_tracing import SAMPLED, TRACE_ID, UNSAMPLED, Kept, parent_of, traceparent_of

PATH = "/api/v1/alerts"
ALERT = {"severity": "HIGH", "source": "payments", "name": "PaymentTimeout"}


@asynccontextmanager
async def running(sampler: Sampler | None = None) -> AsyncIterator[tuple[Ingest, Kept]]:
    kept = Kept(sampler)
    async with running_ingest(tracing=kept.tracing) as ingest:
        yield ingest, kept


def carried(ingest: Ingest) -> list[object]:
    """Return the traces of what the broker has."""
    return [dict(message.headers() or ()).get("traceparent") for message in ingest.broker.messages(ALERTS_NEW)]


def about(span: ReadableSpan) -> dict[str, object]:
    return dict(span.attributes or {})


async def test_a_request_and_what_it_sends_are_spans_of_the_callers_trace() -> None:
    async with running() as (ingest, kept):
        answer = await ingest.post(PATH, {**ALERT, "alert_id": "a1"}, headers={"traceparent": SAMPLED})
        request, sending = kept.spans()
        assert answer.status_code == 202
        assert carried(ingest) == [traceparent_of(sending).encode()]
    assert (request.name, request.kind, parent_of(request)) == (f"POST {PATH}", SpanKind.SERVER, SAMPLED)
    assert about(request)["http.response.status_code"] == 202
    assert about(request)["http.route"] == PATH
    assert (sending.name, sending.kind) == ("send p.alerts.new", SpanKind.PRODUCER)
    assert parent_of(sending) == traceparent_of(request)
    assert about(sending) == {
        "messaging.system": "kafka",
        "messaging.client.id": "i-1",
        "messaging.operation.name": "send",
        "messaging.operation.type": "send",
        "messaging.destination.name": "p.alerts.new",
        "messaging.kafka.message.key": "a1",
    }


async def test_no_key_is_in_any_attribute() -> None:
    async with running() as (ingest, kept):
        await ingest.post(PATH, ALERT)
        assert ingest.client.headers["authorization"] == "Bearer ingest-key"
        assert not any("ingest-key" in span.to_json() for span in kept.spans())


async def test_a_trace_begins_with_a_request_that_has_none() -> None:
    async with running() as (ingest, kept):
        await ingest.post(PATH, [ALERT, ALERT])
        request, sending = kept.spans()
        assert request.parent is None
        assert carried(ingest) == [traceparent_of(sending).encode()] * 2
    assert about(sending)["messaging.batch.message_count"] == 2


async def test_one_that_is_not_recorded_goes_on_as_that_if_it_came_with_the_request() -> None:
    async with running(ParentBased(ALWAYS_OFF)) as (ingest, kept):
        await ingest.post(PATH, ALERT, headers={"traceparent": UNSAMPLED})
        await ingest.post(PATH, ALERT)
        came, began = sorted(carried(ingest), key=lambda trace: trace is None)
        assert re.fullmatch(rf"00-{TRACE_ID}-[0-9a-f]{{16}}-00".encode(), came if isinstance(came, bytes) else b"")
        assert began is None
        assert kept.spans() == []


async def test_a_sampler_may_overrule_the_caller() -> None:
    async with running(ALWAYS_OFF) as (ingest, kept):
        await ingest.post(PATH, ALERT, headers={"traceparent": SAMPLED})
        (trace,) = carried(ingest)
        assert isinstance(trace, bytes)
        assert trace.endswith(b"-00")
        assert kept.spans() == []


async def test_a_broker_that_does_not_take_it_is_a_failure_of_both() -> None:
    async with running() as (ingest, kept):
        ingest.broker.down = True
        assert (await ingest.post(PATH, ALERT)).status_code == 503
        request, sending = kept.spans()
    assert [span.status.status_code for span in (request, sending)] == [StatusCode.ERROR] * 2
    assert about(sending)["error.type"] == "Unavailable"


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
async def test_probes_have_no_spans(path: str) -> None:
    async with running() as (ingest, kept):
        assert (await ingest.client.get(path)).status_code == 200
        assert kept.spans() == []


async def test_the_logs_of_a_request_name_its_trace() -> None:
    async with running() as (ingest, kept):
        with capture_logs(processors=[add_trace_id]) as lines:
            await ingest.post(PATH, {**ALERT, "severity": "?"}, headers={"traceparent": SAMPLED})
            await ingest.post(PATH, {**ALERT, "severity": "?"}, headers={"traceparent": UNSAMPLED})
        span = kept.span()
    ids = [(line.get("trace_id"), line.get("span_id")) for line in lines if line["event"] == "alerts refused"]
    assert ids == [(TRACE_ID, f"{span.context.span_id:016x}"), (None, None)]
