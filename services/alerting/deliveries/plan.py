"""From notifications to deliveries, one for each address that a notification's rules name."""

from collections.abc import Sequence
from typing import Any, Final

from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import TupleRow

from alerting.deliveries.schedule import PAGE_MAX_AGE, STANDARD_MAX_AGE

# Of an endpoint `e`: seconds until a delivery to it expires.
MAX_AGE: Final = (
    f"coalesce(e.max_age, CASE e.retry_profile WHEN 'page' THEN {PAGE_MAX_AGE} ELSE {STANDARD_MAX_AGE} END)"
)

# Of an endpoint `e` (or none, and then null): what a sender has to know, in this order.
ENDPOINT: Final = """
    e.secret,
    CASE WHEN e.previous_secret_until > now() THEN e.previous_secret END,
    e.retry_profile,
    e.retry_delays
"""

# A delivery's id is made of its notification's (the time in it keeps the indexes narrow) and of a hash of the address.
# So two senders that plan the same notification, whatever the endpoints are at each one's moment, make the same
# deliveries, and an address has one however many of the rules name it.
DELIVERY_ID: Final = "(left(n.id::text, 18) || '-a' || substr(hash, 1, 3) || '-' || substr(hash, 4, 12))::uuid"
ADDRESS_HASH: Final = "md5(n.id::text || e.type || ' ' || e.value)"

# A fallback endpoint waits for the others to fail, unless there is no other.
_PLAN: Final = f"""
    WITH target AS (
        SELECT DISTINCT ON (n.id, e.type, e.value) n.id, n.client_id, e.id AS endpoint_id, {ADDRESS_HASH} AS hash
        FROM notifications n
            JOIN endpoints e ON e.rule_id = ANY(n.rule_ids) AND e.client_id = n.client_id AND e.enabled
        WHERE n.id = ANY(%(ids)s::text[]::uuid[]) AND (
            NOT e.fallback OR NOT EXISTS (
                SELECT FROM endpoints p WHERE p.rule_id = e.rule_id AND p.enabled AND NOT p.fallback
            )
        )
        ORDER BY n.id, e.type, e.value, e.id
    ), planned AS (
        INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, expires_at, leased_until)
        SELECT
            {DELIVERY_ID}, n.id, e.id, n.client_id, e.type, e.value, now() + {MAX_AGE} * interval '1 second',
            CASE WHEN row_number() OVER () <= %(room)s::int THEN now() + %(lease)s::float8 * interval '1 second' END
        FROM target n JOIN endpoints e ON e.id = n.endpoint_id
        ON CONFLICT DO NOTHING
        RETURNING notification_id, id, type, value, leased_until, endpoint_id
    )
    SELECT d.notification_id::text, d.id::text, d.type, d.value, d.leased_until, {ENDPOINT}
    FROM planned d JOIN endpoints e ON e.id = d.endpoint_id
"""  # made of the constants above  # noqa: S608

_FALL_BACK: Final = f"""
    WITH target AS (
        SELECT DISTINCT ON (n.id, e.type, e.value) n.id, n.client_id, e.id AS endpoint_id, {ADDRESS_HASH} AS hash
        FROM deliveries d
            JOIN notifications n ON n.id = d.notification_id
            JOIN endpoints failed
                ON failed.client_id = d.client_id AND failed.type = d.type AND md5(failed.value) = md5(d.value)
                   AND failed.rule_id = ANY(n.rule_ids) AND NOT failed.fallback
            JOIN endpoints e ON e.rule_id = failed.rule_id AND e.fallback AND e.enabled
        WHERE d.id = ANY(%b::text[]::uuid[]) AND d.status IN ('FAILED', 'EXPIRED')
        ORDER BY n.id, e.type, e.value, e.id
    )
    INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, expires_at)
    SELECT {DELIVERY_ID}, n.id, e.id, n.client_id, e.type, e.value, now() + {MAX_AGE} * interval '1 second'
    FROM target n JOIN endpoints e ON e.id = n.endpoint_id
    ON CONFLICT DO NOTHING
"""  # made of the constants above  # noqa: S608

_NOTICE: Final = f"""
    WITH target AS (
        SELECT n.id, n.client_id, e.id AS endpoint_id, {ADDRESS_HASH} AS hash
        FROM notifications n
            JOIN endpoints e ON e.client_id = n.client_id AND e.enabled
            LEFT JOIN receivers r ON r.id = md5(e.client_id || ' ' || e.type || ' ' || e.value)::uuid
        WHERE n.id = %(id)s
        ORDER BY r.failing_since IS NOT NULL, e.rule_id = ANY(n.rule_ids) DESC, e.fallback, e.id LIMIT 1
    )
    INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, expires_at)
    SELECT {DELIVERY_ID}, n.id, e.id, n.client_id, e.type, e.value, now() + {MAX_AGE} * interval '1 second'
    FROM target n JOIN endpoints e ON e.id = n.endpoint_id
"""  # made of the constants above  # noqa: S608

_UNADDRESSED: Final = """
    UPDATE notifications n SET status = 'NO_ENDPOINT', finished_at = now()
    WHERE id = %(id)s AND NOT EXISTS (SELECT FROM deliveries d WHERE d.notification_id = n.id)
"""


async def plan_deliveries(
    cursor: AsyncCursor[Any], notification_ids: Sequence[str], *, room: int = 0, lease: float = 0.0
) -> list[TupleRow]:
    """Make the deliveries that these notifications lack; lease at most `room` of them for so many seconds.

    Return (notification's id, delivery's id, type, value, end of its lease or None, then those of `ENDPOINT`) of each
    that was made.
    """
    parameters = {"ids": list(notification_ids), "room": room, "lease": lease}
    await cursor.execute(_PLAN.encode(), parameters, prepare=False)
    return await cursor.fetchall()


async def plan_fallbacks(connection: AsyncConnection[Any], delivery_ids: Sequence[str]) -> None:
    """Make deliveries to the fallback endpoints of those deliveries that have failed or expired."""
    await connection.execute(_FALL_BACK.encode(), [list(delivery_ids)], prepare=False)


async def plan_notice(connection: AsyncConnection[Any], notification_id: str) -> None:
    """Make a notification's delivery to one endpoint of its client: one that does not fail, of its rules if it can be.

    Without such an endpoint, the notification ends as one that nobody was told of.
    """
    await connection.execute(_NOTICE.encode(), {"id": notification_id})
    await connection.execute(_UNADDRESSED, {"id": notification_id})
