"""One alert's trace through all services, as a collector gets it; and then the collector does not answer any more."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager

import httpx
import pytest

from alerting.local.sinks import Sinks
from fix_delivery import Answer, Receiver, eventually, running_receiver
from fix_http import bearer, make_key
from fix_pipeline import SOURCE, Pipeline
from fix_process import ServiceProcess, running
from fix_servers import Platform
from fix_tracing import PARENT_ID, SAMPLED, TRACE_ID, Collector, running_collector

SERVICES = ("rule-service", "rule-updater", "evaluator", "aggregator", "sender", "ingest")
SERVER, CLIENT, PRODUCER, CONSUMER = 2, 3, 4, 5
"""Kinds of spans, by their numbers in the protocol."""


@pytest.fixture
def pipeline(platform: Platform, sinks: Sinks) -> Pipeline:
    return Pipeline(platform, sinks, ("acme",))


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as collector:
        yield collector


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with running_receiver() as receiver:
        yield receiver


@contextmanager
def services(pipeline: Pipeline, **env: str) -> Iterator[dict[str, ServiceProcess]]:
    with ExitStack() as stack:
        made = {name: stack.enter_context(running(name, {**pipeline.env, **env})) for name in SERVICES}
        for process in made.values():
            process.await_ready()
        yield made


async def accepted(pipeline: Pipeline, ingest: ServiceProcess, alert_id: str, **headers: str) -> None:
    """Send an alert to ingest, which takes it."""
    async with httpx.AsyncClient(headers=bearer(make_key(pipeline.platform.dsn, "ingest")) | headers) as client:
        body = {"alert_id": alert_id, "severity": "HIGH", "source": SOURCE, "name": "Timeout"}
        answer = await client.post(f"http://127.0.0.1:{ingest.port}/api/v1/alerts", json=body)
        assert answer.status_code == 202, answer.text


async def create_rule(pipeline: Pipeline, made: dict[str, ServiceProcess], url: str) -> None:
    """Make one rule with one webhook, and wait until the evaluator has it."""
    key = bearer(make_key(pipeline.platform.dsn, "admin"))
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{made['rule-service'].port}/api/v1", headers=key, timeout=30
    ) as client:
        (await client.post("/clients", json={"id": "acme", "name": "Acme"})).raise_for_status()
        rule = {"severity": "*", "source": SOURCE, "name": "*", "endpoints": [{"type": "webhook", "value": url}]}
        (await client.post("/clients/acme/rules", json=rule)).raise_for_status()
    await eventually(lambda: made["evaluator"].figure("alerting_rules") == 1, 40)


async def test_one_trace_from_the_request_to_both_attempts_and_no_wait_for_who_collects_it(
    pipeline: Pipeline, collector: Collector, receiver: Receiver
) -> None:
    receiver.answers["/hook"] = [Answer(503), Answer(200)]
    prefix = pipeline.platform.prefix
    quick = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "OTEL_BSP_SCHEDULE_DELAY": "100"}
    with services(
        pipeline, ALERTING_RETRY_DELAYS="[0.1]", OTEL_TRACES_SAMPLER="parentbased_always_off", **quick
    ) as made:
        await create_rule(pipeline, made, f"{receiver.url}/hook")
        await accepted(pipeline, made["ingest"], "a1", traceparent=SAMPLED)
        await eventually(lambda: pipeline.statuses() == {"SENT": 1}, 60)
        await eventually(lambda: len(collector.of_trace(TRACE_ID)) == 7, 40)
        by_name = {(span.service, span.name): span for span in collector.received}
        request = by_name["alerting-ingest", "POST /api/v1/alerts"]
        sending = by_name["alerting-ingest", f"send {prefix}alerts.new"]
        matching = by_name["alerting-evaluator", f"process {prefix}alerts.new"]
        recording = by_name["alerting-aggregator", f"process {prefix}alerts.matched"]
        planning = by_name["alerting-sender", f"process {prefix}notifications.ready"]
        first, second = sorted(
            (span for span in collector.received if span.name == "deliver webhook"),
            key=lambda span: int(span.attributes["alerting.delivery.attempt"]),
        )
        # The requests of the test's own, which began no trace, are not among them.
        assert len(collector.received) == 7
        assert [span.kind for span in (request, sending, matching, recording, planning, first, second)] == [
            *(SERVER, PRODUCER, CONSUMER, CONSUMER, CONSUMER, CLIENT, CLIENT)
        ]
        assert [
            (span.parent_id, span.linked) for span in (request, sending, matching, recording, planning, first, second)
        ] == [
            (PARENT_ID, ()),
            (request.id, ()),
            (sending.id, (sending.id,)),
            (matching.id, (matching.id,)),
            (recording.id, (recording.id,)),
            (recording.id, ()),
            (recording.id, ()),
        ]
        assert [span.failed for span in (first, second)] == [True, False]
        assert [span.attributes["http.response.status_code"] for span in (first, second)] == [503, 200]
        assert [request.headers["traceparent"] for request in receiver.received] == [
            f"00-{TRACE_ID}-{span.id}-01" for span in (first, second)
        ]
        assert {span.resource["service.instance.id"] for span in collector.received} == {
            span.attributes["messaging.client.id"] for span in (sending, matching, recording, planning)
        }
        collector.let_answer.clear()
        await accepted(pipeline, made["ingest"], "a2", traceparent=SAMPLED)
        await eventually(lambda: pipeline.statuses() == {"SENT": 2}, 60)
        assert receiver.received[-1].json["alert"]["alert_id"] == "a2"
        # Nobody has waited for the collector, nor does anybody at the end.
        assert len(collector.received) == 7
        ended = [asyncio.to_thread(made[name].terminate) for name in ("ingest", "evaluator", "aggregator", "sender")]
        assert await asyncio.gather(*ended) == [0] * 4
