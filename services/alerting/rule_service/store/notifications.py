"""The tables notifications, deliveries and delivery_attempts, which the pipeline writes and this service only reads."""

from uuid import UUID

from psycopg import sql

from alerting.rule_service.store.where import Where
from alerting.runtime.database import AsyncConnection, Row

MOST_DELIVERIES = 500
MOST_ATTEMPTS = 100

_LISTED = sql.SQL("""
    id, client_id, alert_id, severity, source, name, event_at, rule_ids, rules_version, status, created_at, finished_at
""")


async def page(connection: AsyncConnection, where: Where, before: UUID | None, limit: int) -> list[Row]:
    """Return at most one more than `limit` notifications, the newest first."""
    where.add("id", "<", before)
    query = sql.SQL("SELECT {} FROM notifications {} ORDER BY id DESC LIMIT %(most)s").format(_LISTED, where.clause)
    cursor = await connection.execute(query, where.params | {"most": limit + 1})
    return await cursor.fetchall()


async def count(connection: AsyncConnection, where: Where, most: int) -> int:
    """Return how many notifications there are, `most` at most."""
    query = sql.SQL("SELECT count(*) AS number FROM (SELECT FROM notifications {} LIMIT %(most)s) AS found").format(
        where.clause
    )
    cursor = await connection.execute(query, where.params | {"most": most})
    (row,) = await cursor.fetchall()
    return int(row["number"])


async def ids(connection: AsyncConnection, where: Where, most: int) -> list[str]:
    """Return the ids of at most so many notifications."""
    query = sql.SQL("SELECT id::text FROM notifications {} ORDER BY id LIMIT %(most)s").format(where.clause)
    cursor = await connection.execute(query, where.params | {"most": most})
    return [row["id"] for row in await cursor.fetchall()]


async def find(connection: AsyncConnection, notification_id: UUID, tenant: str | None) -> Row | None:
    """Return a notification with its context."""
    query = "SELECT * FROM notifications WHERE id = %(id)s AND (%(tenant)s::text IS NULL OR client_id = %(tenant)s)"
    cursor = await connection.execute(query, {"id": notification_id, "tenant": tenant})
    return await cursor.fetchone()


async def deliveries(connection: AsyncConnection, notification_id: UUID) -> list[Row]:
    """Return a notification's deliveries, one more than `MOST_DELIVERIES` at most, each with its latest attempts."""
    query = """
        SELECT deliveries.*, coalesce(tried.attempts, '[]') AS history
        FROM deliveries LEFT JOIN LATERAL (
            SELECT jsonb_agg(to_jsonb(latest) - 'delivery_id' ORDER BY attempt) AS attempts
            FROM (
                SELECT * FROM delivery_attempts WHERE delivery_id = deliveries.id ORDER BY attempt DESC LIMIT %s
            ) AS latest
        ) AS tried ON true
        WHERE notification_id = %s ORDER BY id LIMIT %s
    """
    cursor = await connection.execute(query, (MOST_ATTEMPTS, notification_id, MOST_DELIVERIES + 1))
    return await cursor.fetchall()
