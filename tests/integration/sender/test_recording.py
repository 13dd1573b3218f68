import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from alerting.runtime.database import AsyncPool, async_pool
from alerting.sender.claiming import Claims
from alerting.sender.delivery import Attempted, Delivery, Result, Status
from alerting.sender.planning import Planner
from alerting.sender.receiver_health import Hopeless
from alerting.sender.recording import Records
from alerting.sender.settings import SenderSettings
from fix_delivery import Tenants

HOOKS = [("webhook", f"https://{letter}.example/") for letter in "ab"]


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncPool]:
    async with async_pool(SenderSettings(postgres_dsn=database)) as opened:
        yield opened


def result(delivery: Delivery, status: Status, *, delay: float = 0.0, error: str | None = None) -> Result:
    code = 200 if error is None else 500
    return Result(delivery, status, delay, error, attempted=Attempted(1_700_000_000.5, 0.25, code, "answer"))


async def planned(pool: AsyncPool, *ids: str) -> list[Delivery]:
    plan = await Planner(pool, lease=60, delays={}).plan(ids, room=1_000)
    return sorted(plan.leased, key=lambda each: (each.notification_id, each.value))


async def test_a_delivery_and_its_attempt_are_recorded(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", HOOKS[0])
    wanted = tenants.notification("a1", "r1")
    (delivery,) = await planned(pool, wanted)
    await Records(pool).write([result(delivery, "DELIVERED")])
    assert tenants.deliveries(wanted) == [("https://a.example/", "DELIVERED", 1, 200, None)]
    assert tenants.execute(
        "SELECT delivery_id::text, attempt, extract(epoch FROM started_at)::float8, latency_ms, status_code, error,"
        " response FROM delivery_attempts"
    ) == [(delivery.id, 1, 1_700_000_000.5, 250.0, 200, None, "answer")]
    assert tenants.execute("SELECT leased_until, delivered_at IS NULL FROM deliveries") == [(None, False)]
    assert tenants.execute("SELECT status, finished_at IS NULL FROM notifications") == [("SENT", False)]


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        ("DELIVERED", "DELIVERED", "SENT"),
        ("DELIVERED", "FAILED", "PARTIAL"),
        ("FAILED", "DELIVERED", "PARTIAL"),
        ("FAILED", "FAILED", "FAILED"),
        ("DELIVERED", "PENDING", "RECEIVED"),
        ("PENDING", "PENDING", "RECEIVED"),
        ("DELIVERED", "EXPIRED", "PARTIAL"),
        ("FAILED", "EXPIRED", "FAILED"),
    ],
)
@pytest.mark.parametrize("together", [True, False])
async def test_a_notification_is_finished_with_its_last_delivery(
    pool: AsyncPool, tenants: Tenants, first: Status, second: Status, status: str, together: bool
) -> None:
    tenants.rule("r1", *HOOKS)
    wanted = tenants.notification("a1", "r1")
    deliveries = await planned(pool, wanted)
    results = [result(each, end) for each, end in zip(deliveries, (first, second), strict=True)]
    for batch in [results] if together else [[each] for each in results]:
        await Records(pool).write(batch)
    assert tenants.status(wanted) == status
    finished = tenants.execute("SELECT finished_at IS NOT NULL FROM notifications")
    assert finished == [(status != "RECEIVED",)]


async def test_the_last_two_deliveries_recorded_at_once_finish_it(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", *HOOKS)
    ids = [tenants.notification(f"a{number}", "r1") for number in range(50)]
    deliveries = await planned(pool, *ids)
    halves = [[result(each, "DELIVERED") for each in deliveries if each.value == value] for _, value in HOOKS]
    await asyncio.gather(*(Records(pool).write(half) for half in (halves[0], halves[1][::-1])))
    assert set(tenants.statuses(ids)) == {"SENT"}


async def test_a_repetition_is_due_after_its_delay(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", *HOOKS)
    soon, late = await planned(pool, tenants.notification("a1", "r1"))
    await Records(pool).write([result(soon, "PENDING", error="no"), result(late, "PENDING", delay=60, error="no")])
    (again,) = (await Claims(pool, lease=60, delays={}).claim(10)).deliveries
    assert (again.id, again.attempt) == (soon.id, 2)


async def test_writing_twice_changes_nothing(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", HOOKS[0])
    wanted = tenants.notification("a1", "r1")
    (delivery,) = await planned(pool, wanted)
    failed = result(delivery, "PENDING", error="no")
    await Records(pool).write([failed])
    await Records(pool).write([failed])
    assert tenants.deliveries(wanted) == [("https://a.example/", "PENDING", 1, 500, "no")]
    assert tenants.execute("SELECT count(*) FROM delivery_attempts") == [(1,)]


async def taken_over(pool: AsyncPool, tenants: Tenants) -> list[Delivery]:
    """Return what another sender takes when the leases have ended."""
    tenants.execute("UPDATE deliveries SET leased_until = now() - interval '1 second'")
    claim = await Claims(pool, lease=60, delays={}).claim(10)
    return sorted(claim.deliveries, key=lambda each: each.value)


async def test_good_news_that_comes_late_counts_and_bad_news_does_not(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", *HOOKS)
    wanted = tenants.notification("a1", "r1")
    first, second = await planned(pool, wanted)
    other_first, other_second = await taken_over(pool, tenants)
    await Records(pool).write([result(other_first, "PENDING", error="no"), result(other_second, "DELIVERED")])
    await Records(pool).write([result(first, "DELIVERED"), result(second, "FAILED", error="no")])
    assert [row[1:3] for row in tenants.deliveries(wanted)] == [("DELIVERED", 1), ("DELIVERED", 1)]
    assert tenants.status(wanted) == "SENT"


@pytest.mark.parametrize("late", [{"status": "PENDING", "error": "no"}, {"status": "FAILED", "error": "no"}, {}])
async def test_a_lease_that_ended_cannot_end_the_next_one(
    pool: AsyncPool, tenants: Tenants, late: dict[str, Any]
) -> None:
    tenants.rule("r1", HOOKS[0])
    wanted = tenants.notification("a1", "r1")
    (zombie,) = await planned(pool, wanted)
    (delivery,) = await taken_over(pool, tenants)
    await Records(pool).write([result(zombie, **late) if late else Result(zombie, "PENDING")])
    assert tenants.deliveries(wanted) == [("https://a.example/", "PENDING", 0, None, None)]
    assert tenants.execute("SELECT leased_until FROM deliveries") == [(delivery.lease,)]


async def test_what_is_put_off_is_no_attempt(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", *HOOKS)
    now, later = await planned(pool, tenants.notification("a1", "r1"))
    await Records(pool).write([Result(now, "PENDING"), Result(later, "PENDING", 60)])
    claim = await Claims(pool, lease=60, delays={}).claim(10)
    assert [(each.id, each.attempt) for each in claim.deliveries] == [(now.id, 1)]
    assert tenants.execute("SELECT leased_until FROM deliveries WHERE id = %s", later.id) == [(None,)]
    assert tenants.execute("SELECT count(*) FROM delivery_attempts") == [(0,)]


async def test_what_expires_keeps_what_its_last_attempt_said(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", HOOKS[0])
    wanted = tenants.notification("a1", "r1")
    (delivery,) = await planned(pool, wanted)
    await Records(pool).write([result(delivery, "PENDING", error="no")])
    tenants.execute("UPDATE deliveries SET expires_at = now()")
    (ended,) = (await Claims(pool, lease=60, delays={}).claim(10)).ended
    await Records(pool).write([ended])
    assert tenants.deliveries(wanted) == [
        ("https://a.example/", "EXPIRED", 1, 500, "it could not be delivered in time")
    ]
    assert tenants.status(wanted) == "FAILED"


async def test_nothing_is_due_after_it_expires(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", HOOKS[0])
    (delivery,) = await planned(pool, tenants.notification("a1", "r1"))
    await Records(pool).write([result(delivery, "PENDING", delay=1e6, error="no")])
    assert tenants.execute("SELECT next_attempt_at = expires_at FROM deliveries") == [(True,)]


@pytest.mark.parametrize("end", ["FAILED", "EXPIRED"])
async def test_the_fallback_has_its_turn_when_the_others_fail(pool: AsyncPool, tenants: Tenants, end: Status) -> None:
    tenants.rule("r1", HOOKS[0], fallbacks=[("webhook", "https://fallback.example/")])
    tenants.rule("r2", HOOKS[1], fallbacks=[("webhook", "https://other.example/")])
    wanted = tenants.notification("a1", "r1", "r2")
    failing, good = await planned(pool, wanted)
    await Records(pool).write([result(good, "DELIVERED")])
    await Records(pool).write([result(failing, end, error="no")])
    assert tenants.status(wanted) == "RECEIVED"
    (fallback,) = (await Claims(pool, lease=60, delays={}).claim(10)).deliveries
    assert fallback.value == "https://fallback.example/"
    await Records(pool).write([result(fallback, end, error="no")])
    assert tenants.status(wanted) == "PARTIAL"
    assert len(tenants.deliveries(wanted)) == 3


async def test_a_receiver_that_fails_has_a_row_until_it_recovers(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", HOOKS[0])
    deliveries = await planned(pool, *(tenants.notification(f"a{number}", "r1") for number in range(4)))
    await Records(pool).write([result(deliveries[0], "DELIVERED")])
    query = "SELECT failures, failing_since IS NOT NULL, last_error, open_until > now() FROM receivers"
    assert tenants.execute(query) == []
    await Records(pool).write([result(deliveries[1], "PENDING", error="one")])
    opened = result(deliveries[2], "PENDING", error="two")
    assert opened.attempted is not None
    await Records(pool).write([opened._replace(attempted=opened.attempted._replace(open_for=60.0))])
    assert tenants.execute(query) == [(2, True, "two", True)]
    await Records(pool).write([result(deliveries[3], "DELIVERED")])
    assert tenants.execute(query) == [(0, False, "two", None)]


@pytest.mark.parametrize(("days", "failures", "hopeless"), [(6, 19, True), (4, 100, False), (6, 18, False)])
async def test_a_receiver_is_hopeless_after_days_and_attempts(
    pool: AsyncPool, tenants: Tenants, days: int, failures: int, hopeless: bool
) -> None:
    tenants.rule("r1", HOOKS[0])
    first, second = await planned(pool, tenants.notification("a1", "r1"), tenants.notification("a2", "r1"))
    await Records(pool).write([result(first, "PENDING", error="one")])
    tenants.execute("UPDATE receivers SET failing_since = now() - %s * interval '1 day', failures = %s", days, failures)
    given_up = await Records(pool).write([result(second, "PENDING", error="two")])
    assert given_up == ([Hopeless(second.address, "failing", "two")] if hopeless else [])


async def test_a_delivery_that_is_gone_hurts_no_other(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", HOOKS[0])
    gone, kept = tenants.notification("a1", "r1"), tenants.notification("a2", "r1")
    deliveries = await planned(pool, gone, kept)
    tenants.execute("DELETE FROM notifications WHERE id = %s", gone)
    await Records(pool).write([result(each, "DELIVERED") for each in deliveries])
    assert tenants.status(kept) == "SENT"
