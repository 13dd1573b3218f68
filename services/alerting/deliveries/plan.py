"""From notifications to deliveries, one for each address that a notification's rules name."""

from collections.abc import Sequence
from typing import Any, Final

from psycopg import AsyncCursor
from psycopg.rows import TupleRow

from alerting.deliveries.schedule import PAGE_MAX_AGE, STANDARD_MAX_AGE

# A delivery's id is made of its notification's (the time in it keeps the indexes narrow) and of a hash of the address.
# So two senders that plan the same notification, whatever the endpoints are at each one's moment, make the same
# deliveries, and an address has one however many of the rules name it.
# A fallback endpoint waits for the others to fail, unless there is no other.
_PLAN: Final = """
    INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, expires_at, leased_until)
    SELECT
        (left(notification_id::text, 18) || '-a' || substr(hash, 1, 3) || '-' || substr(hash, 4, 12))::uuid,
        notification_id, endpoint_id, client_id, type, value, now() + max_age * interval '1 second',
        CASE WHEN row_number() OVER () <= %(room)s::int THEN now() + %(lease)s::float8 * interval '1 second' END
    FROM (
        SELECT DISTINCT ON (n.id, e.type, e.value)
            n.id AS notification_id, n.client_id, e.id AS endpoint_id, e.type, e.value,
            coalesce(e.max_age, CASE e.retry_profile WHEN 'page' THEN %(page)s::int ELSE %(standard)s::int END)
                AS max_age,
            md5(n.id::text || e.type || ' ' || e.value) AS hash
        FROM notifications n
            JOIN endpoints e ON e.rule_id = ANY(n.rule_ids) AND e.client_id = n.client_id AND e.enabled
        WHERE n.id = ANY(%(ids)s::text[]::uuid[]) AND (
            NOT e.fallback OR NOT EXISTS (
                SELECT FROM endpoints p WHERE p.rule_id = e.rule_id AND p.enabled AND NOT p.fallback
            )
        )
        ORDER BY n.id, e.type, e.value, e.id
    ) AS target
    ON CONFLICT DO NOTHING
    RETURNING notification_id::text, id::text, endpoint_id, type, value, leased_until IS NOT NULL
"""


async def plan_deliveries(
    cursor: AsyncCursor[Any], notification_ids: Sequence[str], *, room: int = 0, lease: float = 0.0
) -> list[TupleRow]:
    """Make the deliveries that these notifications lack; lease at most `room` of them for so many seconds.

    Return (notification's id, delivery's id, endpoint's id, type, value, whether leased) of each that was made.
    """
    parameters = {
        "ids": list(notification_ids),
        "room": room,
        "lease": lease,
        "standard": STANDARD_MAX_AGE,
        "page": PAGE_MAX_AGE,
    }
    await cursor.execute(_PLAN, parameters, prepare=False)
    return await cursor.fetchall()
