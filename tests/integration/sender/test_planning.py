import asyncio
from collections.abc import AsyncIterator
from uuid import UUID

import pytest

from alerting.runtime.database import AsyncPool, async_pool
from alerting.runtime.ids import new_id
from alerting.sender.planning import Planner
from alerting.sender.settings import SenderSettings
from fix_delivery import Tenants

HOOK = ("webhook", "https://a.example/")
MAIL = ("email", "oncall@a.example")


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncPool]:
    async with async_pool(SenderSettings(postgres_dsn=database)) as opened:
        yield opened


@pytest.fixture
def planner(pool: AsyncPool) -> Planner:
    return Planner(pool, lease=60, delays={})


async def test_a_delivery_for_each_endpoint_of_its_rules(planner: Planner, tenants: Tenants) -> None:
    tenants.rule("r1", HOOK, MAIL)
    tenants.rule("r2", ("slack", "https://slack.example/"))
    tenants.rule("other", ("webhook", "https://other.example/"))
    wanted = tenants.notification("a1", "r1", "r2", "deleted")
    plan = await planner.plan([wanted], room=10)
    assert plan.unknown == set()
    assert sorted((each.type, each.value) for each in plan.leased) == [
        MAIL,
        ("slack", "https://slack.example/"),
        HOOK,
    ]
    for each in plan.leased:
        assert str(UUID(each.id)) == each.id
        assert (each.notification_id, each.client_id, each.attempt) == (wanted, "acme", 1)
        assert each.rule_ids == ["r1", "r2", "deleted"]
        assert (each.rules_version, each.alert.alert_id, each.alert.context) == (7, "a1", '{"region": "eu"}')
        assert each.alert.event_at.isoformat() == "2023-11-14T22:13:20+00:00"
    assert len(tenants.deliveries(wanted)) == 3
    assert tenants.status(wanted) == "RECEIVED"


async def test_an_address_that_two_rules_name_has_one_delivery(planner: Planner, tenants: Tenants) -> None:
    tenants.rule("r1", HOOK)
    tenants.rule("r2", HOOK, ("slack", HOOK[1]))
    wanted = tenants.notification("a1", "r1", "r2")
    plan = await planner.plan([wanted], room=10)
    assert sorted((each.type, each.value) for each in plan.leased) == [("slack", HOOK[1]), HOOK]


async def test_without_endpoints_it_is_finished(planner: Planner, tenants: Tenants) -> None:
    tenants.rule("r1", HOOK, enabled=False)
    tenants.rule("theirs", HOOK, client_id="globex")
    ids = [tenants.notification("a1", "r1"), tenants.notification("a2", "theirs"), tenants.notification("a3")]
    plan = await planner.plan(ids, room=10)
    assert plan.leased == []
    assert tenants.statuses(ids) == ["NO_ENDPOINT"] * 3
    assert tenants.execute("SELECT count(*) FROM notifications WHERE finished_at IS NULL") == [(0,)]


async def test_again_is_harmless_even_when_the_endpoints_have_changed(planner: Planner, tenants: Tenants) -> None:
    tenants.rule("r1", HOOK)
    wanted = tenants.notification("a1", "r1")
    await planner.plan([wanted], room=10)
    tenants.rule("r0", HOOK)
    tenants.execute("UPDATE notifications SET rule_ids = '{r0,r1}'")
    assert await planner.plan([wanted, wanted], room=10) == ([], set())
    assert len(tenants.deliveries(wanted)) == 1


async def test_what_does_not_fit_waits_in_the_table(planner: Planner, tenants: Tenants) -> None:
    tenants.rule("r1", HOOK)
    ids = [tenants.notification(f"a{number}", "r1") for number in range(5)]
    plan = await planner.plan(ids, room=2)
    assert len(plan.leased) == 2
    assert tenants.execute("SELECT count(*) FROM deliveries WHERE leased_until IS NULL") == [(3,)]


async def test_what_there_is_not_is_told_from_what_is_done(planner: Planner, tenants: Tenants) -> None:
    tenants.rule("r1", HOOK)
    done = tenants.notification("a1", "r1")
    tenants.execute("UPDATE notifications SET status = 'SENT'")
    absent = new_id()
    assert await planner.plan([done, absent], room=10) == ([], {absent})


async def test_two_senders_at_once_make_one_delivery_and_one_has_it(planner: Planner, tenants: Tenants) -> None:
    tenants.rule("r1", HOOK, MAIL)
    ids = [tenants.notification(f"a{number}", "r1") for number in range(200)]
    plans = await asyncio.gather(*(planner.plan(ids[:: 1 - 2 * (n % 2)], room=1_000) for n in range(4)))
    leased = [each.id for plan in plans for each in plan.leased]
    assert len(leased) == len(set(leased)) == 400
    assert tenants.execute("SELECT count(*) FROM deliveries") == [(400,)]


async def test_the_unplanned_are_those_that_nobody_planned(planner: Planner, tenants: Tenants) -> None:
    tenants.rule("r1", HOOK)
    old, _, planned = (tenants.notification(f"a{age}", "r1", age=age) for age in (100, 10, 200))
    await planner.plan([planned], room=10)
    since, until = await planner.time(ago=1_000), await planner.time(ago=60)
    assert await planner.unplanned(since, until, most=10) == [old]
    assert await planner.unplanned(until, until, most=10) == []
