"""From notifications to deliveries, one for each address that a notification's rules name: in one statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.rows import tuple_row

from alerting.runtime.database import AsyncPool, postgres_errors
from alerting.sender.columns import NOTIFICATION_COLUMNS, delivery_of
from alerting.sender.delivery import Delivery

# A delivery's id is made of its notification's (the time in it keeps the indexes narrow) and of a hash of the address.
# So two senders that plan the same notification, whatever the endpoints are at each one's moment, make the same
# deliveries, and an address has one however many of the rules name it.
_PLAN: Final = f"""
    WITH ready AS MATERIALIZED (
        SELECT * FROM notifications n
        WHERE id = ANY(%(ids)s::text[]::uuid[]) AND status = 'RECEIVED'
              AND NOT EXISTS (SELECT FROM deliveries d WHERE d.notification_id = n.id)
    ), target AS MATERIALIZED (
        SELECT DISTINCT ON (n.id, e.type, e.value)
            n.id AS notification_id, n.client_id, e.id AS endpoint_id, e.type, e.value,
            md5(n.id::text || e.type || ' ' || e.value) AS hash
        FROM ready n
            CROSS JOIN unnest(n.rule_ids) AS rule (id)
            JOIN endpoints e ON e.rule_id = rule.id AND e.client_id = n.client_id AND e.enabled
        ORDER BY n.id, e.type, e.value, e.id
    ), planned AS (
        INSERT INTO deliveries (id, notification_id, endpoint_id, client_id, type, value, leased_until)
        SELECT
            (left(notification_id::text, 18) || '-a' || substr(hash, 1, 3) || '-' || substr(hash, 4, 12))::uuid,
            notification_id, endpoint_id, client_id, type, value,
            CASE WHEN row_number() OVER (ORDER BY notification_id) <= %(room)s
                 THEN now() + %(lease)s * interval '1 second' END
        FROM target
        ON CONFLICT DO NOTHING
        RETURNING id, notification_id, type, value, attempts, leased_until
    ), unaddressed AS (
        UPDATE notifications SET status = 'NO_ENDPOINT', finished_at = now()
        WHERE id IN (SELECT id FROM ready EXCEPT SELECT notification_id FROM target) AND status = 'RECEIVED'
    )
    SELECT {NOTIFICATION_COLUMNS}, d.leased_until IS NOT NULL, d.id::text, d.type, d.value, d.attempts
    FROM ready n LEFT JOIN planned d ON d.notification_id = n.id
"""  # of constants  # noqa: S608

_KNOWN: Final = "SELECT id::text FROM notifications WHERE id = ANY(%s::text[]::uuid[])"

_NOW: Final = "SELECT now() - %s * interval '1 second'"

_UNPLANNED: Final = """
    SELECT id::text FROM notifications n
    WHERE status = 'RECEIVED' AND created_at BETWEEN %(since)s::timestamptz AND %(until)s::timestamptz
          AND NOT EXISTS (SELECT FROM deliveries d WHERE d.notification_id = n.id)
    ORDER BY created_at LIMIT %(most)s
"""


class Plan(NamedTuple):
    """What became of notifications that wait to be sent."""

    leased: list[Delivery]
    """To be attempted by this sender now; what did not fit waits in the table."""
    unknown: set[str]
    """There are no such notifications."""


class Planner:
    """Plans deliveries. Safe to call for the same notifications twice, and from several senders at once."""

    def __init__(self, pool: AsyncPool, *, lease: float) -> None:
        self._pool = pool
        self._lease = lease

    async def plan(self, ids: Sequence[str], *, room: int) -> Plan:
        """Make the deliveries of those that have none yet, and lease at most `room` of them.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        parameters = {"ids": list(ids), "room": room, "lease": self._lease}
        with postgres_errors():
            async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(_PLAN, parameters, prepare=False)
                rows: list[tuple[Any, ...]] = await cursor.fetchall()
                unknown = set(ids) - {row[0] for row in rows}
                if unknown:
                    # They are finished or planned already, which is how a message that comes again is recognised.
                    await cursor.execute(_KNOWN, [list(unknown)])
                    unknown -= {row[0] for row in await cursor.fetchall()}
        return Plan([delivery_of(row) for row in rows if row[-5]], unknown)

    async def time(self, *, ago: float) -> datetime:
        """Return what the database's clock said so many seconds ago.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with postgres_errors():
            async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(_NOW, [ago])
                rows: list[tuple[datetime]] = await cursor.fetchall()
        return rows[0][0]

    async def unplanned(self, since: datetime, until: datetime, *, most: int) -> list[str]:
        """Return notifications recorded between two times that nobody has planned.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        parameters = {"since": since, "until": until, "most": most}
        with postgres_errors():
            async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(_UNPLANNED, parameters, prepare=False)
                return [row[0] for row in await cursor.fetchall()]
