"""What fails at the end of the pipeline, from PostgreSQL: receivers, and notifications that did not arrive."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString
from uuid import UUID

from alerting.deliveries.shown import shown_address
from alerting.metrics.answers import BoundedCount, FailingReceiver
from alerting.metrics.question import asking
from alerting.metrics.window import lowest_id
from alerting.runtime.clock import Clock
from alerting.runtime.database import AsyncConnection, AsyncPool, Row

MOST_RECEIVERS: Final = 100
MOST_COUNTED: Final = 10_000

_FAILED_SINCE: Final = timedelta(hours=24)
_WAITING_SINCE: Final = timedelta(minutes=1)
_ALL_CLIENTS: Final = ""
"""No client has this id."""

# An address that no endpoint has any more, or only ones that somebody disabled, is nobody's trouble. The pair of
# conditions on the value is what an index answers.
_RECEIVERS: Final = """
    SELECT receivers.client_id, type, value, failing_since, failures, last_failure_at, last_error,
           CASE WHEN open_until > now() THEN open_until END AS open_until, found.endpoint_ids, found.given_up,
           jsonb_build_object('id', rules.id, 'source', rules.source, 'name', rules.name) AS rule
    FROM receivers, LATERAL (
        SELECT (array_agg(id ORDER BY id))[:20] AS endpoint_ids, NOT bool_or(enabled) AS given_up,
               bool_or(enabled OR disabled_reason IS NOT NULL) AS wanted, (array_agg(rule_id ORDER BY id))[1] AS rule_id
        FROM endpoints
        WHERE endpoints.client_id = receivers.client_id AND endpoints.type = receivers.type
              AND md5(endpoints.value) = md5(receivers.value) AND endpoints.value = receivers.value
    ) AS found JOIN rules ON rules.id = found.rule_id
    WHERE failing_since IS NOT NULL AND found.wanted
          AND (%(client_id)s = '' OR receivers.client_id = %(client_id)s)
    ORDER BY failing_since, receivers.id LIMIT %(most)s
"""
_FAILED: Final = """
    SELECT count(*) AS number FROM (
        SELECT FROM notifications WHERE status IN ('FAILED', 'PARTIAL') AND id >= %(first_id)s LIMIT %(most)s
    ) AS found
"""
_CLIENT_FAILED: Final = """
    SELECT count(*) AS number FROM (
        SELECT FROM notifications
        WHERE client_id = %(client_id)s AND status IN ('FAILED', 'PARTIAL') AND id >= %(first_id)s LIMIT %(most)s
    ) AS found
"""
_WAITING: Final = """
    SELECT count(*) AS number FROM (
        SELECT FROM notifications WHERE status = 'RECEIVED' AND created_at < %(before)s LIMIT %(most)s
    ) AS found
"""
_CLIENT_WAITING: Final = """
    SELECT count(*) AS number FROM (
        SELECT FROM notifications
        WHERE client_id = %(client_id)s AND status = 'RECEIVED' AND created_at < %(before)s LIMIT %(most)s
    ) AS found
"""


@dataclass(frozen=True, slots=True)
class Failures:
    """What was found."""

    receivers: list[FailingReceiver]
    receivers_more: bool
    notifications_failed: BoundedCount
    waiting: BoundedCount


class FailureReader:
    """Asks the database, for `timeout` seconds at most."""

    def __init__(self, pool: AsyncPool, clock: Clock, *, timeout: float) -> None:
        self._pool = pool
        self._clock = clock
        self._timeout = timeout

    async def read(self, client_id: str | None) -> Failures:
        """Return what fails for one client, or for all.

        Raises
        ------
        Unavailable
            The database does not answer in time.
        """
        now = datetime.fromtimestamp(self._clock.now(), UTC)
        async with asking(self._pool, self._timeout) as connection:
            return await self._failures(connection, client_id, now)

    async def _failures(self, connection: AsyncConnection, client_id: str | None, now: datetime) -> Failures:
        failed, waiting = (_FAILED, _WAITING) if client_id is None else (_CLIENT_FAILED, _CLIENT_WAITING)
        rows = await self._receivers(connection, client_id)
        return Failures(
            [_receiver(row) for row in rows[:MOST_RECEIVERS]],
            len(rows) > MOST_RECEIVERS,
            await _count(connection, failed, client_id, first_id=lowest_id(now - _FAILED_SINCE)),
            await _count(connection, waiting, client_id, before=now - _WAITING_SINCE),
        )

    async def _receivers(self, connection: AsyncConnection, client_id: str | None) -> list[Row]:
        values = {"client_id": client_id or _ALL_CLIENTS, "most": MOST_RECEIVERS + 1}
        return await (await connection.execute(_RECEIVERS, values)).fetchall()


async def _count(
    connection: AsyncConnection, query: LiteralString, client_id: str | None, **values: datetime | UUID
) -> BoundedCount:
    cursor = await connection.execute(query, {"client_id": client_id, "most": MOST_COUNTED + 1, **values})
    row = await cursor.fetchone()
    number: int = row["number"] if row else 0
    return BoundedCount(count=min(number, MOST_COUNTED), more=number > MOST_COUNTED)


def _receiver(row: Row) -> FailingReceiver:
    return FailingReceiver(**row, shown=shown_address(row["type"], row["value"]))
