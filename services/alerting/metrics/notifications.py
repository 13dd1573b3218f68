"""The notifications and deliveries of the last hours, from PostgreSQL."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

from alerting.metrics.answers import Hour, NotificationFigures
from alerting.metrics.window import Window
from alerting.runtime.database import AsyncPool, Row, postgres_errors
from alerting.runtime.errors import Unavailable

# The condition on the id is what an index answers: the primary key, or the one on (client_id, id).
_NOTIFICATIONS: Final = """
    SELECT date_trunc('hour', created_at) AS hour, status, count(*) AS number
    FROM notifications
    WHERE id >= %(first_id)s AND created_at >= %(since)s
    GROUP BY 1, 2
"""
_CLIENT_NOTIFICATIONS: Final = """
    SELECT date_trunc('hour', created_at) AS hour, status, count(*) AS number
    FROM notifications
    WHERE client_id = %(client_id)s AND id >= %(first_id)s AND created_at >= %(since)s
    GROUP BY 1, 2
"""
_DELIVERIES: Final = """
    SELECT type, status, count(*) AS number
    FROM deliveries
    WHERE id >= %(first_id)s AND created_at >= %(since)s
    GROUP BY 1, 2
"""
_CLIENT_DELIVERIES: Final = """
    SELECT deliveries.type, deliveries.status, count(*) AS number
    FROM notifications JOIN deliveries ON deliveries.notification_id = notifications.id
    WHERE notifications.client_id = %(client_id)s
          AND notifications.id >= %(first_id)s AND notifications.created_at >= %(since)s
    GROUP BY 1, 2
"""


class NotificationReader:
    """Asks the database, for `timeout` seconds at most."""

    def __init__(self, pool: AsyncPool, *, timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout

    async def read(self, window: Window, client_id: str | None) -> NotificationFigures:
        """Return the figures of one client, or of all.

        Raises
        ------
        Unavailable
            The database does not answer in time.
        """
        values = {"client_id": client_id, "first_id": window.first_id, "since": window.since}
        notifications, deliveries = (
            (_NOTIFICATIONS, _DELIVERIES) if client_id is None else (_CLIENT_NOTIFICATIONS, _CLIENT_DELIVERIES)
        )
        try:
            async with asyncio.timeout(self._timeout):
                with postgres_errors():
                    async with self._pool.connection() as connection:
                        counted = await (await connection.execute(notifications, values)).fetchall()
                        delivered = await (await connection.execute(deliveries, values)).fetchall()
        except TimeoutError:
            raise Unavailable("postgres", f"no answer within {self._timeout} s") from None
        return figures(window, counted, delivered)


def figures(window: Window, notifications: Sequence[Row], deliveries: Sequence[Row]) -> NotificationFigures:
    """Put together what was counted."""
    by_type: dict[str, dict[str, int]] = {}
    for row in deliveries:
        by_type.setdefault(row["type"], {})[row["status"]] = row["number"]
    by_status = _by_status(notifications)
    return NotificationFigures(
        since=window.since,
        notifications=sum(by_status.values()),
        by_status=by_status,
        deliveries=sum(row["number"] for row in deliveries),
        deliveries_by_type=by_type,
        hours=[
            Hour(hour=hour, by_status=_by_status(row for row in notifications if row["hour"] == hour))
            for hour in window.hours
        ],
    )


def _by_status(rows: Iterable[Row]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for row in rows:
        counted[row["status"]] = counted.get(row["status"], 0) + row["number"]
    return dict(sorted(counted.items()))
