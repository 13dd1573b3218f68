import asyncio
from collections.abc import AsyncIterator

import pytest

from alerting.runtime.database import AsyncPool, async_pool
from alerting.sender.claiming import Claims
from alerting.sender.delivery import Delivery, Result, Status
from alerting.sender.planning import Planner
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
    return Result(delivery, status, delay, 1_700_000_000.5, 0.25, code, error, "answer")


async def planned(pool: AsyncPool, *ids: str) -> list[Delivery]:
    plan = await Planner(pool, lease=60).plan(ids, room=1_000)
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
    assert {tenants.status(each) for each in ids} == {"SENT"}


async def test_a_repetition_is_due_after_its_delay(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", *HOOKS)
    soon, late = await planned(pool, tenants.notification("a1", "r1"))
    await Records(pool).write([result(soon, "PENDING", error="no"), result(late, "PENDING", delay=60, error="no")])
    (again,) = await Claims(pool, lease=60).claim(10)
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


async def test_good_news_that_comes_late_counts_and_bad_news_does_not(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", *HOOKS)
    wanted = tenants.notification("a1", "r1")
    first, second = await planned(pool, wanted)
    # Another sender took both when the lease ended, and its second attempt of each is recorded first.
    await Records(pool).write(
        [result(first._replace(attempt=2), "PENDING", error="no"), result(second._replace(attempt=2), "DELIVERED")]
    )
    await Records(pool).write([result(first, "DELIVERED"), result(second, "FAILED", error="no")])
    assert [row[1:3] for row in tenants.deliveries(wanted)] == [("DELIVERED", 2), ("DELIVERED", 2)]
    assert tenants.status(wanted) == "SENT"


async def test_a_delivery_that_is_gone_hurts_no_other(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", HOOKS[0])
    gone, kept = tenants.notification("a1", "r1"), tenants.notification("a2", "r1")
    deliveries = await planned(pool, gone, kept)
    tenants.execute("DELETE FROM notifications WHERE id = %s", gone)
    await Records(pool).write([result(each, "DELIVERED") for each in deliveries])
    assert tenants.status(kept) == "SENT"
