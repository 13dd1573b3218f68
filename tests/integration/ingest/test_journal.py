"""The journal of integrations, in a real Redis."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from redis import Redis as SyncRedis
from redis.asyncio import Redis

from alerting.events.v1 import Severity
from alerting.ingest.alert import Alert
from alerting.ingest.episodes import redis_client
from alerting.ingest.faults import Reject
from alerting.ingest.journal import MOST_INTEGRATIONS, MOST_REJECTS_OF_ALL, SECONDS, RedisJournal
from alerting.ingest.tally import MOST_REJECTS, Tally
from alerting.local.ports import free_port
from alerting.runtime.errors import Unavailable
from fix_clock import FakeClock
from fix_ingest import NOW

SECOND = 1_000_000
LONG = "\N{GRINNING FACE}" * 255


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
async def client(redis_url: str) -> AsyncIterator[Redis]:
    client = redis_client(SecretStr(redis_url), 5.0)
    yield client
    await client.aclose()


@pytest.fixture
def journal(client: Redis, clock: FakeClock) -> RedisJournal:
    return RedisJournal(client, clock, 5.0)


def accepted(name: str, at: float = 0, number: int = 1) -> Tally:
    """Return the tally of alerts that were accepted so many seconds from now."""
    tally = Tally()
    tally.accept("native", [Alert(f"id-{name}", 0, Severity.HIGH, "api", name, {})] * number, int((NOW + at) * SECOND))
    return tally


def refused(message: str, at: float = 0, number: int = 1) -> Tally:
    tally = Tally()
    rejects = [Reject(place, "source", message) for place in range(number)]
    tally.refuse(rejects, int((NOW + at) * SECOND), "prom", "grafana", "a key")
    return tally


def moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(NOW + seconds, UTC)


async def test_figures_add_up(journal: RedisJournal) -> None:
    await journal.add({"prom": accepted("first", -5, 3)})
    await journal.add({"prom": refused("no", -3, 2), "other": accepted("x", -4)})
    await journal.add({"prom": accepted("last", -1, 4)})
    prom = await journal.integration("prom")
    assert (prom.accepted, prom.rejected, prom.format) == (7, 2, "native")
    assert prom.last_event is not None
    assert (prom.last_event.name, prom.last_event.severity, prom.last_event.alert_id) == ("last", "HIGH", "id-last")
    assert (prom.last_event_at, prom.last_rejected_at) == (moment(-1), moment(-3))
    assert [each.name for each in await journal.integrations()] == ["prom", "other"]
    assert (await journal.integrations())[0] == prom


async def test_one_that_was_never_heard_of_has_done_nothing(journal: RedisJournal) -> None:
    nobody = await journal.integration("nobody")
    assert (nobody.accepted, nobody.rejected, nobody.last_event, nobody.format) == (0, 0, None, None)
    assert await journal.rejects("nobody") == []
    assert await journal.integrations() == []


async def test_a_process_that_tells_late_does_not_hide_what_was_later(journal: RedisJournal) -> None:
    await journal.add({"prom": accepted("later", -1)})
    await journal.add({"prom": refused("later", -1)})
    await journal.add({"prom": accepted("earlier", -600)})
    await journal.add({"prom": refused("earlier", -600)})
    prom = await journal.integration("prom")
    assert prom.last_event is not None
    assert (prom.last_event.name, prom.last_event_at, prom.accepted) == ("later", moment(-1), 2)
    assert (prom.last_rejected_at, prom.rejected) == (moment(-1), 2)


async def test_rejects_are_kept_newest_first_and_so_many(journal: RedisJournal) -> None:
    for number in range(4):
        await journal.add({"prom": refused(f"r{number}", number, 40)})
        await journal.add({"other": refused(f"o{number}", number, 10)})
    mine = await journal.rejects("prom")
    assert len(mine) == MOST_REJECTS
    assert [(each.item, each.message) for each in mine[:2]] == [(39, "r3"), (38, "r3")]
    assert (mine[-1].message, mine[0].sender, mine[0].format) == ("r2", "a key", "grafana")
    every = await journal.rejects()
    assert len(every) == MOST_REJECTS_OF_ALL
    assert [every[0].message, every[10].message, every[50].message] == ["o3", "r3", "o2"]


async def test_the_ones_heard_of_last_are_kept(journal: RedisJournal, redis_url: str) -> None:
    await journal.add({"silent": refused("old", -100)})
    for first in range(0, MOST_INTEGRATIONS, 100):
        await journal.add({f"i{number}": accepted("x", number / 1_000) for number in range(first, first + 100)})
    found = await journal.integrations()
    assert len(found) == MOST_INTEGRATIONS
    assert "silent" not in {each.name for each in found}
    assert await journal.rejects("silent") == []
    with SyncRedis.from_url(redis_url) as redis:
        assert redis.dbsize() == MOST_INTEGRATIONS + 2


async def test_everything_expires(journal: RedisJournal, clock: FakeClock, redis_url: str) -> None:
    await journal.add({"prom": refused("no")})
    with SyncRedis.from_url(redis_url) as redis:
        keys = [key.decode() for key in redis.scan_iter("*")]
        assert len(keys) == 4
        assert all(SECONDS - 60 < redis.ttl(key) <= SECONDS for key in keys), keys
    clock.advance(SECONDS + 1)
    await journal.add({"other": accepted("x", SECONDS + 1)})
    assert [each.name for each in await journal.integrations()] == ["other"]


async def test_how_much_memory_the_worst_takes(journal: RedisJournal, redis_url: str) -> None:
    """The most that can be sent: extrapolated from a hundred integrations."""
    for number in range(100):
        tally = Tally()
        tally.accept("alertmanager-webhook", [Alert(LONG, 0, Severity.HIGH, LONG, LONG, {})], NOW * SECOND)
        rejects = [Reject(place, LONG, LONG) for place in range(MOST_REJECTS)]
        tally.refuse(rejects, NOW * SECOND, "i" * 63, "alertmanager-webhook", LONG)
        await journal.add({f"{number:063}": tally})
    with SyncRedis.from_url(redis_url) as redis:
        used = sum(int(redis.memory_usage(key, samples=0) or 0) for key in redis.scan_iter("*"))
    assert used * MOST_INTEGRATIONS / 100 < 60_000_000


async def test_what_another_version_wrote_is_passed_over(journal: RedisJournal, redis_url: str) -> None:
    await journal.add({"prom": refused("no")})
    with SyncRedis.from_url(redis_url) as redis:
        redis.lpush("ingest:integrations:prom:rejects", b"{}", b"\xff")
    assert [each.message for each in await journal.rejects("prom")] == ["no"]


async def test_without_redis(clock: FakeClock) -> None:
    client = redis_client(SecretStr(f"redis://127.0.0.1:{free_port()}/0"), 0.4)
    journal = RedisJournal(client, clock, 0.4)
    for question in (journal.add({"x": accepted("x")}), journal.integrations(), journal.integration("x")):
        with pytest.raises(Unavailable):
            await question
    with pytest.raises(Unavailable):
        await journal.rejects()
    await client.aclose()
