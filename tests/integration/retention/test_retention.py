"""Rounds of removal, with whatever comes between."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from prometheus_client import REGISTRY

from alerting.retention.retention import _LOCK, Removed, Retention
from alerting.retention.settings import RetentionSettings
from alerting.runtime.config import Settings
from alerting.runtime.database import AsyncConnection, async_connect
from alerting.runtime.errors import Unavailable
from fix_archive import Archive, Left
from fix_clock import FakeClock

Connect = Callable[[], Awaitable[AsyncConnection]]

# Notes how many went at a time; a body may refuse that.
_WATCH = """
    CREATE SEQUENCE statements;
    CREATE TABLE removals (at bigint, number bigint);
    CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE at bigint := nextval('statements'); number bigint := (SELECT count(*) FROM gone);
    BEGIN
        INSERT INTO removals VALUES (at, number);
        {body}
        RETURN NULL;
    END $$;
    CREATE TRIGGER watch AFTER DELETE ON notifications REFERENCING OLD TABLE AS gone
        FOR EACH STATEMENT EXECUTE FUNCTION watch();
"""
_TOO_SLOW = "RAISE EXCEPTION 'too slow' USING ERRCODE = 'query_canceled';"


def watch(archive: Archive, body: str = "") -> None:
    archive.execute(_WATCH.format(body=body))


def batches(archive: Archive) -> list[int]:
    """Return how many were removed by each statement that was not taken back."""
    return [row[0] for row in archive.execute("SELECT number FROM removals ORDER BY at")]


def retention(
    archive: Archive, *, connect: Connect | None = None, clock: FakeClock | None = None, **more: Any
) -> Retention:
    async def own() -> AsyncConnection:
        return await async_connect(Settings(postgres_dsn=archive.dsn))

    return Retention(connect or own, clock or FakeClock(), **{"keep": timedelta(days=30), **more})


async def test_a_round_removes_all_that_is_old_in_small_batches(archive: Archive) -> None:
    watch(archive)
    archive.add(35)
    archive.add(5, days=1)
    assert await retention(archive, batch=10).run_once() == Removed(35, complete=True)
    assert batches(archive) == [10, 10, 10, 5]
    assert archive.left() == Left(5, 5, 5)
    assert await retention(archive).run_once() == Removed(0, complete=True)


async def test_nothing_is_kept_of_a_round_but_its_work(archive: Archive) -> None:
    archive.add(3)
    await retention(archive).run_once()
    sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    async with asyncio.timeout(20):
        while archive.execute(sessions) != [(0,)]:
            await asyncio.sleep(0.01)


async def test_for_ever_is_for_ever_and_asks_nothing(archive: Archive) -> None:
    archive.add(3, days=5_000)
    settings = RetentionSettings(postgres_dsn="postgresql://nobody@127.0.0.1:1/nothing", retention_days=0)
    assert await Retention.of(settings, FakeClock()).run_once() == Removed(0, complete=True)


async def test_the_settings_say_how_old(archive: Archive) -> None:
    archive.add(3, days=8)
    archive.add(2, days=6)
    settings = RetentionSettings(postgres_dsn=archive.dsn, retention_days=7)
    assert await Retention.of(settings, FakeClock()).run_once() == Removed(3, complete=True)


async def test_one_removes_and_the_others_leave_it_to_that_one(archive: Archive) -> None:
    archive.add(3)
    with psycopg.connect(archive.dsn, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        assert await retention(archive).run_once() == Removed(0, complete=True)
        other.execute("SELECT pg_advisory_unlock(%s)", (_LOCK,))
        assert await retention(archive).run_once() == Removed(3, complete=True)
        # And its turn is over.
        assert other.execute("SELECT pg_try_advisory_lock(%s)", (_LOCK,)).fetchone() == (True,)


async def test_two_at_once_remove_each_once(archive: Archive) -> None:
    archive.add(200)
    first, second = await asyncio.gather(*(retention(archive, batch=7).run_once() for _ in range(2)))
    assert first.notifications + second.notifications == 200
    assert archive.left() == Left(0, 0, 0)


async def test_batches_that_are_too_slow_get_smaller_and_nothing_is_left_out(archive: Archive) -> None:
    watch(archive, f"IF number > 3 THEN {_TOO_SLOW} END IF;")
    archive.add(20)
    assert await retention(archive, batch=16).run_once() == Removed(20, complete=True)
    # 16 and 4 were too many, and so is each 4 that follows 2.
    assert set(batches(archive)) == {1, 2}
    assert sum(batches(archive)) == 20
    assert archive.left() == Left(0, 0, 0)


async def test_a_database_that_is_too_slow_for_one_is_left_alone(archive: Archive) -> None:
    watch(archive, _TOO_SLOW)
    archive.add(20)
    removing = retention(archive, batch=16)
    with pytest.raises(Unavailable):
        await removing.run_once()
    assert archive.left() == Left(20, 20, 20)
    archive.execute("DROP TRIGGER watch ON notifications")
    assert await removing.run_once() == Removed(20, complete=True)


class _StoppingClock(FakeClock):
    """Sets an event when it was asked so many times."""

    def __init__(self, stop: asyncio.Event, asked: int) -> None:
        super().__init__()
        self._stop = stop
        self._left = asked

    def monotonic(self) -> float:
        self._left -= 1
        if not self._left:
            self._stop.set()
        return super().monotonic()


@pytest.mark.parametrize("asked", range(1, 9))
async def test_stopped_at_any_moment_it_leaves_whole_notifications(archive: Archive, asked: int) -> None:
    archive.add(35)
    stop = asyncio.Event()
    done = await retention(archive, batch=10, clock=_StoppingClock(stop, asked)).run_once(stop)
    assert not done.complete
    assert archive.left() == Left(*[35 - done.notifications] * 3)
    assert await retention(archive).run_once() == Removed(35 - done.notifications, complete=True)


async def test_cancelled_in_the_middle_of_a_batch_it_removes_nothing(archive: Archive) -> None:
    first, *_ = archive.add(5)
    with archive.locked("SELECT FROM deliveries WHERE notification_id = %s FOR UPDATE", first):
        removing = asyncio.create_task(retention(archive).run(asyncio.Event()))
        await archive.somebody_waits()
        removing.cancel()
        with suppress(asyncio.CancelledError):
            await removing
        assert archive.left() == Left(5, 5, 5)
    assert (await retention(archive).run_once()).notifications == 5


async def _until_empty(archive: Archive, removing: Retention) -> None:
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as tasks, asyncio.timeout(30):
        tasks.create_task(removing.run(stop))
        while archive.left() != Left(0, 0, 0):
            await asyncio.sleep(0.02)
        stop.set()


async def test_a_database_that_is_away_is_waited_for(archive: Archive) -> None:
    archive.add(5)
    dsns = ["postgresql://nobody@127.0.0.1:1/nothing"] * 3

    async def connect() -> AsyncConnection:
        return await async_connect(Settings(postgres_dsn=dsns.pop() if dsns else archive.dsn))

    await _until_empty(archive, retention(archive, connect=connect, interval=0.01))


async def test_a_session_that_ends_in_the_middle_loses_nothing(archive: Archive) -> None:
    watch(archive, "IF at IN (2, 5) THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;")
    archive.add(50)
    await _until_empty(archive, retention(archive, batch=10, interval=0.01))
    assert sum(batches(archive)) == 50


async def test_what_it_may_not_do_stops_nobody(archive: Archive) -> None:
    archive.add(5)
    read_only = [True, True]

    async def connect() -> AsyncConnection:
        connection = await async_connect(Settings(postgres_dsn=archive.dsn))
        if read_only:
            read_only.pop()
            await connection.execute("SET default_transaction_read_only = on")
        return connection

    await _until_empty(archive, retention(archive, connect=connect, interval=0.01))


async def test_the_space_of_what_went_is_used_again(archive: Archive) -> None:
    sizes: list[dict[str, int]] = []
    for days in range(140, 40, -10):
        # Always those of the last two times are kept.
        archive.add(2_000, days=days)
        removed = await retention(archive, keep=timedelta(days=days + 15)).run_once()
        assert removed.notifications == (0 if len(sizes) < 2 else 2_000)
        archive.vacuum()
        sizes.append(archive.sizes())
    # An index gives its empty pages away with the second VACUUM, and a table those at its end with any.
    for name in sizes[0]:
        first, later = (max(size[name] for size in half) for half in (sizes[:5], sizes[5:]))
        assert later < first * 1.3, name


def rounds(outcome: str) -> float:
    return REGISTRY.get_sample_value("alerting_retention_rounds_total", {"outcome": outcome}) or 0.0


async def test_rounds_are_counted_by_how_they_ended(archive: Archive) -> None:
    archive.add(5)
    dsns = ["postgresql://nobody@127.0.0.1:1/nothing"] * 3

    async def connect() -> AsyncConnection:
        return await async_connect(Settings(postgres_dsn=dsns.pop() if dsns else archive.dsn))

    failed, done = rounds("failed"), rounds("done")
    await _until_empty(archive, retention(archive, connect=connect, interval=0.01))
    assert rounds("failed") == failed + 3
    assert rounds("done") > done


async def test_what_keeps_all_for_ever_says_so(archive: Archive) -> None:
    off, stop = rounds("off"), asyncio.Event()
    running = asyncio.create_task(retention(archive, keep=None, interval=60).run(stop))
    async with asyncio.timeout(30):
        while rounds("off") == off:
            await asyncio.sleep(0.01)
        stop.set()
        await running
    assert rounds("off") == off + 1
