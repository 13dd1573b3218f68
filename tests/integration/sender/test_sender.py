"""The sender's event loop with a real database and real receivers, without a broker."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from alerting.local.ports import free_port
from alerting.local.sinks import running_sinks
from alerting.runtime.clock import Clock, SystemClock
from alerting.runtime.telemetry import Telemetry
from alerting.sender.engine import open_sender
from alerting.sender.sender import Sender
from alerting.sender.settings import SenderSettings
from fix_delivery import Answer, Receiver, Tenants, eventually, running_receiver

CLOCK = SystemClock()

DEFAULTS: dict[str, Any] = {
    "allowed_networks": ["127.0.0.0/8"],
    "retry_delays": [0.05, 0.05],
    "throttled_delay": 0.05,
    "claim_interval": 0.05,
    "sweep_interval": 0.05,
    "sweep_after": 3_600,
    "smtp_starttls": "never",
}


@asynccontextmanager
async def running(
    tenants: Tenants, *, clock: Clock = CLOCK, telemetry: Telemetry | None = None, **settings: Any
) -> AsyncIterator[Sender]:
    given = SenderSettings(postgres_dsn=tenants.dsn, **{**DEFAULTS, **settings})
    stop = asyncio.Event()
    async with open_sender(given, telemetry or Telemetry(clock), clock) as sender:
        work = asyncio.create_task(sender.run(stop))
        try:
            yield sender
        finally:
            stop.set()
            await asyncio.wait_for(work, 40)


async def finished(tenants: Tenants, *ids: str) -> set[str]:
    """Wait until the notifications are finished, and return how."""
    await eventually(lambda: "RECEIVED" not in tenants.statuses(ids))
    return set(tenants.statuses(ids))


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


async def test_a_receivers_fault_is_not_counted_as_the_platforms(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"), ("email", "oncall@example.com"))
    receiver.answers["/a"] = [Answer(410)]
    wanted = tenants.notification("a1", "r1")
    telemetry = Telemetry(CLOCK)
    async with running(tenants, telemetry=telemetry, retry_delays=[], smtp_port=free_port()) as sender:
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"FAILED"}
    assert +Counter(telemetry.totals()) == {"refused": 1, "errors": 1}


async def test_nothing_private_is_reached_and_the_tenant_is_told(tenants: Tenants, receiver: Receiver) -> None:
    port = receiver.url.rpartition(":")[2]
    tenants.rule("r1", ("webhook", receiver.url), ("slack", f"http://localhost:{port}/"))
    wanted = tenants.notification("a1", "r1")
    async with running(tenants, allowed_networks=[]) as sender:
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"FAILED"}
    assert receiver.received == []
    assert all("private" in row[4] and row[2] == 1 for row in tenants.deliveries(wanted))


async def test_what_no_endpoint_has_any_more_fails(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"), ("webhook", f"{receiver.url}/b"))
    receiver.answers["/a"] = [Answer(503)]
    wanted = tenants.notification("a1", "r1")
    async with running(tenants, retry_delays=[1.0]) as sender:
        await sender.plan([wanted])
        await eventually(lambda: len(receiver.received) == 2)
        tenants.execute("UPDATE endpoints SET enabled = false")
        assert await finished(tenants, wanted) == {"PARTIAL"}
    assert len(receiver.received) == 2
    assert "no enabled endpoint" in tenants.deliveries(wanted)[0][4]


async def test_the_fallback_is_told_when_the_page_fails(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule(
        "r1", ("webhook", f"{receiver.url}/bad"), fallbacks=[("webhook", f"{receiver.url}/fallback")], profile="page"
    )
    receiver.answers["/bad"] = [Answer(500)]
    wanted = tenants.notification("a1", "r1")
    async with running(tenants, page_delays=[0.01, 0.01, 0.01]) as sender:
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"PARTIAL"}
    assert [len(receiver.at(path)) for path in ("/bad", "/fallback")] == [4, 1]


async def test_a_lone_fallback_is_told_at_once(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", fallbacks=[("webhook", f"{receiver.url}/fallback")])
    wanted = tenants.notification("a1", "r1")
    async with running(tenants) as sender:
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"SENT"}


async def test_410_disables_the_address_and_another_endpoint_hears_of_it(tenants: Tenants, receiver: Receiver) -> None:
    gone = ("webhook", f"{receiver.url}/gone")
    tenants.rule("r1", gone)
    tenants.rule("r2", gone)
    tenants.rule("failing", ("webhook", f"{receiver.url}/failing"))
    tenants.rule("r3", ("webhook", f"{receiver.url}/good"))
    tenants.rule("other", gone, client_id="other")
    receiver.answers["/gone"] = [Answer(410)]
    receiver.answers["/failing"] = [Answer(500)]
    failing = tenants.notification("a0", "failing")
    wanted = tenants.notification("a1", "r1")
    async with running(tenants) as sender:
        await sender.plan([failing])
        await finished(tenants, failing)
        await sender.plan([wanted])
        assert await finished(tenants, wanted) == {"FAILED"}
        await eventually(lambda: len(receiver.at("/good")) == 1)
    endpoints = tenants.execute(
        "SELECT client_id, rule_id, enabled, disabled_reason FROM endpoints WHERE value = %s", gone[1]
    )
    reason = "the receiver answered 410 Gone"
    assert sorted(endpoints, key=str) == [
        ("acme", "r1", False, reason),
        ("acme", "r2", False, reason),
        ("other", "other", True, None),
    ]
    told = receiver.at("/good")[0].json["alert"]
    assert (told["severity"], told["source"], told["name"]) == ("HIGH", "alerting", "EndpointDisabled")
    assert told["context"]["reason"] == reason
    assert "/gone" not in told["context"]["to"]
    audit = tenants.execute("SELECT actor, action, subject, client_id, detail FROM audit_log")
    assert audit == [("sender", "disabled", "endpoint", "acme", {"cause": "gone", "reason": reason})] * 2


async def test_a_client_without_another_endpoint_finds_the_notice_in_its_list(
    tenants: Tenants, receiver: Receiver
) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/gone"))
    receiver.answers["/gone"] = [Answer(410)]
    wanted = tenants.notification("a1", "r1")
    async with running(tenants) as sender:
        await sender.plan([wanted])
        await eventually(lambda: tenants.execute("SELECT count(*) FROM notifications") == [(2,)])
    notice = tenants.execute("SELECT status, name, rule_ids FROM notifications WHERE source = 'alerting'")
    assert notice == [("NO_ENDPOINT", "EndpointDisabled", ["r1"])]


async def test_a_failing_receiver_is_left_alone_then_asked_once(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(503)]
    ids = [tenants.notification(f"a{number}", "r1") for number in range(100)]
    async with running(tenants, attempts_per_host=1, breaker_open_seconds=0.5, retry_delays=[0.01] * 50) as sender:
        await sender.plan(ids)
        await eventually(lambda: len(receiver.received) == 10)
        await eventually(lambda: tenants.execute("SELECT open_until > failing_since FROM receivers") == [(True,)])
        # Open for 0.5 s, then for 1 s: in between it is asked once.
        await eventually(lambda: len(receiver.received) == 11)
        receiver.answers["/a"] = [Answer(200)]
        assert await finished(tenants, *ids) == {"SENT"}
    assert receiver.most_open == 1
    assert tenants.execute("SELECT count(*) FROM deliveries WHERE attempts > 11") == [(0,)]


async def test_a_receiver_that_fails_every_other_time_gets_all_and_is_not_left_alone(
    tenants: Tenants, receiver: Receiver
) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(500), Answer(200)] * 20
    ids = [tenants.notification(f"a{number}", "r1") for number in range(20)]
    async with running(tenants, attempts_per_host=1, retry_delays=[0.01] * 50, breaker_open_seconds=3_600) as sender:
        await sender.plan(ids)
        assert await finished(tenants, *ids) == {"SENT"}
    assert len(receiver.received) == 40
    assert tenants.execute("SELECT count(*) FROM receivers WHERE open_until IS NOT NULL") == [(0,)]


async def test_a_channel_at_its_rate_holds_back_no_other(tenants: Tenants) -> None:
    async with running_sinks() as sinks:
        tenants.rule("r1", ("email", "oncall@example.com"))
        tenants.rule("r2", ("webhook", sinks.webhook_url("acme")))
        mails = [tenants.notification(f"mail {number}", "r1") for number in range(30)]
        hooks = [tenants.notification(f"hook {number}", "r2") for number in range(30)]
        settings: dict[str, Any] = {"smtp_host": sinks.smtp_host, "smtp_port": sinks.smtp_port}
        async with running(tenants, channel_rates={"email": {"per_second": 10, "burst": 5}}, **settings) as sender:
            await sender.plan(mails)
            await sender.plan(hooks)
            assert await finished(tenants, *hooks) == {"SENT"}
            # On a busy machine the first mail may not be recorded yet; that all will be is looked at below.
            assert "RECEIVED" in set(tenants.statuses(mails)) <= {"SENT", "RECEIVED"}
            assert await finished(tenants, *mails) == {"SENT"}
        times = sorted(arrival.at for arrival in sinks.arrivals if arrival.channel == "email")
        # 25 of them waited for a tenth of a second each; only a rate that is too high can make this fail.
        assert times[-1] - times[0] > 2.3
    assert tenants.execute("SELECT max(attempts) FROM deliveries") == [(1,)]


async def test_a_receiver_that_asks_for_silence_has_it(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(429, headers={"retry-after": "2"}), Answer(200)]
    first, second = tenants.notification("a1", "r1"), tenants.notification("a2", "r1")
    loop = asyncio.get_running_loop()
    async with running(tenants) as sender:
        await sender.plan([first])
        await eventually(lambda: len(receiver.received) == 1)
        asked = loop.time()
        await eventually(lambda: tenants.deliveries(first)[0][2] == 1)
        await sender.plan([second])
        assert await finished(tenants, first, second) == {"SENT"}
        assert loop.time() - asked > 1.9
    assert tenants.deliveries(second)[0][2] == 1


async def test_a_configuration_error_is_marked_from_the_second_attempt(tenants: Tenants, receiver: Receiver) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(404), Answer(404), Answer(200)]
    wanted = tenants.notification("a1", "r1")
    marks: list[tuple[int, bool]] = []
    async with running(tenants, retry_delays=[0.5, 0.5]) as sender:
        await sender.plan([wanted])
        for number in (1, 2, 3):
            await eventually(lambda number=number: tenants.deliveries(wanted)[0][2] == number)  # type: ignore[misc]
            marks += tenants.execute("SELECT attempts, configuration_error FROM deliveries")
    assert marks == [(1, False), (2, True), (3, False)]


async def test_one_hanging_endpoint_delays_no_other(tenants: Tenants, receiver: Receiver) -> None:
    """1,000 clients, each with an endpoint on one host; one of them hangs for longer than it may."""
    tenants.execute("INSERT INTO clients (id, name) SELECT 'c' || n, 'client' FROM generate_series(0, 999) n")
    tenants.execute(
        "INSERT INTO rules (id, client_id, severity, source, name)"
        " SELECT 'r' || n, 'c' || n, '*', 'api', '*' FROM generate_series(0, 999) n"
    )
    tenants.execute(
        "INSERT INTO endpoints (id, rule_id, client_id, type, value)"
        " SELECT 'e' || n, 'r' || n, 'c' || n, 'webhook', %s || n FROM generate_series(0, 999) n",
        f"{receiver.url}/",
    )
    receiver.answers["/0"] = [Answer(delay=30)]
    hanging = [tenants.notification(f"hang {number}", "r0", client_id="c0") for number in range(100)]
    added = tenants.execute(
        "INSERT INTO notifications (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids,"
        " rules_version) SELECT gen_random_uuid(), 'c' || n, 'a', 'LOW', 'api', 'x', '{}', now(), ARRAY['r' || n], 1"
        " FROM generate_series(1, 999) n RETURNING id::text"
    )
    settings: dict[str, Any] = {
        "attempts_per_client": 10,
        "attempts_per_host": 20,
        "attempt_timeout": 20,
        "drain_timeout": 0.1,
    }
    async with running(tenants, **settings) as sender:
        await sender.plan(hanging)
        await eventually(lambda: receiver.open == 10)
        await sender.plan([each for (each,) in added])
        sent = "SELECT count(*) FROM notifications WHERE status = 'SENT'"
        await eventually(lambda: tenants.execute(sent) == [(999,)])
        # All of the others have theirs while the ten still hang.
        assert len(receiver.at("/0")) == receiver.open == 10
    assert set(tenants.statuses(hanging)) == {"RECEIVED"}


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
        settings: dict[str, Any] = {
            "hand_over": 20,
            "attempts_per_host": 2,
            "attempts_in_flight": 4,
            "attempt_timeout": 20,
        }
        async with running(tenants, **settings, drain_timeout=0.1) as sender:
            await sender.plan(waiting)
            await sender.plan(ids)
            assert await finished(tenants, *ids) == {"SENT"}
        assert slow.most_open <= 2
        assert set(tenants.statuses(waiting)) == {"RECEIVED"}


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
    assert Counter(tenants.statuses(ids)) == {"SENT": 2, "RECEIVED": 8}
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


class _Jumping(SystemClock):
    """The machine's clocks, of which one can be set."""

    ahead = 0.0

    def now(self) -> float:
        return super().now() + self.ahead


@pytest.mark.parametrize("hours", [1, -1])
async def test_the_senders_clock_may_jump_an_hour(tenants: Tenants, receiver: Receiver, hours: int) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(503, delay=0.1)] * 5 + [Answer(delay=0.1)]
    ids = [tenants.notification(f"a{number}", "r1") for number in range(40)]
    clock = _Jumping()
    async with running(tenants, clock=clock, attempts_per_host=4) as sender:
        await sender.plan(ids)
        await eventually(lambda: len(receiver.received) > 8)
        clock.ahead = hours * 3_600
        assert await finished(tenants, *ids) == {"SENT"}
    assert set(Counter((one.json["delivery_id"], one.json["attempt"]) for one in receiver.received).values()) == {1}


@pytest.mark.parametrize("hours", [1, -1])
async def test_the_databases_clock_may_jump_an_hour(tenants: Tenants, receiver: Receiver, hours: int) -> None:
    tenants.rule("r1", ("webhook", f"{receiver.url}/a"))
    receiver.answers["/a"] = [Answer(delay=0.1)]
    ids = [tenants.notification(f"a{number}", "r1") for number in range(40)]
    async with running(tenants, attempts_per_host=2) as sender:
        await sender.plan(ids)
        await eventually(lambda: len(receiver.received) > 8)
        # To the sender it is the same whether the clock has jumped, or all that is written down by it.
        tenants.execute(
            "UPDATE deliveries SET leased_until = leased_until - make_interval(hours => %s),"
            " next_attempt_at = next_attempt_at - make_interval(hours => %s)",
            *(hours, hours),
        )
        assert await finished(tenants, *ids) == {"SENT"}
    assert set(Counter(one.json["delivery_id"] for one in receiver.received).values()) == {1}
