"""The notifications and deliveries of some hours, from PostgreSQL."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from alerting.metrics.answers import Hour, NotificationFigures
from alerting.metrics.question import asking
from alerting.metrics.window import Span, Window
from alerting.runtime.database import AsyncPool

# The condition on the id is what an index answers: the primary key, or the one on (client_id, id).
_NOTIFICATIONS: Final = """
    SELECT date_trunc('hour', created_at) AS hour, status, severity, count(*) AS number
    FROM notifications
    WHERE id BETWEEN %(first_id)s AND %(last_id)s AND created_at >= %(begin)s AND created_at < %(end)s
    GROUP BY 1, 2, 3
"""
_CLIENT_NOTIFICATIONS: Final = """
    SELECT date_trunc('hour', created_at) AS hour, status, severity, count(*) AS number
    FROM notifications
    WHERE client_id = %(client_id)s
          AND id BETWEEN %(first_id)s AND %(last_id)s AND created_at >= %(begin)s AND created_at < %(end)s
    GROUP BY 1, 2, 3
"""
_DELIVERIES: Final = """
    SELECT type, status, count(*) AS number
    FROM deliveries
    WHERE id BETWEEN %(first_id)s AND %(last_id)s AND created_at >= %(begin)s AND created_at < %(end)s
    GROUP BY 1, 2
"""
_CLIENT_DELIVERIES: Final = """
    SELECT deliveries.type, deliveries.status, count(*) AS number
    FROM notifications JOIN deliveries ON deliveries.notification_id = notifications.id
    WHERE notifications.client_id = %(client_id)s
          AND notifications.id BETWEEN %(first_id)s AND %(last_id)s
          AND notifications.created_at >= %(begin)s AND notifications.created_at < %(end)s
    GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """What there is of each kind."""

    notifications: Counter[tuple[datetime, str, str]] = field(default_factory=Counter)
    """By hour, status and severity."""
    deliveries: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By type and status."""


class NotificationReader:
    """Asks the database, for `timeout` seconds at most."""

    def __init__(self, pool: AsyncPool, *, timeout: float) -> None:
        self._pool = pool
        self._timeout = timeout

    async def read(self, span: Span, client_id: str | None) -> Counted:
        """Count what one client has, or all have.

        Raises
        ------
        Unavailable
            The database does not answer in time.
        """
        values = {
            "client_id": client_id,
            "first_id": span.first_id,
            "last_id": span.last_id,
            "begin": span.begin,
            "end": span.end,
        }
        notifications, deliveries = (
            (_NOTIFICATIONS, _DELIVERIES) if client_id is None else (_CLIENT_NOTIFICATIONS, _CLIENT_DELIVERIES)
        )
        async with asking(self._pool, self._timeout) as connection:
            counted = await (await connection.execute(notifications, values)).fetchall()
            delivered = await (await connection.execute(deliveries, values)).fetchall()
        return Counted(
            Counter({(row["hour"], row["status"], row["severity"]): row["number"] for row in counted}),
            Counter({(row["type"], row["status"]): row["number"] for row in delivered}),
        )


def figures(window: Window, counted: Iterable[Counted]) -> NotificationFigures:
    """Put together what was counted."""
    notifications: Counter[tuple[datetime, str, str]] = Counter()
    deliveries: Counter[tuple[str, str]] = Counter()
    for each in counted:
        notifications += each.notifications
        deliveries += each.deliveries
    hours = {at: Hour(hour=at, by_status={}, by_severity={}) for at in window.hours}
    for (at, status, severity), number in sorted(notifications.items()):
        _add(hours[at].by_status, status, number)
        _add(hours[at].by_severity, severity, number)
    by_type: dict[str, dict[str, int]] = {}
    for (kind, status), number in sorted(deliveries.items()):
        by_type.setdefault(kind, {})[status] = number
    return NotificationFigures(
        since=window.since,
        notifications=notifications.total(),
        by_status=_total(hour.by_status for hour in hours.values()),
        by_severity=_total(hour.by_severity for hour in hours.values()),
        deliveries=deliveries.total(),
        deliveries_by_type=by_type,
        hours=list(hours.values()),
    )


def _add(counts: dict[str, int], name: str, number: int) -> None:
    counts[name] = counts.get(name, 0) + number


def _total(counts: Iterable[dict[str, int]]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return dict(sorted(total.items()))
