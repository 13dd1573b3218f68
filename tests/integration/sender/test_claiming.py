import asyncio
from collections.abc import AsyncIterator

import pytest

from alerting.deliveries.schedule import Profile
from alerting.runtime.database import AsyncPool, async_pool
from alerting.sender.claiming import Claim, Claims
from alerting.sender.planning import Planner
from alerting.sender.settings import SenderSettings
from fix_delivery import Tenants

DELAYS: dict[Profile, tuple[float, ...]] = {"standard": (5.0, 30.0), "page": (1.0,)}


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncPool]:
    async with async_pool(SenderSettings(postgres_dsn=database)) as opened:
        yield opened


async def plan(pool: AsyncPool, tenants: Tenants, number: int, *, room: int = 0) -> list[str]:
    tenants.rule("r1", ("webhook", "https://a.example/"))
    ids = [tenants.notification(f"a{place}", "r1") for place in range(number)]
    await Planner(pool, lease=60, delays=DELAYS).plan(ids, room=room)
    return ids


async def test_each_delivery_is_taken_by_one(pool: AsyncPool, tenants: Tenants) -> None:
    await plan(pool, tenants, 300)
    claims = Claims(pool, lease=60, delays=DELAYS)
    taken = [
        each.id for part in await asyncio.gather(*(claims.claim(100) for _ in range(5))) for each in part.deliveries
    ]
    taken += [each.id for each in (await claims.claim(300)).deliveries]
    assert len(taken) == len(set(taken)) == 300
    assert await claims.claim(300) == Claim([], [])


async def test_what_is_leased_or_not_due_or_done_is_left_alone(pool: AsyncPool, tenants: Tenants) -> None:
    ids = await plan(pool, tenants, 4, room=1)
    unleased = tenants.execute("SELECT id FROM deliveries WHERE leased_until IS NULL")
    assert len(unleased) == len(ids) - 1
    tenants.execute("UPDATE deliveries SET next_attempt_at = now() + interval '1 hour' WHERE id = %s", unleased[0][0])
    tenants.execute("UPDATE deliveries SET status = 'DELIVERED' WHERE id = %s", unleased[1][0])
    assert [each.id for each in (await Claims(pool, lease=60, delays=DELAYS).claim(10)).deliveries] == [
        str(unleased[2][0])
    ]


async def test_a_lease_that_ended_is_taken_over(pool: AsyncPool, tenants: Tenants) -> None:
    (wanted,) = await plan(pool, tenants, 1, room=1)
    claims = Claims(pool, lease=60, delays=DELAYS)
    assert await claims.claim(10) == Claim([], [])
    tenants.execute("UPDATE deliveries SET leased_until = now() - interval '1 second'")
    (taken,) = (await claims.claim(10)).deliveries
    assert (taken.notification_id, taken.attempt, taken.alert.alert_id) == (wanted, 1, "a0")


async def test_those_due_for_longest_come_first(pool: AsyncPool, tenants: Tenants) -> None:
    await plan(pool, tenants, 3)
    for age, place in enumerate((1, 2, 0)):
        tenants.execute(
            "UPDATE deliveries d SET next_attempt_at = now() - %s * interval '1 minute'"
            " FROM notifications n WHERE n.id = d.notification_id AND n.alert_id = %s",
            *(age, f"a{place}"),
        )
    claims = Claims(pool, lease=60, delays=DELAYS)
    order = [(await claims.claim(1)).deliveries[0].alert.alert_id for _ in range(3)]
    assert order == ["a0", "a2", "a1"]


async def test_what_is_too_old_or_has_no_address_ends(pool: AsyncPool, tenants: Tenants) -> None:
    tenants.rule("r1", ("webhook", "https://a.example/"), ("slack", "https://b.example/"))
    wanted = tenants.notification("a1", "r1")
    await Planner(pool, lease=60, delays=DELAYS).plan([wanted], room=0)
    tenants.execute("UPDATE deliveries SET expires_at = now() WHERE type = 'webhook'")
    tenants.execute("UPDATE endpoints SET enabled = false WHERE type = 'slack'")
    claim = await Claims(pool, lease=60, delays=DELAYS).claim(10)
    assert claim.deliveries == []
    assert {(each.delivery.type, each.status) for each in claim.ended} == {("webhook", "EXPIRED"), ("slack", "FAILED")}


async def test_another_endpoint_with_the_address_will_do(pool: AsyncPool, tenants: Tenants) -> None:
    await plan(pool, tenants, 1)
    tenants.rule("r2", ("webhook", "https://a.example/"))
    tenants.rule("r3", ("webhook", "https://a.example/"), client_id="other")
    tenants.execute("DELETE FROM rules WHERE id = 'r1'")
    claim = await Claims(pool, lease=60, delays=DELAYS).claim(10)
    secret = tenants.execute("SELECT secret FROM endpoints WHERE rule_id = 'r2'")[0][0]
    assert [each.secrets for each in claim.deliveries] == [(secret,)]


@pytest.mark.parametrize(
    ("change", "delays"),
    [
        ("retry_profile = 'standard'", (5.0, 30.0)),
        ("retry_profile = 'page'", (1.0,)),
        ("retry_profile = 'custom', retry_delays = '{7, 8, 9}'", (7.0, 8.0, 9.0)),
    ],
)
async def test_a_delivery_has_its_endpoints_schedule_and_secrets(
    pool: AsyncPool, tenants: Tenants, change: str, delays: tuple[float, ...]
) -> None:
    await plan(pool, tenants, 1)
    tenants.execute(
        f"UPDATE endpoints SET {change}, secret = 'new', previous_secret = 'old',"
        " previous_secret_until = now() + interval '1 minute'"
    )
    tenants.execute("UPDATE deliveries SET attempts = 5, attempts_before = 3")
    (taken,) = (await Claims(pool, lease=60, delays=DELAYS).claim(10)).deliveries
    assert (taken.delays, taken.tried, taken.attempt) == (delays, 2, 6)
    assert taken.secrets == ("new", "old")
    tenants.execute("UPDATE endpoints SET previous_secret_until = now()")
    tenants.execute("UPDATE deliveries SET leased_until = NULL")
    (taken,) = (await Claims(pool, lease=60, delays=DELAYS).claim(10)).deliveries
    assert taken.secrets == ("new",)
