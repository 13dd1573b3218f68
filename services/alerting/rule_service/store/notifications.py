"""The tables notifications, deliveries and delivery_attempts, which the pipeline writes and this service only reads."""

from typing import Final
from uuid import UUID

from alerting.runtime.database import AsyncConnection, Row

MOST_DELIVERIES = 500
MOST_ATTEMPTS = 100
MOST_RULES = 500

# Of a notification `n`: how its deliveries are.
SUMMARY: Final = """
    SELECT
        jsonb_build_object(
            'DELIVERED', count(*) FILTER (WHERE status = 'DELIVERED'),
            'FAILED', count(*) FILTER (WHERE status = 'FAILED'),
            'PENDING', count(*) FILTER (WHERE status = 'PENDING'),
            'EXPIRED', count(*) FILTER (WHERE status = 'EXPIRED')
        ) AS delivery_counts,
        min(next_attempt_at) FILTER (WHERE status = 'PENDING') AS next_attempt_at,
        (array_agg(last_error ORDER BY next_attempt_at DESC) FILTER (WHERE last_error IS NOT NULL))[1] AS last_error
    FROM deliveries WHERE notification_id = n.id
"""


async def find(connection: AsyncConnection, notification_id: UUID, tenant: str | None) -> Row | None:
    """Return a notification with its context, and how its deliveries are."""
    query = f"""
        SELECT * FROM notifications n CROSS JOIN LATERAL ({SUMMARY}) AS sent
        WHERE id = %(id)s AND (%(tenant)s::text IS NULL OR client_id = %(tenant)s)
    """  # made of a constant  # noqa: S608
    cursor = await connection.execute(query.encode(), {"id": notification_id, "tenant": tenant})
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


async def matched_rules(connection: AsyncConnection, notification: Row) -> list[Row]:
    """Return the rules that matched as they are now, and whether they changed since; at most `MOST_RULES`."""
    query = """
        SELECT matched.id, rules.id IS NOT NULL AS exists,
               rules.id IS NULL OR rules.updated_at > coalesce(decided.created_at, %(recorded)s) AS changed_since,
               rules.severity, rules.source, rules.name, rules.description, rules.enabled
        FROM unnest(%(ids)s::text[]) WITH ORDINALITY AS matched (id, place)
            LEFT JOIN rules ON rules.id = matched.id AND rules.client_id = %(client)s
            LEFT JOIN rule_changes AS decided ON decided.version = %(version)s
        ORDER BY place
    """
    given = {
        "ids": notification["rule_ids"][:MOST_RULES],
        "client": notification["client_id"],
        "version": notification["rules_version"],
        "recorded": notification["created_at"],
    }
    return await (await connection.execute(query, given)).fetchall()
