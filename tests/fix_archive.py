"""Notifications of long ago, and what is left of them."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

import psycopg

# The ids are as those that were made at the time: UUIDs of version 7.
_NOTIFICATIONS = """
    INSERT INTO notifications
        (id, client_id, alert_id, severity, source, name, context, event_at, rule_ids, rules_version, status,
         created_at, finished_at)
    SELECT
        (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || 'a' ||
         substr(hash, 5, 15))::uuid,
        'acme', hash, 'HIGH', 'api', 'Timeout', '{"region": "eu"}', at, '{r1}', 7, %(status)s,
        at, CASE WHEN %(status)s <> 'RECEIVED' THEN at END
    FROM (
        SELECT now() - %(days)s * interval '1 day' + n * interval '1 ms' AS at, md5(random()::text) AS hash
        FROM generate_series(1, %(number)s) AS n
    ) AS given
    RETURNING id::text
"""

_DELIVERIES = """
    INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, status, attempts)
    SELECT
        (left(id, 18) || '-a' || substr(md5(id), 1, 3) || '-' || substr(md5(id), 4, 12))::uuid, id::uuid, 'e1', 'acme',
        'webhook', 'https://a.example/', %s, 1
    FROM unnest(%s::text[]) AS notification (id)
"""

_ATTEMPTS = """
    INSERT INTO delivery_attempts (delivery_id, attempt, started_at, latency_ms, status_code, response)
    SELECT id, 1, now(), 5, 200, 'thank you' FROM deliveries WHERE notification_id = ANY(%s::uuid[])
"""

_SIZES = """
    SELECT relname, pg_table_size(oid)::int FROM pg_class
    WHERE relkind IN ('r', 'i') AND relname ~ '^(notifications|deliver)'
"""
_TABLES = ("notifications", "deliveries", "delivery_attempts")


class Left(NamedTuple):
    """How many rows there are."""

    notifications: int
    deliveries: int
    attempts: int


@dataclass(frozen=True)
class Archive:
    """A database with notifications that were recorded some days ago."""

    dsn: str

    def execute(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(query.encode(), parameters)
            return cursor.fetchall() if cursor.description else []

    def add(
        self, number: int = 1, *, days: float = 40.0, status: str = "SENT", delivery: str | None = "DELIVERED"
    ) -> list[str]:
        """Write notifications, each with a delivery and an attempt unless there is none; return their ids."""
        with psycopg.connect(self.dsn) as connection:
            given = {"number": number, "days": days, "status": status}
            ids = [row[0] for row in connection.execute(_NOTIFICATIONS, given).fetchall()]
            if delivery is not None:
                connection.execute(_DELIVERIES, (delivery, ids))
                connection.execute(_ATTEMPTS, (ids,))
        return ids

    @contextmanager
    def locked(self, query: str, *parameters: object) -> Iterator[None]:
        """Hold what a statement locks."""
        with psycopg.connect(self.dsn) as connection:
            connection.execute(query.encode(), parameters)
            yield
            connection.rollback()

    async def somebody_waits(self) -> None:
        """Wait until a session waits for a lock."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        async with asyncio.timeout(20):
            while self.execute(query) == [(0,)]:
                await asyncio.sleep(0.01)

    def left(self) -> Left:
        return Left(*(self.execute(f"SELECT count(*) FROM {table}")[0][0] for table in _TABLES))

    def sizes(self) -> dict[str, int]:
        """Return the bytes of each table and of each of their indexes."""
        return dict(self.execute(_SIZES))

    def vacuum(self) -> None:
        """Do what autovacuum does when it comes to it."""
        for table in _TABLES:
            self.execute(f"VACUUM {table}")
