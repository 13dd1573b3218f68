"""The sender's event loop with a real database and real receivers, without a broker."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from alerting.local.sinks import running_sinks
from alerting.runtime.clock import SystemClock
from alerting.runtime.telemetry import Telemetry
from alerting.sender.engine import open_sender
from alerting.sender.sender import Sender
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, Receiver, Tenants, eventually, running_receiver

DEFAULTS: dict[str, Any] = {
    "allowed_networks": ["127.0.0.0/8"],
    "retry_delays": [0.05, 0.05],
    "claim_interval": 0.05,
    "sweep_interval": 0.05,
    "sweep_after": 3_600,
    "smtp_starttls": "never",
}


@asynccontextmanager
async def running(tenants: Tenants, **settings: Any) -> AsyncIterator[Sender]:
    given = SenderSettings(postgres_dsn=tenants.dsn, **{**DEFAULTS, **settings})
    clock, stop = SystemClock(), asyncio.Event()
    async with open_sender(given, Telemetry(clock), clock) as sender:
        work = asyncio.create_task(sender.run(stop))
        try:
            yield sender
        finally:
            stop.set()
            await asyncio.wait_for(work, 40)


async def finished(tenants: Tenants, *ids: str) -> set[str]:
    """Wait until the notifications are finished, and return how."""
    await eventually(lambda: all(tenants.status(each) != "RECEIVED" for each in ids))
    return {tenants.status(each) for each in ids}


async def test_each_channel_delivers(tenants: Tenants) -> None:
    async with running_sinks() as sinks:
        tenants.rule(
            "r1",
            ("webhook", sinks.webhook_url("acme")),
            ("slack", sinks.slack_url("T1")),
            ("email", "oncall@example.com"),
        )
        wanted = tenants.notification("a1", "r1")
        async with running(tenants, smtp_host=sinks.smtp_host, smtp_port=sinks.smtp_port) as sender:
            assert await sender.plan([wanted]) == set()
            assert await finished(tenants, wanted) == {"SENT"}
        arrived = {arrival.channel: arrival for arrival in sinks.arrivals}
        assert len(sinks.arrivals) == 3
        webhook = arrived["webhook"]
        assert webhook.body["alert"] == {
            "alert_id": "a1",
            "severity": "HIGH",
            "source": "api",
            "name": "Timeout",
            "context": {"region": "eu"},
            "event_at": "2023-11-14T22:13:20Z",
        }
        assert webhook.headers["idempotency-key"] == webhook.body["delivery_id"]
        assert webhook.headers["content-type"] == "application/json"
        assert arrived["slack"].body["text"] == "[HIGH] api: Timeout"
        assert arrived["email"].to == "oncall@example.com"
        assert arrived["email"].headers["subject"] == "[HIGH] api: Timeout"
        assert "region: eu" in arrived["email"].body


async def test_one_failing_endpoint_neither_hides_nor_repeats_the_others(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", *(("webhook", f"{receiver.url}/{name}") for name in ("good", "bad", "fine")))
    receiver.answers["/bad"] = [Answer(500, b"oops")]
    wanted = tenants.notification("a1", "r1")
    async with running(tenants) as sender:
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"PARTIAL"}
    assert [len(receiver.at(f"/{name}")) for name in ("good", "bad", "fine")] == [1, 3, 1]
    assert {row[0].rpartition("/")[2]: row[1:] for row in tenants.deliveries(wanted)} == {
        "good": ("DELIVERED", 1, 200, None),
        "bad": ("FAILED", 3, 500, "the receiver answered 500 Internal Server Error"),
        "fine": ("DELIVERED", 1, 200, None),
    }
    attempts = tenants.execute("SELECT attempt, response FROM delivery_attempts WHERE status_code = 500 ORDER BY 1")
    assert attempts == [(1, "oops"), (2, "oops"), (3, "oops")]


async def test_a_repetition_succeeds_under_the_same_key(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/hook"))
    receiver.answers["/hook"] = [Answer(503), Answer(429), Answer(204, b"")]
    wanted = tenants.notification("a1", "r1")
    async with running(tenants) as sender:
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"SENT"}
    assert [request.json["attempt"] for request in receiver.received] == [1, 2, 3]
    assert len({request.headers["idempotency-key"] for request in receiver.received}) == 1
    assert tenants.deliveries(wanted)[0][1:] == ("DELIVERED", 3, 204, None)


async def test_what_is_gone_is_not_asked_again(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/gone"))
    receiver.answers["/gone"] = [Answer(410)]
    wanted = tenants.notification("a1", "r1")
    async with running(tenants) as sender:
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"FAILED"}
    assert len(receiver.received) == 1


async def test_nothing_private_is_reached_and_the_tenant_is_told(tenants: Tenants, receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2]
    tenants.rule("r1", ("webhook", receiver.url), ("slack", f"http://localhost:{port}/"))
    wanted = tenants.notification("a1", "r1")
    async with running(tenants, allowed_networks=[]) as sender:
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"FAILED"}
    assert receiver.received == []
    assert all("private" in row[4] and row[2] == 1 for row in tenants.deliveries(wanted))


async def test_a_channel_that_there_is_not_fails_alone(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    wanted = tenants.notification("a1", "r1")
    async with running(tenants, claim_interval=600) as sender:
        await sender.plan([wanted])
        await finished(tenants, wanted)
    tenants.execute("UPDATE deliveries SET status = 'PENDING', attempts = 0, type = 'pigeon'")
    async with running(tenants):
        assert await finished(tenants, wanted) == {"SENT"}
        await eventually(lambda: tenants.deliveries(wanted)[0][1] == "FAILED")
    assert tenants.deliveries(wanted)[0][4] == "there is no channel pigeon"


async def test_two_senders_attempt_nothing_twice(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"), ("webhook", f"{receiver.url}/b"))
    ids = [tenants.notification(f"a{number}", "r1") for number in range(100)]
    async with running(tenants) as first, running(tenants) as second:
        # Each message twice, as after a rebalance, and the sweeps on top.
        await asyncio.gather(first.plan(ids), second.plan(ids[::-1]))
        assert await finished(tenants, *ids) == {"SENT"}
    assert set(Counter(request.json["delivery_id"] for request in receiver.received).values()) == {1}
    assert len(receiver.received) == 200


async def test_more_than_fits_waits_in_the_table(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    ids = [tenants.notification(f"a{number}", "r1") for number in range(40)]
    async with running(tenants, hand_over=10, attempts_per_host=3) as sender:
        await sender.plan(ids)
        assert await finished(tenants, *ids) == {"SENT"}
    assert receiver.most_open <= 3
    assert len(receiver.received) == 40


async def test_a_slow_receiver_delays_nobody_else(tenants: Tenants, receiver: Receiver) -> None:
    async with running_receiver() as slow:
        slow.answers["/"] = [Answer(delay=60)]
        tenants.rule("r1", ("webhook", f"{slow.url}/"))
        tenants.rule("r2", ("webhook", f"{receiver.url}/"))
        waiting = [tenants.notification(f"slow {number}", "r1") for number in range(40)]
        ids = [tenants.notification(f"fast {number}", "r2") for number in range(40)]
        settings = {"hand_over": 20, "attempts_per_host": 2, "attempts_in_flight": 4, "attempt_timeout": 30}
        async with running(tenants, **settings, drain_timeout=0.1) as sender:
            await sender.plan(waiting)
            await sender.plan(ids)
            assert await finished(tenants, *ids) == {"SENT"}
        assert slow.most_open <= 2
        assert {tenants.status(each) for each in waiting} == {"RECEIVED"}


async def test_what_nobody_planned_is_swept(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    old = [tenants.notification(f"old {number}", "r1", age=100) for number in range(3)]
    new = tenants.notification("new", "r1")
    async with running(tenants, sweep_after=50), running(tenants, sweep_after=50):
        assert await finished(tenants, *old) == {"SENT"}
        later = tenants.notification("later", "r1", age=51)
        assert await finished(tenants, later) == {"SENT"}
    assert tenants.status(new) == "RECEIVED"
    assert len(receiver.received) == 4


async def test_a_stopped_sender_finishes_what_is_in_flight_and_gives_back_the_rest(
    tenants: Tenants, receiver: Receiver
) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(delay=0.5)]
    ids = [tenants.notification(f"a{number}", "r1") for number in range(10)]
    async with running(tenants, attempts_per_host=2) as sender:
        await sender.plan(ids)
        await eventually(lambda: receiver.open == 2)
    assert len(receiver.received) == 2
    assert Counter(tenants.status(each) for each in ids) == {"SENT": 2, "RECEIVED": 8}
    assert tenants.execute("SELECT count(*) FROM deliveries WHERE leased_until IS NOT NULL") == [(0,)]
    receiver.answers.clear()
    async with running(tenants):
        assert await finished(tenants, *ids) == {"SENT"}
    assert len(receiver.received) == 10


async def test_a_database_that_restarts_costs_nothing_but_time(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(delay=0.02)]
    ids = [tenants.notification(f"a{number}", "r1") for number in range(100)]
    async with running(tenants, attempts_per_host=4) as sender:
        await sender.plan(ids)
        for number in range(3):
            await eventually(lambda number=number: len(receiver.received) > 25 * number)  # type: ignore[misc]
            tenants.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        assert await finished(tenants, *ids) == {"SENT"}
    assert set(Counter(request.json["delivery_id"] for request in receiver.received).values()) == {1}
