import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import psycopg
import pytest

from alerting.deliveries.resend import resend
from alerting.retention.removal import FIRST, Batch, remove_batch
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncConnection, async_connect
from fix_archive import Archive, Left

KEEP = timedelta(days=30)


@pytest.fixture
async def connection(database: str) -> AsyncIterator[AsyncConnection]:
    async with await async_connect(Settings(postgres_dsn=database)) as opened:
        yield opened


async def removed(connection: AsyncConnection, *, keep: timedelta = KEEP, most: int = 100) -> int:
    return (await remove_batch(connection, keep=keep, after=FIRST, most=most)).removed


@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        ("SENT", "DELIVERED"),
        ("PARTIAL", "FAILED"),
        ("FAILED", "FAILED"),
        ("FAILED", "EXPIRED"),
        ("NO_ENDPOINT", None),
    ],
)
async def test_what_is_old_and_finished_goes_with_all_that_belongs_to_it(
    connection: AsyncConnection, archive: Archive, status: str, delivery: str | None
) -> None:
    archive.add(3, status=status, delivery=delivery)
    archive.add(2, days=29.99)
    assert await removed(connection) == 3
    assert archive.left() == Left(2, 2, 2)


@pytest.mark.parametrize(
    ("status", "delivery"),
    [
        ("RECEIVED", None),
        ("RECEIVED", "PENDING"),
        # Its last delivery is recorded in this moment.
        ("RECEIVED", "DELIVERED"),
        ("SENT", "PENDING"),
    ],
)
async def test_what_is_not_finished_stays_however_old_it_is(
    connection: AsyncConnection, archive: Archive, status: str, delivery: str | None
) -> None:
    archive.add(days=5_000, status=status, delivery=delivery)
    before = archive.left()
    assert await removed(connection) == 0
    assert archive.left() == before


async def test_when_it_was_recorded_is_what_counts_and_not_the_time_in_its_id(
    connection: AsyncConnection, archive: Archive
) -> None:
    archive.add(days=40)
    archive.execute("UPDATE notifications SET created_at = now()")
    assert await removed(connection) == 0


@pytest.mark.parametrize("days", [30_000, 36_500])
async def test_longer_than_there_are_times_is_for_ever(
    connection: AsyncConnection, archive: Archive, days: int
) -> None:
    archive.add(days=20_000)
    batch = await remove_batch(connection, keep=timedelta(days=days), after=FIRST, most=10)
    assert batch == Batch(0, FIRST, 0)


async def test_a_batch_is_bounded_and_the_next_goes_on_behind_it(connection: AsyncConnection, archive: Archive) -> None:
    kept = archive.add(3, days=60, status="RECEIVED", delivery="PENDING")
    archive.add(7, days=50)
    first = await remove_batch(connection, keep=KEEP, after=FIRST, most=5)
    assert (first.seen, first.removed) == (5, 2)
    second = await remove_batch(connection, keep=KEEP, after=first.last, most=5)
    assert (second.seen, second.removed) == (5, 5)
    assert second.last > first.last
    assert await remove_batch(connection, keep=KEEP, after=second.last, most=5) == Batch(0, second.last, 0)
    assert {str(row[0]) for row in archive.execute("SELECT id FROM notifications")} == set(kept)


async def test_what_is_in_use_is_passed_over_and_goes_another_time(
    connection: AsyncConnection, archive: Archive
) -> None:
    used, *_ = archive.add(5)
    with archive.locked("SELECT FROM notifications WHERE id = %s FOR NO KEY UPDATE", used):
        assert await removed(connection) == 4
        assert archive.left() == Left(1, 1, 1)
    assert await removed(connection) == 1
    assert archive.left() == Left(0, 0, 0)


async def test_what_takes_too_long_is_not_done_at_all(
    connection: AsyncConnection, archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alerting.retention.removal._SETTINGS", "SET LOCAL statement_timeout = '50ms'")
    first, *_ = archive.add(5)
    with archive.locked("SELECT FROM deliveries WHERE notification_id = %s FOR UPDATE", first):
        with pytest.raises(psycopg.errors.QueryCanceled):
            await removed(connection)
        assert archive.left() == Left(5, 5, 5)
    # And the bound was this batch's only.
    assert await (await connection.execute("SHOW statement_timeout")).fetchone() == {"statement_timeout": "30s"}
    assert await removed(connection) == 5


@pytest.fixture
def endpoint(archive: Archive) -> None:
    """What the notifications can be sent to again."""
    archive.execute("INSERT INTO clients (id, name) VALUES ('acme', 'Acme')")
    archive.execute(
        "INSERT INTO rules (id, client_id, severity, source, name) VALUES ('r1', 'acme', 'HIGH', 'api', '*')"
    )
    archive.execute(
        "INSERT INTO endpoints (id, rule_id, client_id, type, value)"
        " VALUES ('e1', 'r1', 'acme', 'webhook', 'https://a.example/')"
    )


@pytest.mark.usefixtures("endpoint")
async def test_what_is_being_sent_again_stays(connection: AsyncConnection, archive: Archive) -> None:
    (wanted,) = archive.add()
    async with await async_connect(Settings(postgres_dsn=archive.dsn)) as other:
        async with other.transaction():
            assert await resend(other, [wanted], "all") == {wanted: 1}
            assert await removed(connection) == 0
        assert await removed(connection) == 0
    assert archive.execute("SELECT status FROM deliveries") == [("PENDING",)]


@pytest.mark.usefixtures("endpoint")
async def test_what_is_being_removed_cannot_be_sent_again(connection: AsyncConnection, archive: Archive) -> None:
    (wanted,) = archive.add()
    async with await async_connect(Settings(postgres_dsn=archive.dsn)) as other, asyncio.TaskGroup() as tasks:
        async with connection.transaction():
            assert await removed(connection) == 1
            again = tasks.create_task(resend(other, [wanted], "all"))
            await archive.somebody_waits()
        assert await again == {}
    assert archive.left() == Left(0, 0, 0)


@pytest.mark.usefixtures("endpoint")
@pytest.mark.parametrize("seed", range(3))
async def test_of_those_that_are_sent_again_meanwhile_none_is_lost(
    connection: AsyncConnection, archive: Archive, seed: int
) -> None:
    chance = random.Random(seed)
    ids = archive.add(200)
    promised: set[str] = set()

    async def send_again() -> None:
        async with await async_connect(Settings(postgres_dsn=archive.dsn)) as other:
            for wanted in chance.sample(ids, 60):
                async with other.transaction():
                    promised.update(await resend(other, [wanted], "all"))

    async def remove() -> None:
        for _ in range(40):
            await removed(connection, most=chance.randrange(1, 10))

    await asyncio.gather(send_again(), remove())
    await removed(connection, most=1_000)
    left = archive.execute(
        "SELECT n.id::text, n.status, d.status FROM notifications n JOIN deliveries d ON d.notification_id = n.id"
    )
    assert left == [(wanted, "RECEIVED", "PENDING") for wanted, _, _ in left]
    assert {wanted for wanted, _, _ in left} == promised
    assert archive.left() == Left(*[len(promised)] * 3)
