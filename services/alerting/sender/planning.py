"""From notifications to deliveries, one for each address that a notification's rules name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from psycopg.rows import TupleRow, tuple_row

from alerting.deliveries.plan import plan_deliveries
from alerting.deliveries.schedule import Profile
from alerting.runtime.database import AsyncPool, postgres_errors
from alerting.sender.claiming import endpoint_of
from alerting.sender.delivery import Alert, Delivery

_FIND: Final = """
    SELECT
        id::text, client_id, alert_id, severity, source, name, context::text, event_at, rule_ids, rules_version,
        traceparent,
        status = 'RECEIVED' AND NOT EXISTS (SELECT FROM deliveries d WHERE d.notification_id = n.id)
    FROM notifications n WHERE id = ANY(%b::text[]::uuid[])
"""

_UNADDRESSED: Final = """
    UPDATE notifications n SET status = 'NO_ENDPOINT', finished_at = now()
    WHERE id = ANY(%b::text[]::uuid[]) AND status = 'RECEIVED'
          AND NOT EXISTS (SELECT FROM deliveries d WHERE d.notification_id = n.id)
"""

_TIME: Final = "SELECT now() - %s * interval '1 second'"

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


class _Notification(NamedTuple):
    """A notification without deliveries."""

    client_id: str
    alert: Alert
    rule_ids: list[str]
    rules_version: int
    traceparent: str | None


class Planner:
    """Plans deliveries. Safe to call for the same notifications twice, and from several senders at once."""

    def __init__(self, pool: AsyncPool, *, lease: float, delays: Mapping[Profile, Sequence[float]]) -> None:
        self._pool = pool
        self._lease = lease
        self._delays = delays

    async def plan(self, ids: Sequence[str], *, room: int) -> Plan:
        """Make the deliveries of those that have none yet, and lease at most `room` of them.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with postgres_errors():
            async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(_FIND, [list(ids)], prepare=False)
                found = await cursor.fetchall()
                waiting = {row[0]: _notification(row) for row in found if row[-1]}
                planned = await plan_deliveries(cursor, list(waiting), room=room, lease=self._lease) if waiting else []
                unaddressed = waiting.keys() - {row[0] for row in planned}
                if unaddressed:
                    await cursor.execute(_UNADDRESSED, [sorted(unaddressed)], prepare=False)
        leased = [self._delivery(row, waiting[row[0]]) for row in planned if row[4] is not None]
        return Plan(leased, set(ids) - {row[0] for row in found})

    def _delivery(self, row: TupleRow, notification: _Notification) -> Delivery:
        notification_id, delivery_id, kind, value, lease = row[:5]
        secrets, delays = endpoint_of(row[5:], self._delays)
        client_id, alert, rule_ids, version, traceparent = notification
        return Delivery(
            delivery_id,
            notification_id,
            client_id,
            kind,
            value,
            attempt=1,
            alert=alert,
            rule_ids=rule_ids,
            rules_version=version,
            secrets=secrets,
            lease=lease,
            delays=delays,
            traceparent=traceparent,
        )

    async def time(self, *, ago: float) -> datetime:
        """Return what the database's clock said so many seconds ago.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        rows: list[tuple[datetime]] = await self._fetch(_TIME, [ago])
        return rows[0][0]

    async def unplanned(self, since: datetime, until: datetime, *, most: int) -> list[str]:
        """Return notifications recorded between two times that nobody has planned.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        rows = await self._fetch(_UNPLANNED, {"since": since, "until": until, "most": most})
        return [row[0] for row in rows]

    async def _fetch(self, query: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[TupleRow]:
        with postgres_errors():
            async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(query.encode(), parameters, prepare=False)
                return await cursor.fetchall()


def _notification(row: TupleRow) -> _Notification:
    return _Notification(row[1], Alert(*row[2:8]), *row[8:11])
