"""Random histories of several senders, of which some sleep past their leases, over one table of deliveries."""

import random
from collections.abc import AsyncIterator

import pytest

from alerting.runtime.database import AsyncPool, async_pool
from alerting.sender.claiming import Claims
from alerting.sender.delivery import Attempted, Delivery, Result
from alerting.sender.planning import Planner
from alerting.sender.recording import Records
from alerting.sender.settings import SenderSettings
from fix_delivery import Tenants

STEPS = 150
SENDERS = 3
HOOKS = [("webhook", f"https://{letter}.example/") for letter in "abc"]

_ROLLED_UP = """
    SELECT n.status, n.finished_at IS NOT NULL, array_agg(d.status)
    FROM notifications n JOIN deliveries d ON d.notification_id = n.id GROUP BY n.id
"""
_MISCOUNTED = """
    SELECT d.id FROM deliveries d LEFT JOIN delivery_attempts a ON a.delivery_id = d.id
    GROUP BY d.id HAVING d.attempts <> count(a) OR d.attempts <> coalesce(max(a.attempt), 0)
"""


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncPool]:
    async with async_pool(SenderSettings(postgres_dsn=database)) as opened:
        yield opened


class History:
    """What happens, and what must be so after each step."""

    def __init__(self, pool: AsyncPool, tenants: Tenants, seed: int) -> None:
        self._tenants = tenants
        self._random = random.Random(seed)
        self._planner = Planner(pool, lease=60, delays={"standard": (0.0,) * 4})
        self._claims = Claims(pool, lease=60, delays={"standard": (0.0,) * 4})
        self._records = Records(pool)
        self._held: list[list[Delivery]] = [[] for _ in range(SENDERS)]
        self._delivered: set[str] = set()
        self._number = 0

    async def step(self) -> None:
        actions = [self._plan, self._claim, self._record, self._record, self._end_leases, self._expire]
        await self._random.choices(actions, [3, 4, 4, 4, 1, 0.2])[0]()
        self.check()

    async def settle(self) -> None:
        """Let everything end, with one sender that succeeds."""
        for _ in range(3):
            self._tenants.execute("UPDATE deliveries SET leased_until = now() WHERE leased_until IS NOT NULL")
            claim = await self._claims.claim(1_000)
            await self._records.write([*(_result(each, "deliver") for each in claim.deliveries), *claim.ended])
        self.check()
        assert self._tenants.execute("SELECT count(*) FROM notifications WHERE status = 'RECEIVED'") == [(0,)]

    def check(self) -> None:
        for status, finished, deliveries in self._tenants.execute(_ROLLED_UP):
            assert status == _roll_up(deliveries)
            assert finished == (status != "RECEIVED")
        assert self._tenants.execute(_MISCOUNTED) == []
        leases = {
            str(delivery_id): lease
            for delivery_id, lease in self._tenants.execute(
                "SELECT id, leased_until FROM deliveries WHERE status = 'PENDING' AND leased_until > now()"
            )
        }
        holders = [each.id for held in self._held for each in held if leases.get(each.id) == each.lease]
        assert len(holders) == len(set(holders)), "two senders hold one lease"
        done = {str(row[0]) for row in self._tenants.execute("SELECT id FROM deliveries WHERE status = 'DELIVERED'")}
        assert self._delivered <= done, "good news was lost"
        self._delivered = done

    async def _plan(self) -> None:
        self._number += 1
        wanted = self._tenants.notification(f"a{self._number}", "r1")
        plan = await self._planner.plan([wanted], room=self._random.randrange(4))
        self._random.choice(self._held).extend(plan.leased)
        assert await self._planner.plan([wanted], room=9) == ([], set())

    async def _claim(self) -> None:
        claim = await self._claims.claim(self._random.randrange(1, 4))
        self._random.choice(self._held).extend(claim.deliveries)
        await self._records.write(claim.ended)

    async def _record(self) -> None:
        held = self._random.choice(self._held)
        chosen = self._random.sample(held, self._random.randrange(len(held) + 1))
        results = [_result(each, self._random.choice(["deliver", "retry", "fail", "put off"])) for each in chosen]
        await self._records.write(results)
        if self._random.random() < 0.2:
            # The answer of the database was lost, and it is written again.
            await self._records.write(results)
        held[:] = [each for each in held if each not in chosen]

    async def _end_leases(self) -> None:
        self._tenants.execute("UPDATE deliveries SET leased_until = now() - interval '1 s' WHERE leased_until > now()")

    async def _expire(self) -> None:
        self._tenants.execute("UPDATE deliveries SET expires_at = now() WHERE status = 'PENDING'")


def _result(delivery: Delivery, end: str) -> Result:
    attempted = Attempted(1_700_000_000.0, 0.1, None, "")
    match end:
        case "deliver":
            return Result(delivery, "DELIVERED", attempted=attempted)
        case "retry":
            return Result(delivery, "PENDING", error="no", attempted=attempted)
        case "fail":
            return Result(delivery, "FAILED", error="no", attempted=attempted)
    return Result(delivery, "PENDING")


def _roll_up(deliveries: list[str]) -> str:
    if "PENDING" in deliveries:
        return "RECEIVED"
    if set(deliveries) == {"DELIVERED"}:
        return "SENT"
    return "PARTIAL" if "DELIVERED" in deliveries else "FAILED"


@pytest.mark.parametrize("seed", range(6))
async def test_any_history_keeps_the_table_true(pool: AsyncPool, tenants: Tenants, seed: int) -> None:
    tenants.rule("r1", *HOOKS[:2], fallbacks=HOOKS[2:])
    history = History(pool, tenants, seed)
    for _ in range(STEPS):
        await history.step()
    await history.settle()
