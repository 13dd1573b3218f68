"""What came of the attempts, written down: each attempt, its delivery, and its notification's status, together."""

from collections.abc import Sequence
from typing import Final

from alerting.runtime.database import AsyncPool, postgres_errors
from alerting.sender.delivery import Result

# Two senders that record the last deliveries of one notification would each see the other's as pending. So they take
# turns: a statement that begins after the lock was got sees what the one before has committed. In one order, so that
# they cannot wait for each other.
_LOCK: Final = """
    SELECT FROM notifications WHERE id = ANY(%b::text[]::uuid[]) ORDER BY id FOR NO KEY UPDATE
"""

# A result that comes after its lease ended, when another sender has recorded one, counts if it is the good news. It is
# said as a CASE because the planner knows that nearly all deliveries are DELIVERED, takes the others for few, and would
# begin with reading all of them.
_RECORD: Final = """
    WITH recorded AS (
        UPDATE deliveries d SET
            status = r.status,
            attempts = greatest(d.attempts, r.attempt),
            next_attempt_at = now() + r.delay * interval '1 second',
            leased_until = NULL,
            last_status = r.code,
            last_error = r.error,
            delivered_at = CASE WHEN r.status = 'DELIVERED' THEN now() END
        FROM unnest(
            %b::text[]::uuid[], %b::int[], %b::text[], %b::float8[], %b::float8[], %b::float8[], %b::int[], %b::text[],
            %b::text[]
        ) AS r (id, attempt, status, delay, started_at, seconds, code, error, response)
        WHERE d.id = r.id AND
              CASE WHEN d.status = 'DELIVERED' THEN false
                   WHEN r.status = 'DELIVERED' THEN true
                   ELSE d.attempts < r.attempt END
        RETURNING d.id, r.attempt, r.started_at, r.seconds, r.code, r.error, r.response
    )
    INSERT INTO delivery_attempts (delivery_id, attempt, started_at, latency_ms, status_code, error, response)
    SELECT id, attempt, to_timestamp(started_at), seconds * 1000, code, error, response FROM recorded
    ON CONFLICT DO NOTHING
"""

_FINISH: Final = """
    UPDATE notifications n SET status = sent.status, finished_at = now()
    FROM (
        SELECT
            notification_id,
            CASE WHEN bool_and(status = 'DELIVERED') THEN 'SENT'
                 WHEN bool_or(status = 'DELIVERED') THEN 'PARTIAL'
                 ELSE 'FAILED' END AS status
        FROM deliveries WHERE notification_id = ANY(%b::text[]::uuid[])
        GROUP BY notification_id HAVING bool_and(status <> 'PENDING')
    ) AS sent
    WHERE n.id = sent.notification_id AND n.status <> sent.status
"""


class Records:
    """Writes results."""

    def __init__(self, pool: AsyncPool) -> None:
        self._pool = pool

    async def write(self, results: Sequence[Result]) -> None:
        """Record results, all or none; again is harmless.

        Raises
        ------
        Unavailable
            The database does not answer.
        """
        columns = [
            [result.delivery.id for result in results],
            [result.delivery.attempt for result in results],
            [result.status for result in results],
            [float(result.delay) for result in results],
            [result.started_at for result in results],
            [result.seconds for result in results],
            [result.code for result in results],
            [result.error for result in results],
            [result.response for result in results],
        ]
        ended = [list({result.delivery.notification_id for result in results if result.status != "PENDING"})]
        with postgres_errors():
            async with (
                self._pool.connection() as connection,
                connection.pipeline(),
                connection.transaction(),
            ):
                await connection.execute(_LOCK, ended, prepare=False)
                await connection.execute(_RECORD, columns, prepare=False)
                await connection.execute(_FINISH, ended, prepare=False)
