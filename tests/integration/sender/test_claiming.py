import asyncio
from collections.abc import AsyncIterator

import pytest

from alerting.runtime.database import AsyncPool, async_pool
from alerting.sender.claiming import Claims
from alerting.sender.planning import Planner
from alerting.sender.settings import SenderSettings
from fix_delivery import Tenants


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncPool]:
    async with async_pool(SenderSettings(postgres_dsn=database)) as opened:
        yield opened


async def plan(pool: AsyncPool, tenants: Tenants, number: int, *, room: int = 0) -> list[str]:
    tenants.rule("r1", ("webhook", "https://a.example/"))
    ids = [tenants.notification(f"a{place}", "r1") for place in range(number)]
    await Planner(pool, lease=60).plan(ids, room=room)
    return ids


async def test_each_delivery_is_taken_by_one(pool: AsyncPool, tenants: Tenants) -> None:
    await plan(pool, tenants, 300)
    claims = Claims(pool, lease=60)
    taken = [each.id for part in await asyncio.gather(*(claims.claim(100) for _ in range(5))) for each in part]
    taken += [each.id for each in await claims.claim(300)]
    assert len(taken) == len(set(taken)) == 300
    assert await claims.claim(300) == []


async def test_what_is_leased_or_not_due_or_done_is_left_alone(pool: AsyncPool, tenants: Tenants) -> None:
    ids = await plan(pool, tenants, 4, room=1)
    unleased = tenants.execute("SELECT id FROM deliveries WHERE leased_until IS NULL")
    assert len(unleased) == len(ids) - 1
    tenants.execute("UPDATE deliveries SET next_attempt_at = now() + interval '1 hour' WHERE id = %s", unleased[0][0])
    tenants.execute("UPDATE deliveries SET status = 'DELIVERED' WHERE id = %s", unleased[1][0])
    assert [each.id for each in await Claims(pool, lease=60).claim(10)] == [str(unleased[2][0])]


async def test_a_lease_that_ended_is_taken_over(pool: AsyncPool, tenants: Tenants) -> None:
    (wanted,) = await plan(pool, tenants, 1, room=1)
    claims = Claims(pool, lease=60)
    assert await claims.claim(10) == []
    tenants.execute("UPDATE deliveries SET leased_until = now() - interval '1 second'")
    (taken,) = await claims.claim(10)
    assert (taken.notification_id, taken.attempt, taken.alert.alert_id) == (wanted, 1, "a0")


async def test_those_due_for_longest_come_first(pool: AsyncPool, tenants: Tenants) -> None:
    await plan(pool, tenants, 3)
    for age, place in enumerate((1, 2, 0)):
        tenants.execute(
            "UPDATE deliveries d SET next_attempt_at = now() - %s * interval '1 minute'"
            " FROM notifications n WHERE n.id = d.notification_id AND n.alert_id = %s",
            *(age, f"a{place}"),
        )
    claims = Claims(pool, lease=60)
    order = [(await claims.claim(1))[0].alert.alert_id for _ in range(3)]
    assert order == ["a0", "a2", "a1"]


async def test_what_is_given_back_is_anybodys_after_its_delay(pool: AsyncPool, tenants: Tenants) -> None:
    await plan(pool, tenants, 2)
    claims = Claims(pool, lease=60)
    now, later = await claims.claim(10)
    await claims.release([now], delay=0)
    await claims.release([later], delay=60)
    assert [each.id for each in await claims.claim(10)] == [now.id]
    assert tenants.execute("SELECT leased_until FROM deliveries WHERE id = %s", later.id) == [(None,)]
