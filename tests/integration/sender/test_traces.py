"""A delivery belongs to its alert's trace however late, and by whatever way, it is attempted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan

from alerting.deliveries.resend import resend
from alerting.local.sinks import running_sinks
from alerting.runtime.clock import SystemClock
from alerting.runtime.database import async_connect
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.tracing.spans import Tracing
from alerting.sender.engine import open_sender
from alerting.sender.sender import Sender
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, Receiver, Tenants, eventually
from fix_tracing import SAMPLED, Kept, parent_of, traceparent_of

CLOCK = SystemClock()


def settings(tenants: Tenants, **more: Any) -> SenderSettings:
    quick = {"retry_delays": [0.05], "throttled_delay": 0.05, "claim_interval": 0.05, "sweep_interval": 0.05}
    given = {"allowed_networks": ["127.0.0.0/8"], "sweep_after": 3_600, **quick, **more}
    return SenderSettings(postgres_dsn=tenants.dsn, **given)


@asynccontextmanager
async def running(tenants: Tenants, tracing: Tracing | None, **more: Any) -> AsyncIterator[Sender]:
    stop = asyncio.Event()
    async with open_sender(settings(tenants, **more), Telemetry(CLOCK), CLOCK, tracing) as sender:
        work = asyncio.create_task(sender.run(stop))
        try:
            yield sender
        finally:
            stop.set()
            await asyncio.wait_for(work, 40)


def traced(tenants: Tenants, *rule_ids: str) -> str:
    """Write a notification as the aggregator writes one whose trace is recorded."""
    wanted = tenants.notification("a1", *rule_ids)
    tenants.execute("UPDATE notifications SET traceparent = %s WHERE id = %s", SAMPLED, wanted)
    return wanted


def outcomes(spans: list[ReadableSpan]) -> list[object]:
    return [(span.attributes or {})["alerting.delivery.outcome"] for span in spans]


async def test_each_attempt_is_a_span_of_the_trace_until_it_is_sent_again_much_later(
    tenants: Tenants, receiver: Receiver
) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(503), Answer(200)]
    kept, wanted = Kept(), traced(tenants, "r1")
    async with running(tenants, kept.tracing) as sender:
        await sender.plan([wanted])
        await eventually(lambda: tenants.status(wanted) == "SENT")
        async with await async_connect(settings(tenants)) as connection, connection.transaction():
            assert (await resend(connection, [wanted], "all")).total() == 1
        await eventually(lambda: len(receiver.received) == 3 and tenants.status(wanted) == "SENT")
    spans = kept.spans()
    assert outcomes(spans) == ["retried", "delivered", "delivered"]
    assert [parent_of(span) for span in spans] == [SAMPLED] * 3
    assert [request.headers["traceparent"] for request in receiver.received] == list(map(traceparent_of, spans))


async def test_what_nobody_planned_in_time_is_found_with_its_trace(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    kept, wanted = Kept(), traced(tenants, "r1")
    async with running(tenants, kept.tracing, sweep_after=0.01):
        await eventually(lambda: tenants.status(wanted) == "SENT")
    assert parent_of(kept.span()) == SAMPLED


async def test_an_alert_without_a_trace_is_delivered_without_one(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    kept, wanted = Kept(), tenants.notification("a1", "r1")
    async with running(tenants, kept.tracing) as sender:
        await sender.plan([wanted])
        await eventually(lambda: tenants.status(wanted) == "SENT")
    assert kept.spans() == []
    assert "traceparent" not in receiver.received[0].headers


async def test_a_sender_without_spans_passes_the_trace_on(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    wanted = traced(tenants, "r1")
    async with running(tenants, None) as sender:
        await sender.plan([wanted])
        await eventually(lambda: tenants.status(wanted) == "SENT")
    assert receiver.received[0].headers["traceparent"] == SAMPLED


async def test_every_channel_has_its_span_and_only_webhooks_carry_it(tenants: Tenants) -> None:
    async with running_sinks() as sinks:
        tenants.rule(
            "r1",
            ("webhook", sinks.webhook_url("acme")),
            ("slack", sinks.slack_url("T1")),
            ("email", "oncall@example.com"),
        )
        kept, wanted = Kept(), traced(tenants, "r1")
        smtp = {"smtp_host": sinks.smtp_host, "smtp_port": sinks.smtp_port, "smtp_starttls": "never"}
        async with running(tenants, kept.tracing, **smtp) as sender:
            await sender.plan([wanted])
            await eventually(lambda: tenants.status(wanted) == "SENT")
        assert {span.name for span in kept.spans()} == {"deliver webhook", "deliver slack", "deliver email"}
        assert {(span.attributes or {})["server.address"] for span in kept.spans()} == {"127.0.0.1"}
        assert {each.channel for each in sinks.arrivals if "traceparent" in each.headers} == {"webhook"}
