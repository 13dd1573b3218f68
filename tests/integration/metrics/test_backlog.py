"""What waits, from a real database."""

from collections.abc import AsyncIterator, Iterator

import psycopg
import pytest

from alerting.metrics.backlog import Backlog, BacklogReader
from alerting.runtime.config import Settings
from alerting.runtime.database import async_pool
from alerting.runtime.errors import Unavailable
from alerting.runtime.ids import new_id

NOTHING = Backlog(0, 0, 0, 0.0, 0, 0.0)

_DELIVERY = """
    WITH notified AS (
        INSERT INTO notifications
            (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids, rules_version)
        VALUES (%(id)s::uuid, 'acme', %(id)s::text, 'HIGH', 's', 'n', '{}', now(), '{}', 1)
        RETURNING id
    )
    INSERT INTO deliveries
        (id, notification_id, endpoint_id, client_id, type, value, status, created_at, next_attempt_at, leased_until)
    SELECT id, id, 'e', 'acme', 'webhook', 'v', %(status)s, now() - %(age)s * interval '1 second',
           now() + %(due)s * interval '1 second', now() + %(lease)s * interval '1 second'
    FROM notified
"""


class Table:
    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def delivery(self, due: float, *, lease: float | None = None, status: str = "PENDING", age: float = 3_600) -> None:
        values = {"id": new_id(), "due": due, "lease": lease, "status": status, "age": age}
        self._connection.execute(_DELIVERY, values)

    def change(self, version: int, age: float, *, published: bool = False) -> None:
        self._connection.execute(
            "INSERT INTO rule_changes (version, changes, created_at, published_at)"
            " VALUES (%s, '[]', now() - %s * interval '1 second', CASE WHEN %s THEN now() END)",
            (version, age, published),
        )


@pytest.fixture
def table(database: str) -> Iterator[Table]:
    with psycopg.connect(database, autocommit=True) as connection:
        yield Table(connection)


@pytest.fixture
async def reader(database: str) -> AsyncIterator[BacklogReader]:
    async with async_pool(Settings(postgres_dsn=database)) as pool:
        yield BacklogReader(pool, timeout=10)


async def test_nothing_waits(table: Table, reader: BacklogReader) -> None:
    table.delivery(-60, status="DELIVERED")
    table.change(1, 60, published=True)
    assert await reader.read() == NOTHING


async def test_deliveries_by_what_they_wait_for(table: Table, reader: BacklogReader) -> None:
    table.delivery(-500)
    # Its sender is gone.
    table.delivery(-100, lease=-10)
    table.delivery(-900, lease=30)
    table.delivery(600)
    found = await reader.read()
    assert (found.due, found.leased, found.put_off) == (2, 1, 1)
    assert found.overdue == pytest.approx(500, abs=30)


async def test_what_is_only_put_off_is_not_overdue(table: Table, reader: BacklogReader) -> None:
    table.delivery(600)
    assert (await reader.read()).overdue == 0.0


async def test_a_trial_that_is_made_due_for_a_month_waits_since_it_was_made(
    table: Table, reader: BacklogReader
) -> None:
    table.delivery(-30 * 86_400, age=5)
    assert (await reader.read()).overdue == pytest.approx(5, abs=30)


async def test_the_outbox(table: Table, reader: BacklogReader) -> None:
    table.change(1, 900, published=True)
    table.change(2, 300)
    table.change(3, 10)
    found = await reader.read()
    assert found.changes == 2
    assert found.oldest_change == pytest.approx(300, abs=30)


async def test_a_database_that_is_away_is_said_to_be() -> None:
    async with async_pool(Settings(postgres_dsn="postgresql://nobody@127.0.0.1:1/nothing")) as pool:
        with pytest.raises(Unavailable, match="postgres"):
            await BacklogReader(pool, timeout=0.2).read()
