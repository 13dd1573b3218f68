"""Deliveries that are due and nobody's: taken for a time, or given back."""

from collections.abc import Sequence
from typing import Any, Final

from psycopg.rows import tuple_row

from alerting.runtime.database import AsyncPool, postgres_errors
from alerting.sender.delivery import Alert, Delivery

# One statement decides who has a delivery: the row's lock keeps others off until the lease is written.
_CLAIM: Final = """
    WITH due AS MATERIALIZED (
        SELECT id FROM deliveries
        WHERE status = 'PENDING' AND next_attempt_at <= now() AND (leased_until IS NULL OR leased_until <= now())
        ORDER BY next_attempt_at LIMIT %(most)s
        FOR UPDATE SKIP LOCKED
    )
    UPDATE deliveries d SET leased_until = now() + %(lease)s * interval '1 second'
    FROM due, notifications n
    WHERE d.id = due.id AND n.id = d.notification_id
    RETURNING
        n.id::text, n.client_id, n.alert_id, n.severity, n.source, n.name, n.context::text, n.event_at, n.rule_ids,
        n.rules_version, d.id::text, d.type, d.value, d.attempts
"""

_RELEASE: Final = """
    UPDATE deliveries SET leased_until = NULL, next_attempt_at = now() + %(delay)s * interval '1 second'
    WHERE id = ANY(%(ids)s::text[]::uuid[]) AND status = 'PENDING'
"""


class Claims:
    """The table of deliveries as a queue."""

    def __init__(self, pool: AsyncPool, *, lease: float) -> None:
        self._pool = pool
        self._lease = lease

    async def claim(self, most: int) -> list[Delivery]:
        """Take at most so many, those first that are due for longest.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        with postgres_errors():
            async with self._pool.connection() as connection, connection.cursor(row_factory=tuple_row) as cursor:
                await cursor.execute(_CLAIM, {"most": most, "lease": self._lease}, prepare=False)
                return [_delivery(row) for row in await cursor.fetchall()]

    async def release(self, deliveries: Sequence[Delivery], *, delay: float) -> None:
        """Give back deliveries whose leases still last, to be attempted by whoever comes after the delay.

        Raises
        ------
        Unavailable
            The database does not answer; the leases end by themselves.
        """
        ids = [delivery.id for delivery in deliveries]
        with postgres_errors():
            async with self._pool.connection() as connection:
                await connection.execute(_RELEASE, {"ids": ids, "delay": delay})


def _delivery(row: Sequence[Any]) -> Delivery:
    notification_id, client_id, *alert, rule_ids, rules_version, delivery_id, kind, value, attempts = row
    return Delivery(
        delivery_id, notification_id, client_id, kind, value, attempts + 1, Alert(*alert), rule_ids, rules_version
    )
