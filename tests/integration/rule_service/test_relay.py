"""The relay: every change reaches the topic, in order, whatever fails between."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
from confluent_kafka import Consumer
from psycopg.types.json import Jsonb
from pydantic import SecretStr

from alerting.events.v1 import RuleChanged
from alerting.rule_service import relay as relay_module
from alerting.rule_service.relay import Relay, Round
from alerting.runtime.broker import Outgoing
from alerting.runtime.broker.memory import AsyncMemoryProducer, MemoryBroker
from alerting.runtime.clock import SystemClock
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncPool, async_pool
from alerting.runtime.errors import Unavailable
from alerting.runtime.telemetry import Telemetry
from alerting.runtime.topics import RULE_CHANGED
from fix_rule_service import RuleService, serving
from fix_servers import Platform

BOUND = 20.0


class Producer:
    """A producer in memory, with something that happens after each sending."""

    def __init__(self, after: Callable[[], Awaitable[None]] | None = None) -> None:
        self.broker = MemoryBroker()
        self.batches: list[int] = []
        self.refused = 0
        self._inner = AsyncMemoryProducer(self.broker)
        self.after = after

    async def send(self, topic: str, records: Sequence[Outgoing]) -> None:
        try:
            await self._inner.send(topic, records)
        except Unavailable:
            self.refused += 1
            raise
        self.batches.append(len(records))
        if self.after:
            await self.after()

    def close(self) -> None:
        pass

    def sent(self) -> list[RuleChanged]:
        return [RuleChanged.FromString(message.value() or b"") for message in self.broker.messages(RULE_CHANGED)]


@pytest.fixture
async def pool(database: str) -> AsyncIterator[AsyncPool]:
    pool = async_pool(Settings(postgres_dsn=SecretStr(database)), size=4)
    async with pool:
        yield pool


def relay_of(pool: AsyncPool, producer: Producer, timeout: float = 10) -> Relay:
    clock = SystemClock()
    return Relay(pool, producer, Telemetry(clock), clock, interval=0.05, timeout=timeout)


async def changes(pool: AsyncPool, sizes: Sequence[int]) -> list[str]:
    """Write versions with so many changes each, and return the rules' ids in order."""
    ids: list[str] = []
    async with pool.connection() as connection:
        for size in sizes:
            made = [f"r{len(ids) + number}" for number in range(size)]
            ids += made
            body = [
                {"rule_id": rule, "client_id": "acme", "action": "DISABLED", "version": 2, "updated_at": 1_700_000_000}
                for rule in made
            ]
            await connection.execute(
                "WITH taken AS (UPDATE rules_version SET version = version + 1 RETURNING version)"
                " INSERT INTO rule_changes (version, changes) SELECT version, %s FROM taken",
                (Jsonb(body),),
            )
    return ids


async def unpublished(pool: AsyncPool) -> int:
    async with pool.connection() as connection:
        cursor = await connection.execute("SELECT count(*) AS left FROM rule_changes WHERE published_at IS NULL")
        (row,) = await cursor.fetchall()
        return int(row["left"])


async def until(condition: Callable[[], Awaitable[bool]], what: str) -> None:
    async with asyncio.timeout(BOUND):
        while not await condition():
            await asyncio.sleep(0.01)
    assert await condition(), what


async def test_what_is_sent_is_marked(pool: AsyncPool) -> None:
    producer = Producer()
    relay = relay_of(pool, producer)
    assert await relay.round() is Round.DONE
    ids = await changes(pool, [1, 3, 1])
    assert await relay.round() is Round.MORE
    assert sorted(message.rule_id for message in producer.sent()) == sorted(ids)
    assert await unpublished(pool) == 0
    assert await relay.round() is Round.DONE
    assert producer.batches == [5]


async def test_a_round_is_bounded_and_keeps_versions_whole(pool: AsyncPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay_module, "MOST_MESSAGES", 5)
    producer = Producer()
    relay = relay_of(pool, producer)
    await changes(pool, [2, 2, 2, 7, 1, 4, 1])
    while await relay.round() is Round.MORE:
        pass
    # As many versions as make five messages; the seven are one version.
    assert producer.batches == [6, 7, 5, 1]


@pytest.mark.parametrize("failure", [Unavailable("kafka", "gone"), ValueError("unexpected"), asyncio.CancelledError()])
async def test_what_fails_between_sending_and_marking_is_sent_again(pool: AsyncPool, failure: BaseException) -> None:
    async def fail() -> None:
        raise failure

    producer = Producer(fail)
    relay = relay_of(pool, producer)
    ids = await changes(pool, [1, 1])
    with pytest.raises(type(failure)):
        await relay.round()
    assert await unpublished(pool) == 2
    producer.after = None
    assert await relay.round() is Round.MORE
    assert await unpublished(pool) == 0
    assert sorted(message.rule_id for message in producer.sent()) == sorted(ids * 2)


async def test_a_relay_that_is_killed_between_sending_and_marking_loses_nothing(pool: AsyncPool) -> None:
    sent, forever = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        sent.set()
        await forever.wait()

    ids = await changes(pool, [1, 2])
    dying = Producer(hang)
    task = asyncio.create_task(relay_of(pool, dying).run())
    async with asyncio.timeout(BOUND):
        await sent.wait()
    living = Producer()
    assert await relay_of(pool, living).round() is Round.BUSY
    task.cancel()
    await asyncio.wait([task], timeout=BOUND)
    assert await unpublished(pool) == 2
    await until_round(relay_of(pool, living), Round.MORE)
    assert sorted(message.rule_id for message in living.sent()) == sorted(ids)
    assert await unpublished(pool) == 0


async def until_round(relay: Relay, wanted: Round) -> None:
    async with asyncio.timeout(BOUND):
        while await relay.round() is not wanted:
            await asyncio.sleep(0.01)


async def test_a_broker_that_hangs_does_not_keep_a_transaction_open(pool: AsyncPool) -> None:
    forever = asyncio.Event()

    async def hang() -> None:
        await forever.wait()

    await changes(pool, [1])
    with pytest.raises(Unavailable, match="kafka"):
        await relay_of(pool, Producer(hang), timeout=0.05).round()
    async with pool.connection() as connection:
        cursor = await connection.execute(
            "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%%'"
        )
        assert await cursor.fetchall() == []
    assert await unpublished(pool) == 1


# psycopg's cursor that the database took away is never closed, to its own mind, and says so when it is freed.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*ServerCursor:pytest.PytestUnraisableExceptionWarning")
async def test_it_outlives_the_broker_and_the_database(pool: AsyncPool) -> None:
    producer = Producer()
    relay = relay_of(pool, producer)
    task = asyncio.create_task(relay.run())
    try:
        producer.broker.down = True
        ids = await changes(pool, [1, 1])

        async def refused() -> bool:
            return producer.refused > 1

        await until(refused, "tried again while the broker is away")
        producer.broker.down = False

        async def published() -> bool:
            return await unpublished(pool) == 0

        await until(published, "published after the broker came back")

        async def fail() -> None:
            producer.after = None
            raise ValueError("unexpected")

        producer.after = fail
        ids += await changes(pool, [1])
        await until(published, "published after an unexpected error")
        async with pool.connection() as connection:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        ids += await changes(pool, [2])
        await until(published, "published after the database's connections were lost")
        assert {message.rule_id for message in producer.sent()} == set(ids)
    finally:
        await relay.stop(task)
    assert task.done()
    assert not task.cancelled()


async def test_two_relays_take_turns(pool: AsyncPool) -> None:
    producers = [Producer(), Producer()]
    relays = [relay_of(pool, producer) for producer in producers]
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    ids: list[str] = []
    for _ in range(20):
        await changes(pool, [1])
    for relay in relays:
        relay.wake()

    async def published() -> bool:
        return await unpublished(pool) == 0

    await until(published, "published by either")
    for relay, task in zip(relays, tasks, strict=True):
        await relay.stop(task)
    ids = [message.rule_id for producer in producers for message in producer.sent()]
    assert len(ids) == 20, "nobody sends what the other has sent"


async def test_a_rule_over_http_is_on_the_topic_soon(database: str) -> None:
    # The timer is far away: it is the commit that wakes the relay.
    async with serving(database, relay_interval=3_600) as service:
        client, caller = await service.tenant()
        rule = await caller.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "a", "name": "b"})
        await caller.patch(f"/rules/{rule['id']}", {"enabled": False}, '"1"')
        (told,) = {message.key() for message in await messages(service, 2)}
        assert told == rule["id"].encode()
        assert [
            (message.action, message.version, message.client_id)
            for message in (RuleChanged.FromString(each.value() or b"") for each in await messages(service, 2))
        ] == [(1, 1, client), (4, 2, client)]


async def messages(service: RuleService, count: int) -> list[Any]:
    async def there() -> bool:
        return len(service.broker.messages(RULE_CHANGED)) >= count

    await until(there, f"{count} messages")
    return list(service.broker.messages(RULE_CHANGED))


async def test_changes_are_accepted_while_the_broker_is_away(database: str) -> None:
    async with serving(database, relay_interval=0.05) as service:
        service.broker.down = True
        client, caller = await service.tenant()
        rule = await caller.made(f"/clients/{client}/rules", {"severity": "LOW", "source": "a", "name": "b"})
        service.broker.down = False
        (message,) = await messages(service, 1)
        assert message.key() == rule["id"].encode()


async def test_kafka_has_the_news(platform: Platform) -> None:
    env = {"kafka_bootstrap_servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"], "kafka_prefix": platform.prefix}
    async with serving(platform.dsn, kafka=True, **env) as service:
        client, caller = await service.tenant()
        wanted = [{"severity": "LOW", "source": "a", "name": f"n{number}"} for number in range(50)]
        made = await caller.made(f"/clients/{client}/rules/batch", wanted)
        ready = await service.http.get("/readyz")
        assert ready.json() == {"status": "ready", "checks": {"postgres": "ok", "kafka": "ok"}}
        found = await asyncio.to_thread(consume, platform, 50)
    assert sorted(found) == sorted((rule["id"], rule["id"], client, 1, 1, 1) for rule in made["items"])


def consume(platform: Platform, count: int) -> list[tuple[str, str, str, int, int, int]]:
    consumer = Consumer(
        {
            "bootstrap.servers": platform.env["ALERTING_KAFKA_BOOTSTRAP_SERVERS"],
            "group.id": f"{platform.prefix}test",
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe([platform.prefix + RULE_CHANGED])
    found = []
    try:
        for _ in range(int(BOUND / 0.2)):
            for message in consumer.consume(count, 0.2):
                assert message.error() is None
                told = RuleChanged.FromString(message.value() or b"")
                key = (message.key() or b"").decode()
                found.append((key, told.rule_id, told.client_id, int(told.action), told.version, told.schema_version))
            if len(found) >= count:
                break
    finally:
        consumer.close()
    return found
